//! The truth table of preflight: what the authorization reference says of each flow, for each combination of what matters.
//!
//! `tests/data/preflight/README.md` explains the files.
#![allow(dead_code, reason = "every test file uses a part of this")]

mod combination;
mod pattern;
mod reading;

use std::fs;
use std::path::{Path, PathBuf};

use orgwarden::access::errors::{Cause, Confidence};
use orgwarden::inventory::flow::Flow;

use combination::values;
pub(crate) use combination::{Approval, Assigned, Combination, Permitted, Refresh, Switch, User};
use pattern::Pattern;

/// What preflight must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) outcome: Outcome,
    /// All reasons to refuse, in the order of the steps; none unless refused.
    pub(crate) causes: Vec<Cause>,
    /// What nobody knows, in the order of the file; none unless that decides.
    pub(crate) undecided: Vec<Undecided>,
    /// What is most likely seen; none unless refused, or where no text was ever seen.
    pub(crate) answer: Option<Answer>,
    /// How sure the answer is, or the refusal where there is no answer; none unless refused.
    pub(crate) confidence: Option<Confidence>,
}

values! {
    /// What happens to a request.
    Outcome {
        Issue = "issue",
        Refuse = "refuse",
        CannotTell = "cannot-tell",
    }
}

values! {
    /// What nobody knows.
    Undecided {
        /// Whether Permitted Users is tested again for the user of a subject token.
        Access = "access",
        /// Whether an approval without a refresh token counts.
        Approval = "approval",
        /// Whether a muting permission set takes the assignment away.
        Muting = "muting",
        /// Whether the flow works although the app lacks the refresh scope now.
        RefreshScope = "refresh-scope",
        /// Whether the org's single sign-on admits the assertion.
        Sso = "sso",
    }
}

/// A literal answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// `error`: mostly one; where reports disagree, any of these is right.
    pub(crate) errors: Vec<String>,
    /// `error_description`
    pub(crate) description: String,
}

/// The file of a flow.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) flow: Flow,
    switches: &'static [Switch],
    causes: Vec<Line<Cause>>,
    undecided: Vec<Line<Undecided>>,
    answers: Vec<Line<Answered>>,
}

/// A line of a file, counted from 1.
#[derive(Clone, Debug)]
struct Line<T> {
    number: usize,
    says: T,
    when: Pattern,
}

/// What is seen when this is the first cause.
#[derive(Clone, Debug)]
struct Answered {
    first: Cause,
    answer: Option<Answer>,
    confidence: Confidence,
}

/// The folder of the files.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/preflight")
}

/// The tables of all flows, in the order of [`Flow::ALL`].
///
/// # Panics
///
/// If a file is missing or holds a mistake: with its name, the line and what is wrong.
pub(crate) fn tables() -> Vec<Table> {
    let read = |flow: &Flow| {
        let name = format!("{flow}.txt");
        let text = fs::read_to_string(folder().join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        Table::read(*flow, &text).unwrap_or_else(|message| panic!("{name}:{message}"))
    };
    Flow::ALL.iter().map(read).collect()
}

impl Table {
    /// Reads the text of a file. The error begins with the number of the line.
    pub(crate) fn read(flow: Flow, text: &str) -> Result<Self, String> {
        reading::read(flow, text)
    }

    /// All combinations of the flow.
    pub(crate) fn combinations(&self) -> Vec<Combination> {
        Combination::all(self.flow, self.switches)
    }

    /// All combinations of the flow with what is expected of each.
    ///
    /// # Panics
    ///
    /// If no line answers a combination that is refused.
    pub(crate) fn rows(&self) -> Vec<(Combination, Expected)> {
        let expected =
            |combination: Combination| (combination, self.expected(combination).unwrap_or_else(|error| panic!("{error}")));
        self.combinations().into_iter().map(expected).collect()
    }

    /// What is expected of a combination of the flow. It is an error if it is refused and no line says with which answer.
    pub(crate) fn expected(&self, combination: Combination) -> Result<Expected, String> {
        let mut causes = said(&self.causes, combination);
        causes.dedup();
        let mut expected = Expected { outcome: Outcome::Issue, causes, undecided: Vec::new(), answer: None, confidence: None };
        if let Some(first) = expected.causes.first() {
            let mut answers = self.answers.iter().filter(|line| line.says.first == *first && line.when.fits(combination));
            let answered = answers.next().ok_or_else(|| format!("{combination}: no line answers `{first}`"))?;
            expected.outcome = Outcome::Refuse;
            expected.answer.clone_from(&answered.says.answer);
            expected.confidence = Some(answered.says.confidence);
            return Ok(expected);
        }
        expected.undecided = said(&self.undecided, combination);
        if !expected.undecided.is_empty() {
            expected.outcome = Outcome::CannotTell;
        }
        Ok(expected)
    }

    /// The table with a bit less, for each bit: without a line, a condition or a value; with what is gone.
    pub(crate) fn with_less(&self) -> Vec<(String, Self)> {
        let mut all = less(&self.causes, |causes| Self { causes, ..self.clone() });
        all.extend(less(&self.undecided, |undecided| Self { undecided, ..self.clone() }));
        all.extend(less(&self.answers, |answers| Self { answers, ..self.clone() }));
        all
    }
}

/// What the lines say that are about a combination.
fn said<T: Copy>(lines: &[Line<T>], combination: Combination) -> Vec<T> {
    lines.iter().filter(|line| line.when.fits(combination)).map(|line| line.says).collect()
}

/// The lines without each of them, and with each having less of a condition.
fn less<T: Clone>(lines: &[Line<T>], table: impl Fn(Vec<Line<T>>) -> Table) -> Vec<(String, Table)> {
    let mut all = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let mut without = lines.to_vec();
        without.remove(index);
        all.push((format!("{}: the line", line.number), table(without)));
        for (gone, when) in line.when.with_less() {
            let mut narrower = lines.to_vec();
            narrower[index].when = when;
            all.push((format!("{}: {gone}", line.number), table(narrower)));
        }
    }
    all
}
