//! An explanation: what an error of OAuth, a condition behind it, or a rule means; for people, and for programs as `orgwarden/explain-v1`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::page::Page;
use super::preflight;
use super::style::{BOLD, DIM, HELP, Style, WARNING, hang};

/// What the key `schema` says.
pub const SCHEMA_ID: &str = "orgwarden/explain-v1";

/// With more conditions than this an error is explained by their titles only.
const MANY: usize = 6;

/// An explanation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// `orgwarden/explain-v1`.
    #[schemars(extend("const" = SCHEMA_ID))]
    pub schema: &'static str,
    /// What is explained.
    pub about: About,
    /// Whether it is known. Of an unknown error `conditions` are those with the same code.
    pub known: bool,
    /// `error`, as it was recognised; `null` where only a description was.
    pub error: Option<String>,
    /// `error_description`, as it was recognised.
    pub description: Option<String>,
    /// A known text or code that an unknown one may have been meant to be.
    pub nearest: Option<String>,
    /// Where the error arrives.
    pub places: Vec<&'static str>,
    /// The flows that give the error or can meet the condition.
    pub flows: Vec<Flow>,
    /// The conditions, the most likely first.
    pub conditions: Vec<Condition>,
    /// What preflight says of the apps that were asked about, in the flows that give the error; left out where none was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub apps: Vec<preflight::App>,
    /// The rule, as `orgwarden rules list --format json` has it.
    pub rule: Option<serde_json::Value>,
}

/// What is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// A pasted error.
    Error,
    /// A condition of the catalogue of errors.
    Condition,
    /// A rule; `conditions` then has the one of the same id, where there is one.
    Rule,
}

/// A flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Flow {
    /// Its word, such as `jwt-bearer`.
    pub id: &'static str,
    /// Salesforce's name of it.
    pub title: &'static str,
}

/// A condition under which Salesforce refuses a token, or what the token is for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Condition {
    /// Its id.
    pub id: String,
    /// The condition in a few words.
    pub title: String,
    /// What it means.
    pub meaning: String,
    /// How sure it is that the condition has this answer: `high`, `medium` or `low`; left out where no error was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<&'static str>,
    /// Why that is believed.
    pub basis: String,
    /// How to tell that it is this one.
    pub confirm: String,
    /// The flows that can meet it.
    pub flows: Vec<Flow>,
    /// What Salesforce answers.
    pub answers: Vec<Answer>,
    /// What to change.
    pub remedies: Vec<Remedy>,
    /// Public pages.
    pub references: Vec<String>,
}

/// A literal answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answer {
    /// The flows that get it.
    pub flows: Vec<Flow>,
    /// Permitted Users of the app that gets it; left out where it does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permitted_users: Option<&'static str>,
    /// Where it arrives.
    pub place: &'static str,
    /// `error`, or the text where no code was seen.
    pub error: String,
    /// `error_description`.
    pub description: Option<String>,
    /// How sure it is: `high`, `medium` or `low`.
    pub confidence: &'static str,
    /// Why it is believed.
    pub basis: String,
}

/// A change that ends a condition or is a step of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Remedy {
    /// Its id, the same under every condition.
    pub id: String,
    /// The change in a few words.
    pub title: String,
    /// Where and what in Setup, or at the client.
    pub setup: String,
    /// The same for External Client Apps, where it differs for them.
    pub setup_external_client_app: Option<String>,
    /// What the metadata of a connected app must say.
    pub connected_app: Option<String>,
    /// What the metadata of an External Client App must say.
    pub external_client_app: Option<String>,
}

/// The JSON Schema (2020-12) of an explanation.
#[must_use]
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Explanation>().to_value()
}

/// The page of an error or a condition.
#[must_use]
pub fn render(explanation: &Explanation, style: Style) -> String {
    match (explanation.about, explanation.conditions.as_slice()) {
        (About::Condition, [condition]) => condition_page(condition, style),
        _ => error_page(explanation, style),
    }
}

fn error_page(explanation: &Explanation, style: Style) -> String {
    let mut out = String::new();
    let said = in_words(explanation.error.as_deref(), explanation.description.as_deref());
    hang(&mut out, style, "", BOLD, &said);
    if !explanation.flows.is_empty() {
        out.push('\n');
        hang(&mut out, style, "Arrives: ", BOLD, &explanation.places.join(", or "));
        hang(&mut out, style, "Flows: ", BOLD, &titles(&explanation.flows));
    }
    if !explanation.apps.is_empty() {
        out.push('\n');
        push_apps(&mut out, explanation, style);
        return out;
    }
    let heading = match explanation.conditions.len() {
        0 => return out,
        _ if !explanation.known => "The code is known with other texts:",
        1 => "What is behind it:",
        _ => "What can be behind it, the most likely first:",
    };
    let _ = writeln!(out, "\n{}\n", style.paint(BOLD, heading));
    if explanation.conditions.len() > MANY || !explanation.known {
        push_titles(&mut out, explanation, style);
    } else {
        push_conditions(&mut out, &explanation.conditions, style);
    }
    out
}

