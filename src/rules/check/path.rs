//! Names: variables, facts and fields.

use std::ops::Range;

use cel::common::ast::{Expr, IdedExpr, SelectExpr};

use super::{Checker, Guard, Ty, not_of_source};
use crate::diagnostic::did_you_mean;
use crate::rules::facts;
use crate::rules::schema::{FactType, Field, SubjectKind};

impl Checker<'_> {
    pub(super) fn name(&mut self, expr: &IdedExpr, name: &str) -> Ty {
        if let Some((_, ty)) = self.variables.iter().rev().find(|(variable, _)| variable == name) {
            return ty.clone();
        }
        if self.roots.contains(&name) {
            return Ty::Group(name.to_owned());
        }
        let elsewhere = SubjectKind::ALL.iter().any(|kind| kind.roots().contains(&name));
        let known = self.variables.iter().map(|(variable, _)| variable.as_str()).chain(self.roots.iter().copied());
        let (title, help) = if elsewhere {
            let can_read = known_names(self.roots.iter().copied());
            let help = format!("{can_read}; `{name}` is for rules with `applies-to: {}`", subjects_with(name));
            (format!("this rule is about something else and has no `{name}`"), help)
        } else {
            let title = format!("there is no `{name}`");
            let near = did_you_mean(name, known.clone()).or_else(|| ending_in(name, self.roots).map(|fact| fact.path));
            let help = near.map_or_else(|| known_names(known), |near| format!("did you mean `{near}`?"));
            (title, help)
        };
        self.refuse(self.places.of(expr), title, Some(help))
    }

    pub(super) fn select(&mut self, select: &SelectExpr) -> Ty {
        if let Some((place, title, help)) = self.without_root(select) {
            return self.refuse(place, title, Some(help));
        }
        match self.any(&select.operand) {
            Ty::Any => Ty::Any,
            Ty::Group(group) => self.fact(select, &group),
            Ty::Object(fields) => self.object_field(select, fields),
            other => {
                let help = matches!(other, Ty::List(_)).then(|| "look at its elements: `.exists(x, …)`, `.all(x, …)`".to_owned());
                self.refuse(self.places.field(select), format!("{other} has no fields, so no `{}`", select.field), help)
            }
        }
    }

    /// What to say of a chain of names that begins with no root, where it is the end of a fact's path: where, what, and which fact is meant.
    fn without_root(&self, select: &SelectExpr) -> Option<(Range<usize>, String, String)> {
        let mut first = &select.operand;
        while let Expr::Select(outer) = &first.expr {
            first = &outer.operand;
        }
        let Expr::Ident(root) = &first.expr else { return None };
        if self.roots.contains(&root.as_str()) || self.variables.iter().any(|(variable, _)| variable == root) {
            return None;
        }
        let place = self.places.of(first);
        let path = self.places.text.get(place.start..self.places.field(select).end)?;
        let fact = ending_in(path, self.roots)?;
        Some((place, format!("there is no `{root}`"), format!("did you mean `{}`?", fact.path)))
    }

    fn fact(&mut self, select: &SelectExpr, group: &str) -> Ty {
        let path = format!("{group}.{}", select.field);
        if let Some(fact) = facts::find(&path) {
            self.facts.insert(fact.path);
            if let Some((title, help)) = not_of_source(fact, self.source) {
                return self.refuse(self.places.field(select), title, Some(help));
            }
            return self.read(select, fact.optional, Guard::Fact(fact.path), &path, fact.ty.into());
        }
        if facts::is_group(&path) {
            if select.test {
                return self.nothing_to_ask(select, &path);
            }
            return Ty::Group(path);
        }
        let mut names: Vec<&str> = facts::types().filter_map(|fact| below(fact.path, group)).map(first_segment).collect();
        names.dedup();
        // Of two names equally near, the one that begins alike is meant: `oath` is `oauth`, not `path`.
        let begins = |name: &str| name.chars().next();
        names.sort_by_key(|name| begins(name) != begins(&select.field));
        let help = did_you_mean(&select.field, names.iter().copied()).map(|near| format!("did you mean `{near}`?")).or_else(|| {
            let wanted = facts::types()
                .find(|fact| self.roots.contains(&first_segment(fact.path)) && last_segment(fact.path) == select.field);
            wanted.map(|fact| format!("did you mean `{}`?", fact.path))
        });
        let help = help.unwrap_or_else(|| format!("`{group}` has: {}", names.join(", ")));
        self.refuse(self.places.field(select), format!("there is no fact `{path}`"), Some(help))
    }

    fn object_field(&mut self, select: &SelectExpr, fields: &'static [Field]) -> Ty {
        let names = || fields.iter().map(|field| field.name);
        let Some(field) = fields.iter().find(|field| field.name == select.field) else {
            let help = did_you_mean(&select.field, names()).map_or_else(
                || format!("it has: {}", names().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return self.refuse(self.places.field(select), format!("the elements have no field `{}`", select.field), Some(help));
        };
        self.read(select, field.optional, Guard::Field(field), field.name, field.ty.into())
    }

    /// The type of something that is there, or perhaps not.
    fn read(&mut self, select: &SelectExpr, optional: bool, guard: Guard, name: &str, ty: Ty) -> Ty {
        match (select.test, optional) {
            (true, true) => {
                self.guards.push(guard);
                Ty::Bool
            }
            (true, false) => self.nothing_to_ask(select, name),
            (false, true) => {
                let field = self.places.field(select);
                let whole = self.places.extent(&select.operand).start..field.end;
                self.optional_reads.push((guard, field, whole));
                ty
            }
            (false, false) => ty,
        }
    }

    fn nothing_to_ask(&mut self, select: &SelectExpr, name: &str) -> Ty {
        let title = format!("`has()` asks nothing here: `{name}` is always there");
        self.refuse(self.places.field(select), title, None)
    }
}

/// What to say of a path that is no fact of a subject, and what to do about it.
pub(in crate::rules) fn no_such_fact(path: &str, subject: SubjectKind) -> (String, String) {
    let own = || facts::types().filter(|fact| subject.can_read(fact.path));
    if facts::find(path).is_some() {
        let title = format!("this rule is about something else and has no fact `{path}`");
        return (title, format!("rules with `applies-to: {}` can read it", subjects_with(first_segment(path))));
    }
    if facts::is_group(path) && subject.can_read(path) {
        return (format!("`{path}` is a group of facts, not a fact"), facts_of_group(path));
    }
    let near = did_you_mean(path, own().map(|fact| fact.path));
    let near = near.or_else(|| ending_in(path, subject.roots()).map(|fact| fact.path));
    let near = near.or_else(|| own().find(|fact| last_segment(fact.path) == last_segment(path)).map(|fact| fact.path));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{}; `orgwarden facts --schema` lists all", known_names(subject.roots().iter().copied())),
    };
    (format!("there is no fact `{path}`"), help)
}

