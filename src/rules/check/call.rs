//! Operators and functions.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};
use regex::RegexBuilder;

use super::{Checker, Ty, words};
use crate::diagnostic::did_you_mean;
use crate::rules::functions::FUNCTIONS;

/// Largest compiled form of a pattern, in bytes: plenty for what rules need, too little to hurt.
const PATTERN_LIMIT: usize = 1 << 20;

impl Checker<'_> {
    pub(super) fn call(&mut self, expr: &IdedExpr, call: &CallExpr) -> Ty {
        match (call.func_name.as_str(), &call.target, call.args.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, None, [left, right]) => {
                self.expect(left, &Ty::Bool);
                self.expect(right, &Ty::Bool);
                Ty::Bool
            }
            (operators::LOGICAL_NOT, None, [operand]) => {
                self.expect(operand, &Ty::Bool);
                Ty::Bool
            }
            (operators::CONDITIONAL, None, [condition, yes, no]) => {
                self.expect(condition, &Ty::Bool);
                self.same(expr, yes, no)
            }
            (operators::EQUALS | operators::NOT_EQUALS, None, [left, right]) => {
                self.same(expr, left, right);
                Ty::Bool
            }
            (operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS, None, [left, right]) => {
                self.order(expr, left, right)
            }
            (operators::IN, None, [element, list]) => self.contains(expr, element, list),
            (operators::ADD | operators::SUBSTRACT | operators::MULTIPLY, None, [left, right]) => {
                self.arithmetic(&call.func_name, left, right)
            }
            (operators::NEGATE, None, [operand]) => {
                self.expect(operand, &Ty::Int);
                Ty::Int
            }
            (operators::DIVIDE | operators::MODULO, ..) => self.unsupported(expr, "division"),
            (operators::INDEX, ..) => {
                let help = "look at the elements: `.exists(x, …)`, `.all(x, …)`".to_owned();
                self.refuse(self.places.of(expr), "conditions do not support indexing of lists", Some(help))
            }
            ("size", None, [of]) => self.size(of),
            ("size", Some(of), []) => self.size(of),
            (name, target, arguments) => self.function(expr, name, target.as_deref(), arguments),
        }
    }

    /// Two expressions whose values are compared, or of which one is chosen.
    fn same(&mut self, expr: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Ty {
        let (left_ty, right_ty) = (self.value(left), self.value(right));
        if !left_ty.fits(&right_ty) {
            return self.refuse(self.places.of(expr), format!("one side is {left_ty}, the other {right_ty}"), None);
        }
        self.words(&left_ty, right);
        self.words(&right_ty, left);
        left_ty.join(right_ty)
    }

    fn order(&mut self, expr: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Ty {
        let (left_ty, right_ty) = (self.value(left), self.value(right));
        let ordered = |ty: &Ty| matches!(ty, Ty::Int | Ty::Text | Ty::Any);
        if !left_ty.fits(&right_ty) {
            self.refuse(self.places.of(expr), format!("one side is {left_ty}, the other {right_ty}"), None);
        } else if !ordered(&left_ty) || !ordered(&right_ty) {
            let which = if ordered(&left_ty) { &right_ty } else { &left_ty };
            self.refuse(self.places.of(expr), format!("only numbers and dates have an order; this is {which}"), None);
        }
        Ty::Bool
    }

    fn contains(&mut self, expr: &IdedExpr, element: &IdedExpr, list: &IdedExpr) -> Ty {
        let (element_ty, list_ty) = (self.value(element), self.value(list));
        match &list_ty {
            Ty::Any => {}
            Ty::List(inner) if inner.fits(&element_ty) => {
                self.words(inner, element);
                self.words(&Ty::List(Box::new(element_ty)), list);
            }
            Ty::List(_) => {
                self.refuse(self.places.of(expr), format!("{list_ty} never holds {element_ty}"), None);
            }
            other => {
                let help = other.is_text().then(|| "to look into a text, use `TEXT.contains(\"…\")`".to_owned());
                self.refuse(self.places.of(expr), format!("`in` needs a list on its right; it has {other}"), help);
            }
        }
        Ty::Bool
    }

    fn arithmetic(&mut self, operator: &str, left: &IdedExpr, right: &IdedExpr) -> Ty {
        if operator != operators::ADD {
            self.expect(left, &Ty::Int);
            self.expect(right, &Ty::Int);
            return Ty::Int;
        }
        let ty = self.value(left);
        if matches!(ty, Ty::Bool | Ty::Object(_)) {
            return self.refuse(self.places.extent(left), format!("{ty} cannot be added to"), None);
        }
        self.expect(right, &ty);
        if ty.is_text() && ty != Ty::Any { Ty::Text } else { ty }
    }

    fn size(&mut self, of: &IdedExpr) -> Ty {
        let ty = self.value(of);
        if ty.element().is_none() && !ty.is_text() {
            self.refuse(self.places.extent(of), format!("`size` needs a list or a text; it has {ty}"), None);
        }
        Ty::Int
    }

    fn function(&mut self, expr: &IdedExpr, name: &str, target: Option<&IdedExpr>, arguments: &[IdedExpr]) -> Ty {
        match (name, target, arguments) {
            ("startsWith" | "endsWith" | "contains", Some(target), [argument]) => {
                self.text_target(name, target);
                self.expect(argument, &Ty::Text);
                Ty::Bool
            }
            ("lowerAscii", Some(target), []) => {
                self.text_target(name, target);
                Ty::Text
            }
            ("matches", Some(target), [pattern]) => {
                self.text_target(name, target);
                self.pattern(pattern);
                Ty::Bool
            }
            _ => {
                let (title, help) = match FUNCTIONS.iter().find(|function| function.name == name) {
                    Some(function) => {
                        (format!("`{name}` is not written like this"), Some(format!("it is written `{}`", function.usage)))
                    }
                    None => (format!("there is no function `{name}`"), Some(suggest_function(name))),
                };
                self.refuse(self.places.of(expr), title, help)
            }
        }
    }

    fn text_target(&mut self, name: &str, target: &IdedExpr) {
        let ty = self.value(target);
        if !ty.is_text() {
            let list = matches!(ty, Ty::List(_)) && name == "contains";
            let help = list.then(|| "to look for an element, use `… in LIST`".to_owned());
            self.refuse(self.places.extent(target), format!("`{name}` needs a text; it has {ty}"), help);
        }
    }

    fn pattern(&mut self, pattern: &IdedExpr) {
        let range = self.places.extent(pattern);
        let Expr::Literal(LiteralValue::String(text)) = &pattern.expr else {
            self.refuse(range, "the pattern of `matches` must be a text in quotes", None);
            return;
        };
        match RegexBuilder::new(text.inner()).size_limit(PATTERN_LIMIT).build() {
            Ok(regex) => self.patterns.push((text.inner().to_owned(), regex)),
            Err(error) => {
                // The first lines of a syntax error repeat the pattern with a caret, which only works in a fixed-width block.
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned();
                self.refuse(range, format!("not a regular expression: {reason}"), None);
            }
        }
    }

    /// Checks the literals in `other`, which is compared with something of type `ty`.
    fn words(&mut self, ty: &Ty, other: &IdedExpr) {
        match (&other.expr, ty) {
            (Expr::Literal(LiteralValue::String(text)), _) => {
                if let Some((title, help)) = words::refuse(ty, text.inner()) {
                    self.refuse(self.places.of(other), title, help);
                }
            }
            (Expr::List(list), Ty::List(element)) => {
                for literal in &list.elements {
                    self.words(element, literal);
                }
            }
            _ => {}
        }
    }
}

fn suggest_function(name: &str) -> String {
    let near = did_you_mean(name, FUNCTIONS.iter().map(|function| function.name));
    let all = || FUNCTIONS.iter().map(|function| function.name).collect::<Vec<_>>().join(", ");
    near.map_or_else(|| format!("there are: {}", all()), |near| format!("did you mean `{near}`?"))
}
