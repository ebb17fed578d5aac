//! Examples of a rule file: subjects made up, with the verdict the rule must give.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Verdict;
use super::check::no_such_fact;
use super::facts;
use super::file::{ExampleEntry, Node};
use super::schema::{FactType, Field, SubjectKind, Type};
use super::value::{FactSet, Item, ItemValue, Value};
use super::words::{severity_of, word};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::finding::Severity;
use crate::inventory::Fact;
use crate::source::yaml::{Spanned, locate};
use crate::source::{Location, SourceText};

/// Why an example's fact is unknown.
const UNKNOWN_IN_EXAMPLE: &str = "the example leaves it unknown";

/// A subject made up, and what the rule must say of it.
#[derive(Clone, Debug)]
pub struct Example {
    /// What is special about it.
    pub name: String,
    /// Where it is written.
    pub location: Location,
    /// The verdict the rule must give.
    pub verdict: Verdict,
    /// The severity a failure must have, where the example says.
    pub severity: Option<Severity>,
    /// The message a failure must have, where the example says.
    pub message: Option<String>,
    subject: SubjectKind,
    stated: BTreeMap<&'static str, Value>,
    unknown: Vec<&'static str>,
}

impl Example {
    /// All facts of the subject: those the example states, and the blank value of its type for every other.
    #[must_use]
    pub fn facts(&self) -> FactSet {
        let mut set = FactSet::default();
        for fact in facts_of(self.subject) {
            let value = self.stated.get(fact.path).cloned().unwrap_or_else(|| blank(fact.ty, fact.optional));
            set.insert(fact.path, Fact::known(value));
        }
        for path in &self.unknown {
            set.forget(path, UNKNOWN_IN_EXAMPLE);
        }
        set
    }

    /// Its lines of the rule file, without the indentation they share; nothing where it does not stand on lines of its own.
    #[must_use]
    pub fn as_written(&self) -> String {
        let Some(text) = self.location.text() else { return String::new() };
        let text = text.text();
        let at = self.location.span().start;
        let before = text.get(..at).unwrap_or_default();
        // The entry begins at the last dash that no line after it up to the name is less indented than.
        let start = before.lines().scan(0, |start, line| {
            let this = *start;
            *start += line.len() + 1;
            Some((this, line))
        });
        let Some((start, first)) = start.filter(|(_, line)| line.trim_start().starts_with("- ")).last() else {
            return String::new();
        };
        let indent = indentation(first);
        let entry = text.get(start..).unwrap_or_default();
        let rest = entry.lines().skip(1).take_while(|line| line.trim().is_empty() || indentation(line) > indent);
        let lines = entry.lines().take(1).chain(rest).map(|line| line.get(indent..).unwrap_or_default().trim_end());
        lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }
}

/// Spaces a line begins with.
fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Reads the examples of a rule about `subject`, adding their mistakes to `problems`.
pub(super) fn read_all(
    source: &Arc<SourceText>,
    entries: &[ExampleEntry],
    subject: SubjectKind,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Example> {
    entries.iter().filter_map(|entry| read(source, entry, subject, problems)).collect()
}

fn read(source: &Arc<SourceText>, entry: &ExampleEntry, subject: SubjectKind, problems: &mut Vec<Diagnostic>) -> Option<Example> {
    let mut reader = Reader { source, subject, stated: BTreeMap::new(), problems };
    if let Some(facts) = &entry.facts {
        reader.facts("", facts);
    }
    let unknown = entry.unknown.iter().filter_map(|path| reader.path(path)).map(|fact| fact.path).collect();
    let stated = reader.stated;
    let verdict = word(source, &entry.verdict, "verdict", &Verdict::ALL.map(|verdict| (verdict.as_str(), verdict)), problems);
    let severity = entry.severity.as_ref().and_then(|written| severity_of(source, written, problems));
    let failing = verdict.is_none_or(|verdict| verdict == Verdict::Fail);
    for (key, written) in [("severity", &entry.severity), ("message", &entry.message)] {
        if let (Some(written), false) = (written, failing) {
            let problem = Diagnostic::error(format!("only an example that fails has a `{key}`")).at(locate(source, written));
            problems.push(problem.help("leave it out, or write `verdict: fail`"));
        }
    }
    Some(Example {
        name: entry.name.value.clone(),
        location: locate(source, &entry.name),
        verdict: verdict?,
        severity,
        message: entry.message.as_ref().map(|written| written.value.trim_end().to_owned()),
        subject,
        stated,
        unknown,
    })
}

/// The facts a rule about `subject` can read.
pub(super) fn facts_of(subject: SubjectKind) -> impl Iterator<Item = &'static FactType> {
    facts::types().filter(move |fact| subject.can_read(fact.path))
}

/// What a fact or field is that nothing is said of.
pub(super) fn blank(ty: Type, optional: bool) -> Value {
    match ty {
        _ if optional => Value::Absent,
        Type::Bool => Value::Bool(false),
        Type::Int => Value::Int(0),
        Type::Text => "".into(),
        Type::Choice(words) => words.first().copied().unwrap_or_default().into(),
        Type::Texts | Type::Scopes | Type::Choices(_) | Type::Objects(_) => Value::List(Vec::new()),
    }
}