/// The first fact below these roots whose path ends so.
fn ending_in(path: &str, roots: &[&str]) -> Option<&'static FactType> {
    let ends = |fact: &&FactType| fact.path.strip_suffix(path).is_some_and(|group| group.ends_with('.'));
    facts::types().filter(|fact| roots.contains(&first_segment(fact.path))).find(ends)
}

/// What rules can be about that read facts below a root.
fn subjects_with(root: &str) -> String {
    let kinds = SubjectKind::ALL.iter().filter(|kind| kind.roots().contains(&root));
    kinds.map(|kind| kind.as_str()).collect::<Vec<_>>().join("` or `applies-to: ")
}

/// What to say where a group of facts stands in place of a value.
pub(super) fn facts_of_group(group: &str) -> String {
    let mut names: Vec<&str> = facts::types().filter_map(|fact| below(fact.path, group)).map(first_segment).collect();
    names.dedup();
    format!("it has: {}", names.join(", "))
}

fn known_names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    format!("it can read: {}", names.collect::<Vec<_>>().join(", "))
}

/// What is left of `path` below `group`.
fn below<'a>(path: &'a str, group: &str) -> Option<&'a str> {
    path.strip_prefix(group)?.strip_prefix('.')
}

fn first_segment(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

fn last_segment(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
