//! The `fix` of a rule file: every step is held against the tables of metadata types.

use super::super::file::{FixEntry, StepEntry};
use super::super::fix::{Action, Fix, Risk, Step, Target, Value, holds_scopes, is_list};
use super::super::schema::{SubjectKind, Type};
use super::super::{Condition, facts};
use super::{About, Validator};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::inventory::oauth::KnownScope;
use crate::metadata::{ComplexType, ElementType, Kind};
use crate::source::yaml::{Spanned, locate};

impl Validator<'_> {
    pub(super) fn fix(&mut self, written: &Spanned<FixEntry>, about: About) -> Option<Fix> {
        let entry = &written.value;
        let risk = match (&entry.safe, &entry.not_safe) {
            (Some(why), None) => Some(Risk::Safe(self.reason("safe", why))),
            (None, Some(what)) => Some(Risk::Unsafe(self.reason("unsafe", what))),
            (Some(_), Some(both)) => self.refuse_step(both, "a fix is `safe` or `unsafe`: give one of them"),
            (None, None) => self.refuse_step(
                written,
                "a fix says why it is `safe`, because it cannot break what works, or `unsafe`, and what it can break",
            ),
        };
        let lists = [&entry.connected_app, &entry.external_client_app, &entry.org];
        if lists.iter().all(|steps| steps.is_empty()) {
            self.refuse(written, "a fix has steps: `connected-app`, `external-client-app` or `org`");
        }
        let steps = Target::ALL.map(|target| {
            let [connected_app, external_client_app, org] = lists;
            let steps = match target {
                Target::ConnectedApp => connected_app,
                Target::ExternalClientApp => external_client_app,
                Target::Org => org,
            };
            let steps: Vec<Option<Step>> = steps.iter().map(|step| self.step(step, target, about)).collect();
            steps.into_iter().collect::<Option<Vec<Step>>>()
        });
        let [Some(connected_app), Some(external_client_app), Some(org)] = steps else { return None };
        let needs = entry.needs.as_ref().map(|needs| self.reason("needs", needs));
        Some(Fix { risk: risk?, needs, steps: [connected_app, external_client_app, org] })
    }

    fn reason(&mut self, key: &str, written: &Spanned<String>) -> String {
        self.not_empty(key, written);
        written.value.trim().to_owned()
    }

    fn step(&mut self, written: &Spanned<StepEntry>, target: Target, about: About) -> Option<Step> {
        let wanted = if target == Target::Org { SubjectKind::Org } else { SubjectKind::App };
        if about.subject != wanted {
            let title = format!("the rule is about {}, which has no `{}` to change", about.subject.as_str(), target.as_str());
            return self.refuse_step(written, title);
        }
        let entry = &written.value;
        let given = [(Action::Set, &entry.set), (Action::Add, &entry.add), (Action::Remove, &entry.remove)];
        let mut given = given.into_iter().filter_map(|(action, path)| Some((action, path.as_ref()?)));
        let (Some((action, path)), None) = (given.next(), given.next()) else {
            return self.refuse_step(written, "a step has one of `set`, `add` and `remove`, with the path of an element");
        };
        let holder = self.holder(entry, target, written);
        let when = match &entry.when {
            Some(when) if self.is_tested() => Some(Some(Condition::deferred(&when.value, &about.scope(None, None)))),
            Some(when) => Some(self.condition(when, about, &mut Vec::new())),
            None => None,
        };
        let holder = holder?;
        let element = self.element(path, holder)?;
        self.allowed(action, path, element);
        let value = self.value(written, action, about)?;
        if let (Value::Text(_), Some(text)) = (&value, entry.to.as_ref().or(entry.value.as_ref())) {
            self.literal(text, path, element);
        }
        Some(Step { holder, action, path: path.value.clone(), value, when: when.map_or(Some(None), |when| when.map(Some))? })
    }

    /// The metadata type that a step changes. A connected app has but one.
    fn holder(&mut self, entry: &StepEntry, target: Target, step: &Spanned<StepEntry>) -> Option<&'static ComplexType> {
        let types = target.types();
        let Some(written) = &entry.holder else {
            return match types {
                [only] => Some(only),
                _ => self.refuse_step(step, "the key `in` is missing: the metadata type that has the element"),
            };
        };
        if let Some(ty) = types.iter().find(|ty| ty.name == written.value) {
            return Some(ty);
        }
        let names = || types.iter().map(|ty| ty.name);
        let help = did_you_mean(&written.value, names()).map_or_else(
            || format!("it can be one of: {}", names().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let title = format!("no metadata type `{}` is changed for `{}`", written.value, target.as_str());
        self.problems.push(Diagnostic::error(title).at(locate(self.text, written)).help(help));
        None
    }

    fn element(&mut self, path: &Spanned<String>, holder: &'static ComplexType) -> Option<&'static ElementType> {
        if let Some(element) = holder.at(&path.value) {
            return Some(element);
        }
        let diagnostic = Diagnostic::error(format!("{} has no element `{}`", holder.name, path.value)).at(locate(self.text, path));
        self.problems.push(match did_you_mean(&path.value, paths(holder, "").iter().map(String::as_str)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        });
        None
    }

    fn allowed(&mut self, action: Action, path: &Spanned<String>, element: &ElementType) {
        let holds_elements = matches!(element.kind, Kind::Complex(_));
        match action {
            Action::Set | Action::Add if holds_elements => {
                self.refuse(path, format!("`{}` holds elements; name one of them", path.value));
            }
            Action::Set if is_list(&path.value, element) => {
                self.refuse(path, format!("`{}` can have several entries: use `add` and `remove`", path.value));
            }
            Action::Add if !is_list(&path.value, element) => {
                self.refuse(path, format!("`{}` occurs once: use `set`", path.value));
            }
            _ => {}
        }
    }

    fn value(&mut self, step: &Spanned<StepEntry>, action: Action, about: About) -> Option<Value> {
        let StepEntry { to, value, each, .. } = &step.value;
        match (action, to, value, each) {
            (Action::Set, Some(text), None, None) | (Action::Add | Action::Remove, None, Some(text), None) => {
                self.message(text, about).map(Value::Text)
            }
            (Action::Add | Action::Remove, None, None, Some(fact)) => self.each(fact, about),
            (Action::Remove, None, None, None) => Some(Value::Any),
            (Action::Set, ..) => self.refuse_step(step, "`set` goes with `to`, the text the element gets"),
            (Action::Add, ..) => self.refuse_step(step, "`add` goes with `value`, a text, or with `each`, a fact that is a list"),
            (Action::Remove, ..) => self.refuse_step(
                step,
                "`remove` goes with `value`, a text, with `each`, a fact that is a list, or with neither to take the element away",
            ),
        }
    }

    fn each(&mut self, written: &Spanned<String>, about: About) -> Option<Value> {
        let Some(fact) = facts::find(&written.value).filter(|fact| about.subject.can_read(fact.path)) else {
            let (title, help) = super::no_such_fact(&written.value, about.subject);
            self.problems.push(Diagnostic::error(title).at(locate(self.text, written)).help(help));
            return None;
        };
        match fact.ty {
            Type::Texts | Type::Scopes | Type::Choices(_) => Some(Value::Each(fact.path)),
            _ => self.refuse_step(written, format!("`each` is for lists of texts, and `{}` is none", fact.path)),
        }
    }

    /// A text that is the same for every subject must be one the element can have.
    fn literal(&mut self, written: &Spanned<String>, path: &Spanned<String>, element: &ElementType) {
        let text = written.value.as_str();
        if text.contains(['{', '}']) {
            return;
        }
        let problem = match element.kind {
            _ if holds_scopes(&path.value) => {
                let is_name = |scope: &KnownScope| scope.name() == text || scope.metadata == text;
                let known =
                    KnownScope::from_any_name(text).is_some_and(is_name) || KnownScope::from_metadata(text).is_some_and(is_name);
                (!known).then(|| format!("`{text}` is no scope that this version knows, by its OAuth name or the word of metadata"))
            }
            Kind::Bool if !matches!(text, "true" | "false") => Some(format!("`{}` is true or false", path.value)),
            Kind::Int if text.parse::<i64>().is_err() => Some(format!("`{}` is a whole number", path.value)),
            Kind::Enum(words) if !words.contains(&text) => {
                Some(format!("`{text}` is not a value of `{}`; it can be one of: {}", path.value, words.join(", ")))
            }
            _ => None,
        };
        if let Some(problem) = problem {
            self.refuse(written, problem);
        }
    }

    fn refuse_step<T, R>(&mut self, place: &Spanned<T>, title: impl Into<String>) -> Option<R> {
        self.refuse(place, title);
        None
    }
}

/// The paths of all elements of a type.
fn paths(ty: &'static ComplexType, parent: &str) -> Vec<String> {
    let of = |element: &'static ElementType| {
        let path = format!("{parent}{}", element.name);
        let mut all = match element.kind {
            Kind::Complex(inner) => paths(inner, &format!("{path}/")),
            _ => Vec::new(),
        };
        all.push(path);
        all
    };
    ty.elements.iter().flat_map(of).collect()
}
