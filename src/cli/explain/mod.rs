//! `orgwarden explain`: what an error of OAuth, a condition behind one, or a rule means.

mod diagnosis;

use std::io::{self, IsTerminal as _, Read as _};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};

use self::diagnosis::DiagnosisArgs;
use super::rule_page;
use super::terminal::View;
use super::{Outcome, RuleChoice, setup};
use crate::access::errors::{self, Catalogue, Recognised, Suspect, catalogue};
use crate::diagnostic::did_you_mean;
use crate::inventory::flow::Flow;
use crate::inventory::oauth::PermittedUsers;
use crate::report::explain::{self, About, Answer, Condition, Explanation, Remedy, SCHEMA_ID, render};
use crate::rules::Entry;

/// Bytes of standard input that are read: an answer with its headers, or a good part of a log.
const LONGEST_INPUT: u64 = 1024 * 1024;

/// What to paste where an error is not known.
const WHAT_TO_PASTE: &str = "help: paste the whole answer of Salesforce, as {\"error\":…,\"error_description\":…}, the address of the error page, \
                             or the output of curl -i";

/// Explain an OAuth error, a condition behind one, or a rule.
///
/// With --app it says which of the conditions behind the error the app and the user meet, from files, a live org or a snapshot. Exit codes:
/// 0 explained; 2 nothing to explain, or no such id; 3 not in the catalogue of errors; with --app those of preflight.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  orgwarden explain '{\"error\":\"invalid_grant\",\"error_description\":\"inactive user\"}'\n  \
                        curl … | orgwarden explain\n  \
                        orgwarden explain \"user hasn't approved this consumer\" --app ERP_Sync --user erp@acme.example.com -o prod\n  \
                        orgwarden explain refresh-token-scope-missing"
)]
pub(super) struct ExplainArgs {
    /// A rule's id, a condition's id, or an error as it was received: JSON, the address of an error page, the output of curl, the code or
    /// the description [default: standard input, as with -].
    ///
    /// It may hold tokens and secrets; they are not printed.
    what: Option<String>,
    #[command(flatten)]
    diagnosis: DiagnosisArgs,
    #[command(flatten)]
    rules: RuleChoice,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Text, value_enum, help_heading = "Output")]
    format: Format,
}

/// Formats of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A page to read.
    Text,
    /// For programs.
    Json,
}

pub(super) fn run(args: &ExplainArgs, view: &View<'_>) -> Result<Outcome> {
    args.diagnosis.check()?;
    let Some(what) = what(args.what.as_deref())? else {
        view.error("there is nothing to explain");
        view.note("help: give an error, the id of a rule or the id of a condition, or pipe an error in");
        return Ok(Outcome::Misuse);
    };
    let what = what.trim();
    let catalogue = catalogue()?;
    if is_id(what)
        && args.diagnosis.app().is_none()
        && let Some(outcome) = explain_id(what, catalogue, args, view)?
    {
        return Ok(outcome);
    }
    let recognised = catalogue.recognise(what);
    let known = recognised.known;
    let nearest = recognised.nearest;
    let mut explanation = of_error(recognised);
    if let (true, Some(app)) = (known, args.diagnosis.app()) {
        return match diagnosis::of(app, &explanation, &args.diagnosis, view)? {
            Ok(found) => {
                explanation.apps = found.apps;
                print(&explanation, args.format, view)?;
                Ok(found.outcome)
            }
            Err(outcome) => Ok(outcome),
        };
    }
    if known || args.format == Format::Json || explanation.error.is_some() || explanation.description.is_some() {
        print(&explanation, args.format, view)?;
    }
    if known {
        return Ok(Outcome::Clean);
    }
    view.error("this is not in the catalogue of errors");
    if let Some(nearest) = nearest {
        view.note(&format!("help: did you mean `{nearest}`?"));
    }
    view.note(WHAT_TO_PASTE);
    Ok(Outcome::Incomplete)
}

