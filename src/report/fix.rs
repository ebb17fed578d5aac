//! What `fix` says: the changes as a unified diff, and what becomes of each finding.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::redact::{without_credentials, without_secrets};
use super::style::{ARROW, BOLD, DIM, ERROR, HELP, Style, hang, of_severity};
use super::untrusted;
use crate::finding::{Severity, Subject};

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// What there is to say.
#[derive(Clone, Debug, Default)]
pub struct Fixes {
    /// The files that are changed, in order of their paths.
    pub files: Vec<Changed>,
    /// What becomes of each finding.
    pub entries: Vec<Entry>,
    /// What the fixes bring, as rule and subject.
    pub brought: Vec<(String, Subject)>,
    /// Whether the files were written.
    pub written: bool,
}

/// A file that is changed.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Its path, as shown.
    pub path: String,
    /// As it is; none where it is made.
    pub before: Option<String>,
    /// As it is going to be.
    pub after: String,
}

/// What becomes of a finding.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// What becomes of it.
    pub state: State,
    /// Why it is safe, what it can break, or why it cannot be fixed.
    pub why: String,
}

/// What becomes of a finding. Ordered as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The fix cannot break what works.
    Safe,
    /// The fix can, and is wanted all the same.
    Unsafe,
    /// The fix can, and waits for `--unsafe`.
    HeldBack,
    /// There is no fix that can be made.
    Impossible,
}

/// The names of the subjects of each rule, the worst first.
type Rules<'a> = BTreeMap<(Reverse<Severity>, &'a str), Vec<&'a str>>;

impl Fixes {
    /// How many findings are in one of these states.
    #[must_use]
    pub fn count(&self, states: &[State]) -> usize {
        self.entries.iter().filter(|entry| states.contains(&entry.state)).count()
    }

    /// All of it for a terminal: credentials are hidden, and nothing in the files acts on the terminal.
    #[must_use]
    pub fn to_text(&self, style: Style) -> String {
        let mut out = String::new();
        for file in &self.files {
            push_diff(&mut out, file, style);
        }
        let (done, done_unsafe) = if self.written {
            ("Fixed", "Fixed, and can break what works")
        } else {
            ("Would be fixed", "Would be fixed, and can break what works")
        };
        self.push_section(&mut out, style, State::Safe, done);
        self.push_section(&mut out, style, State::Unsafe, done_unsafe);
        self.push_section(&mut out, style, State::HeldBack, "Held back, because the fix can break what works (--unsafe makes it)");
        self.push_section(&mut out, style, State::Impossible, "Cannot be fixed here");
        if !self.brought.is_empty() {
            let _ = writeln!(out, "{}", style.paint(BOLD, "New after the fixes"));
            for (rule, subject) in &self.brought {
                hang(&mut out, style, "  ", BOLD, &format!("{rule}: {}", name(subject)));
            }
            out.push('\n');
        }
        out
    }

    /// What has the same reason is said once, the worst first.
    fn push_section(&self, out: &mut String, style: Style, state: State, heading: &str) {
        let mut reasons: BTreeMap<&str, Rules<'_>> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| entry.state == state) {
            let rule = (Reverse(entry.severity), entry.rule.as_str());
            reasons.entry(&entry.why).or_default().entry(rule).or_default().push(name(&entry.subject));
        }
        if reasons.is_empty() {
            return;
        }
        let mut reasons: Vec<_> = reasons.into_iter().collect();
        reasons.sort_by(|(_, one), (_, other)| one.keys().cmp(other.keys()));
        let _ = writeln!(out, "{}", style.paint(BOLD, heading));
        for (why, rules) in reasons {
            for ((Reverse(severity), rule), names) in rules {
                let heading = format!("  {}: ", severity.as_str());
                hang(out, style, &heading, of_severity(severity), &format!("{rule}: {}", names.join(", ")));
            }
            hang(out, style, "    ", DIM, why);
        }
        out.push('\n');
    }

    /// A patch that `git apply` and `patch -p1` take, and the files that are left out of it, because a secret would be in it.
    #[must_use]
    pub fn to_patch(&self) -> (String, Vec<String>) {
        let (mut patch, mut left_out) = (String::new(), Vec::new());
        for file in &self.files {
            let before = file.before.as_deref().unwrap_or_default();
            let raw = unified(before, &file.after);
            if raw == unified(&without_secrets(before), &without_secrets(&file.after)) {
                let (old, new) = headers(file);
                let _ = write!(patch, "--- {old}\n+++ {new}\n{raw}");
            } else {
                left_out.push(file.path.clone());
            }
        }
        (patch, left_out)
    }
}

fn name(subject: &Subject) -> &str {
    if subject.path.is_empty() || subject.name == subject.path {
        &subject.name
    } else if subject.kind == crate::finding::ORG {
        &subject.path
    } else {
        &subject.name
    }
}

/// The names of a diff. A new file comes from nowhere.
fn headers(file: &Changed) -> (String, String) {
    let path = untrusted::line(file.path.trim_start_matches("./"));
    let old = if file.before.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    (old, format!("b/{path}"))
}

fn unified(before: &str, after: &str) -> String {
    lines(before, after).unified_diff().context_radius(CONTEXT).to_string()
}

/// The lines of two texts compared. A carriage return alone ends none, as for `git`.
fn lines<'a>(before: &'a str, after: &'a str) -> TextDiff<'a, 'a, str> {
    let of = |text: &'a str| text.split_inclusive('\n').collect::<Vec<_>>();
    TextDiff::configure().newline_terminated(true).diff_slices(&of(before), &of(after))
}

fn push_diff(out: &mut String, file: &Changed, style: Style) {
    let before = without_credentials(file.before.as_deref().unwrap_or_default());
    let after = without_credentials(&file.after);
    let (old, new) = headers(file);
    let _ = writeln!(out, "{}\n{}", style.paint(BOLD, &format!("--- {old}")), style.paint(BOLD, &format!("+++ {new}")));
    let diff = lines(&before, &after);
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        let _ = writeln!(out, "{}", style.paint(ARROW, &hunk.header().to_string()));
        for change in hunk.iter_changes() {
            let (sign, look) = match change.tag() {
                ChangeTag::Equal => (' ', DIM),
                ChangeTag::Delete => ('-', ERROR),
                ChangeTag::Insert => ('+', HELP),
            };
            let text = change.value().trim_end_matches(['\n', '\r']);
            // A tab at the beginning is indentation; anywhere else it is as foreign as any other control.
            let inner = text.trim_start_matches('\t');
            let line = format!("{sign}{}{}", "    ".repeat(text.len() - inner.len()), untrusted::line(inner));
            let _ = writeln!(out, "{}", style.paint(look, &line));
        }
    }
    out.push('\n');
}