struct Reader<'a> {
    source: &'a Arc<SourceText>,
    subject: SubjectKind,
    stated: BTreeMap<&'static str, Value>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads facts below `prefix`; paths may be nested, dotted, or both.
    fn facts(&mut self, prefix: &str, node: &Spanned<Node>) {
        let Node::Map(entries) = &node.value else {
            if !matches!(node.value, Node::Null) {
                let what = if prefix.is_empty() {
                    "the facts of an example".to_owned()
                } else {
                    format!("`{prefix}` is a group of facts: its facts")
                };
                self.refuse(node, format!("{what} are written `path: value`"), None);
            }
            return;
        };
        for (key, value) in entries {
            let path = if prefix.is_empty() { key.value.clone() } else { format!("{prefix}.{}", key.value) };
            if let Some(fact) = self.fact(&path) {
                if let Some(value) = self.value(fact.path, fact.ty, value)
                    && self.stated.insert(fact.path, value).is_some()
                {
                    self.refuse(key, format!("`{path}` is given twice"), None);
                }
            } else if facts_of(self.subject).any(|fact| fact.path.strip_prefix(&path).is_some_and(|rest| rest.starts_with('.'))) {
                self.facts(&path, value);
            } else {
                self.no_such_fact(key, &path);
            }
        }
    }

    fn path(&mut self, written: &Spanned<String>) -> Option<&'static FactType> {
        let found = self.fact(&written.value);
        if found.is_none() {
            self.no_such_fact(written, &written.value);
        }
        found
    }

    fn fact(&self, path: &str) -> Option<&'static FactType> {
        facts::find(path).filter(|fact| self.subject.can_read(fact.path))
    }

    fn no_such_fact(&mut self, place: &Spanned<String>, path: &str) {
        let (title, help) = no_such_fact(path, self.subject);
        self.refuse(place, title, Some(help));
    }

    /// The value of a fact or field called `name`.
    fn value(&mut self, name: &str, ty: Type, node: &Spanned<Node>) -> Option<Value> {
        match (ty, &node.value) {
            (Type::Bool, Node::Bool(value)) => Some((*value).into()),
            (Type::Int, Node::Int(value)) => Some((*value).into()),
            (Type::Text, Node::Text(text)) => Some(text.as_str().into()),
            (Type::Choice(words), Node::Text(text)) => self.choice(words, text, node).then(|| text.as_str().into()),
            (Type::Texts | Type::Scopes | Type::Choices(_) | Type::Objects(_), Node::List(items)) => {
                let items: Vec<Option<Item>> = items.iter().map(|item| self.item(name, ty, item)).collect();
                items.into_iter().collect::<Option<Vec<_>>>().map(Value::List)
            }
            _ => {
                let wanted = match ty {
                    Type::Bool => "true or false",
                    Type::Int => "a whole number",
                    Type::Text | Type::Choice(_) => "a text (put it in quotes where YAML reads something else)",
                    Type::Texts | Type::Scopes | Type::Choices(_) => "a list of texts",
                    Type::Objects(_) => "a list of objects",
                };
                self.refuse(node, format!("`{name}` is {wanted}"), None);
                None
            }
        }
    }

    fn item(&mut self, name: &str, ty: Type, node: &Spanned<Node>) -> Option<Item> {
        let value = match (ty, &node.value) {
            (Type::Objects(fields), Node::Map(entries)) => ItemValue::Object(self.object(fields, entries)?),
            (Type::Texts | Type::Scopes, Node::Text(text)) => ItemValue::Text(text.as_str().into()),
            (Type::Choices(words), Node::Text(text)) => {
                if !self.choice(words, text, node) {
                    return None;
                }
                ItemValue::Text(text.as_str().into())
            }
            (Type::Objects(_), _) => {
                self.refuse(node, format!("the elements of `{name}` are objects: `{{field: value}}`"), None);
                return None;
            }
            _ => {
                self.refuse(node, format!("the elements of `{name}` are texts"), None);
                return None;
            }
        };
        Some(Item { value, origin: None })
    }

    fn object(
        &mut self,
        fields: &'static [Field],
        entries: &[(Spanned<String>, Spanned<Node>)],
    ) -> Option<BTreeMap<&'static str, Value>> {
        let mut object: BTreeMap<_, _> = fields.iter().map(|field| (field.name, blank(field.ty, field.optional))).collect();
        let mut complete = true;
        for (key, value) in entries {
            let Some(field) = fields.iter().find(|field| field.name == key.value) else {
                let near =
                    did_you_mean(&key.value, fields.iter().map(|field| field.name)).map(|near| format!("did you mean `{near}`?"));
                self.refuse(key, format!("there is no field `{}`", key.value), near);
                complete = false;
                continue;
            };
            match self.value(field.name, field.ty, value) {
                Some(value) => drop(object.insert(field.name, value)),
                None => complete = false,
            }
        }
        complete.then_some(object)
    }

    fn choice(&mut self, words: &[&'static str], text: &str, place: &Spanned<Node>) -> bool {
        let known = words.contains(&text);
        if !known {
            let help = match did_you_mean(text, words.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it can be one of: {}", words.join(", ")),
            };
            self.refuse(place, format!("unknown value `{text}`"), Some(help));
        }
        known
    }

    fn refuse<T>(&mut self, place: &Spanned<T>, title: String, help: Option<String>) {
        let problem = Diagnostic::error(title).at(locate(self.source, place));
        self.problems.push(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
    }
}