/// The argument, or else what is piped in. `None` where there is nothing but white space, or a terminal that nobody typed at.
fn what(argument: Option<&str>) -> Result<Option<String>> {
    let text = match argument {
        Some(text) if text != "-" => text.to_owned(),
        None if io::stdin().is_terminal() => return Ok(None),
        _ => {
            let mut bytes = Vec::new();
            io::stdin().lock().take(LONGEST_INPUT).read_to_end(&mut bytes).context("cannot read standard input")?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    Ok((!text.trim().is_empty()).then_some(text))
}

/// Whether a text is written as ids of rules and conditions are, and as no error is: lower-case words with hyphens between them.
fn is_id(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    text.contains('-') && text.split('-').all(is_word)
}

/// The page of an id. `None` where none is like it: it may be anything, so it is not told either.
fn explain_id(id: &str, catalogue: &Catalogue, args: &ExplainArgs, view: &View<'_>) -> Result<Option<Outcome>> {
    let Some(rules) = setup::rules(&args.rules, view) else { return Ok(Some(Outcome::Misuse)) };
    let (rule, condition) = (rules.get(id), catalogue.get(id));
    if rule.is_none() && condition.is_none() {
        let ids = rules
            .entries()
            .map(|entry| entry.info().id.as_str())
            .chain(catalogue.conditions().iter().map(|condition| condition.id.as_str()));
        let Some(near) = did_you_mean(id, ids) else { return Ok(None) };
        view.error(&format!("there is no rule and no condition `{id}`"));
        view.note(&format!("help: did you mean `{near}`?"));
        return Ok(Some(Outcome::Misuse));
    }
    match args.format {
        Format::Json => view.json(&of_id(rule, condition))?,
        Format::Text => {
            let rule = rule.map(|rule| rule_page::page(rule, view.out_style));
            let condition = condition.map(|condition| render(&of_id(None, Some(condition)), view.out_style));
            print_text(&[rule, condition].into_iter().flatten().collect::<Vec<_>>().join("\n"), view)?;
        }
    }
    Ok(Some(Outcome::Clean))
}

fn print(explanation: &Explanation, format: Format, view: &View<'_>) -> Result<()> {
    match format {
        Format::Text => print_text(&render(explanation, view.out_style), view),
        Format::Json => view.json(explanation),
    }
}

fn print_text(text: &str, view: &View<'_>) -> Result<()> {
    view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
}

/// The explanation of an error. Its conditions come in the order of the suspects: who knows more than the text can change it.
fn of_error(recognised: Recognised<'_>) -> Explanation {
    let answers = || recognised.suspects.iter().filter_map(|suspect| Some((suspect.condition, suspect.answer?)));
    let gives = |flow: &Flow| answers().any(|(condition, answer)| condition.flows_of(answer).any(|other| other == *flow));
    let mut places: Vec<&'static str> = Vec::new();
    for (_, answer) in answers() {
        if !places.contains(&answer.place.as_str()) {
            places.push(answer.place.as_str());
        }
    }
    let flows = Flow::ALL.iter().copied().filter(gives).map(flow).collect();
    Explanation {
        known: recognised.known,
        nearest: recognised.nearest.map(str::to_owned),
        places: if recognised.known { places } else { Vec::new() },
        flows: if recognised.known { flows } else { Vec::new() },
        conditions: recognised.suspects.iter().map(suspected).collect(),
        error: recognised.error,
        description: recognised.description,
        ..nothing(About::Error)
    }
}

fn suspected(suspect: &Suspect<'_>) -> Condition {
    let condition = told(suspect.condition);
    Condition { confidence: Some(suspect.confidence.as_str()), basis: suspect.basis.to_owned(), ..condition }
}

/// What has an id. A rule can have the id of the condition it warns of.
fn of_id(rule: Option<Entry<'_>>, condition: Option<&errors::Condition>) -> Explanation {
    let condition = condition.map(told);
    let about = if rule.is_some() { About::Rule } else { About::Condition };
    Explanation {
        flows: condition.as_ref().map(|condition| condition.flows.clone()).unwrap_or_default(),
        conditions: condition.into_iter().collect(),
        rule: rule.map(rule_page::as_json),
        ..nothing(about)
    }
}

/// An explanation that has not said anything yet.
const fn nothing(about: About) -> Explanation {
    Explanation {
        schema: SCHEMA_ID,
        about,
        known: true,
        error: None,
        description: None,
        nearest: None,
        places: Vec::new(),
        flows: Vec::new(),
        conditions: Vec::new(),
        apps: Vec::new(),
        rule: None,
    }
}

/// A condition as the catalogue has it.
fn told(condition: &errors::Condition) -> Condition {
    let answer = |answer: &errors::Answer| Answer {
        flows: condition.flows_of(answer).map(flow).collect(),
        permitted_users: answer.permitted_users.map(PermittedUsers::as_str),
        place: answer.place.as_str(),
        error: answer.error.clone(),
        description: answer.description.clone(),
        confidence: answer.confidence.as_str(),
        basis: answer.basis.clone(),
    };
    let remedy = |remedy: &errors::Remedy| Remedy {
        id: remedy.id.clone(),
        title: remedy.title.clone(),
        setup: remedy.setup.clone(),
        setup_external_client_app: remedy.setup_external_client_app.clone(),
        connected_app: remedy.connected_app.clone(),
        external_client_app: remedy.external_client_app.clone(),
    };
    Condition {
        id: condition.id.clone(),
        title: condition.title.clone(),
        meaning: condition.meaning.clone(),
        confidence: None,
        basis: condition.basis.clone(),
        confirm: condition.confirm.clone(),
        flows: Flow::ALL.iter().copied().filter(|flow| condition.is_met_by(*flow)).map(flow).collect(),
        answers: condition.answers.iter().map(answer).collect(),
        remedies: condition.remedies.iter().map(remedy).collect(),
        references: condition.references.clone(),
    }
}

fn flow(flow: Flow) -> explain::Flow {
    explain::Flow { id: flow.as_str(), title: flow.title() }
}