/// What preflight says of the apps, and which conditions it did not find.
fn push_apps(out: &mut String, explanation: &Explanation, style: Style) {
    for app in &explanation.apps {
        out.push_str(&preflight::render(app, style));
        out.push('\n');
    }
    let found = |condition: &&Condition| {
        let forecasts = explanation.apps.iter().flat_map(|app| &app.forecasts);
        forecasts.flat_map(|forecast| &forecast.conditions).any(|failing| failing.id == condition.id)
    };
    let others: Vec<&Condition> = explanation.conditions.iter().filter(|condition| !found(condition)).collect();
    if !others.is_empty() {
        let _ = writeln!(out, "{}\n", style.paint(BOLD, "Also behind this error, and not found here:"));
        for condition in others {
            hang(out, style, "- ", DIM, &format!("{} [{}]", condition.title, condition.id));
            hang(out, style, "  Confirm: ", HELP, &condition.confirm);
        }
    }
}

/// A line or two for each condition, where whole explanations would be a wall.
fn push_titles(out: &mut String, explanation: &Explanation, style: Style) {
    let is_asked = |answer: &&Answer| explanation.error.as_ref().is_none_or(|error| answer.error == *error);
    for condition in &explanation.conditions {
        let text = condition.answers.iter().filter(is_asked).find_map(|answer| answer.description.as_deref());
        let text = text.map(|text| format!("\n\"{text}\"")).unwrap_or_default();
        hang(out, style, "- ", DIM, &format!("{} [{}]{text}", condition.title, condition.id));
    }
}

fn push_conditions(out: &mut String, conditions: &[Condition], style: Style) {
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, condition) in (1..).zip(conditions) {
        let number_shown = format!("{number}. ");
        hang(out, style, &number_shown, BOLD, &format!("{} [{}]", condition.title, condition.id));
        hang(out, style, "   ", DIM, &condition.meaning);
        hang(out, style, "   Confirm: ", HELP, &condition.confirm);
        if let Some(confidence) = condition.confidence {
            hang(out, style, "   Confidence: ", WARNING, &format!("{confidence}. {}", condition.basis));
        }
        for remedy in &condition.remedies {
            let first = *told.entry(&remedy.id).or_insert(number);
            if first == number {
                push_remedy(out, "   ", remedy, style);
            } else {
                hang(out, style, "   Remedy: ", HELP, &format!("{} (see {first})", remedy.title));
            }
        }
        out.push('\n');
    }
}

fn push_remedy(out: &mut String, indent: &str, remedy: &Remedy, style: Style) {
    hang(out, style, &format!("{indent}Remedy: "), HELP, &remedy.title);
    hang(out, style, &format!("{indent}  "), DIM, &remedy.setup);
    if let Some(setup) = &remedy.setup_external_client_app {
        hang(out, style, &format!("{indent}  "), DIM, &format!("External Client App: {setup}"));
    }
    for (kind, metadata) in [("connected app", &remedy.connected_app), ("External Client App", &remedy.external_client_app)] {
        if let Some(metadata) = metadata {
            hang(out, style, &format!("{indent}  "), DIM, &format!("Metadata of a{} {kind}: {metadata}", article(kind)));
        }
    }
}

const fn article(noun: &str) -> &'static str {
    match noun.as_bytes() {
        [b'E', ..] => "n",
        _ => "",
    }
}

fn condition_page(condition: &Condition, style: Style) -> String {
    let mut page = Page::new(&condition.id, &condition.title, style);
    page.prose("Means", &condition.meaning);
    page.prose("Flows", &titles(&condition.flows));
    let mut answers = String::new();
    for answer in &condition.answers {
        hang(&mut answers, style, "  ", DIM, &in_words(Some(&answer.error), answer.description.as_deref()));
        let flows = if answer.flows == condition.flows { String::new() } else { format!(", of: {}", titles(&answer.flows)) };
        let users = answer.permitted_users.map(|users| format!(", where Permitted Users is {users}")).unwrap_or_default();
        hang(&mut answers, style, "    ", DIM, &format!("{}{flows}{users}", answer.place));
        hang(&mut answers, style, "    ", DIM, &format!("Confidence: {}. {}", answer.confidence, answer.basis));
    }
    if condition.answers.is_empty() {
        page.prose("Answer", "Its text was not seen.");
    }
    page.push("Answers", &answers);
    page.prose("Confirm", &condition.confirm);
    page.prose("Basis", &condition.basis);
    let mut remedies = String::new();
    for remedy in &condition.remedies {
        push_remedy(&mut remedies, "  ", remedy, style);
    }
    page.push("Remedies", &remedies);
    page.verbatim("References", &condition.references.join("\n"));
    page.finish()
}

fn in_words(error: Option<&str>, description: Option<&str>) -> String {
    [error, description].into_iter().flatten().collect::<Vec<_>>().join(": ")
}

fn titles(flows: &[Flow]) -> String {
    flows.iter().map(|flow| flow.title).collect::<Vec<_>>().join(", ")
}
