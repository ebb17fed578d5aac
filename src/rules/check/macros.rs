//! Recognising `exists`, `all` and their kin after the parser has expanded them.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

/// A macro as it was written.
pub(super) struct Macro<'a> {
    /// What it yields.
    pub(super) yields: Yields<'a>,
    /// The condition on each element, where it has one.
    pub(super) condition: Option<&'a IdedExpr>,
}

/// What a macro over a list yields.
pub(super) enum Yields<'a> {
    /// true or false: `exists`, `all`, `exists_one`.
    Bool,
    /// A list of what this expression is for each element: `map`, and `filter` with the element itself.
    ListOf(&'a IdedExpr),
}

/// The macro behind a comprehension; `None` for a form the standard macros do not make.
pub(super) fn recognise(comprehension: &ComprehensionExpr) -> Option<Macro<'_>> {
    let Expr::Call(step) = &comprehension.loop_step.expr else { return None };
    match (step.func_name.as_str(), step.args.as_slice(), &comprehension.accu_init.expr) {
        (operators::LOGICAL_OR | operators::LOGICAL_AND, [_, condition], _)
        | (operators::CONDITIONAL, [condition, _, _], Expr::Literal(LiteralValue::Int(_))) => {
            Some(Macro { yields: Yields::Bool, condition: Some(condition) })
        }
        (operators::CONDITIONAL, [condition, IdedExpr { expr: Expr::Call(add), .. }, _], _) => {
            Some(Macro { yields: Yields::ListOf(appended(add)?), condition: Some(condition) })
        }
        (operators::ADD, _, _) => Some(Macro { yields: Yields::ListOf(appended(step)?), condition: None }),
        _ => None,
    }
}

/// The `x` of `@result + [x]`.
fn appended(add: &CallExpr) -> Option<&IdedExpr> {
    match add.args.as_slice() {
        [_, IdedExpr { expr: Expr::List(list), .. }] => list.elements.first(),
        _ => None,
    }
}
