//! Recognising `exists`, `all` and their kin after the parser has expanded them.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

/// A macro as it was written.
pub(in crate::rules) struct Macro<'a> {
    /// What it yields.
    pub(in crate::rules) yields: Yields<'a>,
    /// The condition on each element, where it has one.
    pub(in crate::rules) condition: Option<&'a IdedExpr>,
}

/// What a macro over a list yields.
pub(in crate::rules) enum Yields<'a> {
    /// true or false: whether the condition holds for so many elements.
    Bool(Quantifier),
    /// A list of what this expression is for each element: `map`, and `filter` with the element itself.
    ListOf(&'a IdedExpr),
}

/// For how many elements of a list a condition must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Quantifier {
    /// `exists`.
    Some,
    /// `all`.
    All,
    /// `exists_one`.
    One,
}

/// The macro behind a comprehension; `None` for a form the standard macros do not make.
pub(in crate::rules) fn recognise(comprehension: &ComprehensionExpr) -> Option<Macro<'_>> {
    let Expr::Call(step) = &comprehension.loop_step.expr else { return None };
    match (step.func_name.as_str(), step.args.as_slice(), &comprehension.accu_init.expr) {
        (operators::LOGICAL_OR, [_, condition], _) => Some(quantified(Quantifier::Some, condition)),
        (operators::LOGICAL_AND, [_, condition], _) => Some(quantified(Quantifier::All, condition)),
        (operators::CONDITIONAL, [condition, _, _], Expr::Literal(LiteralValue::Int(_))) => {
            Some(quantified(Quantifier::One, condition))
        }
        (operators::CONDITIONAL, [condition, IdedExpr { expr: Expr::Call(add), .. }, _], _) => {
            Some(Macro { yields: Yields::ListOf(appended(add)?), condition: Some(condition) })
        }
        (operators::ADD, _, _) => Some(Macro { yields: Yields::ListOf(appended(step)?), condition: None }),
        _ => None,
    }
}

const fn quantified(quantifier: Quantifier, condition: &IdedExpr) -> Macro<'_> {
    Macro { yields: Yields::Bool(quantifier), condition: Some(condition) }
}

/// The `x` of `@result + [x]`.
fn appended(add: &CallExpr) -> Option<&IdedExpr> {
    match add.args.as_slice() {
        [_, IdedExpr { expr: Expr::List(list), .. }] => list.elements.first(),
        _ => None,
    }
}
