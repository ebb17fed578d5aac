//! `orgwarden doctor`: what the user of an org can and cannot see, before an audit finds out.

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Value, json};

use super::orgs::{self, OrgChoice, Wanted};
use super::terminal::View;
use super::{ListFormat, Outcome, permission_set};
use crate::collect::ProfilesToRead;
use crate::collect::org::{Check, Checkup};
use crate::report::table::table;
use crate::report::untrusted;
use crate::salesforce::Error;

/// Check what the audit of an org can see, and what to grant for the rest.
///
/// Without an org named it is the default org of the Salesforce CLI. Exit codes: 0 everything can be seen; 2 usage or configuration
/// error; 3 something cannot be seen.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  orgwarden doctor -o prod\n  orgwarden doctor --permission-set")]
pub(super) struct DoctorArgs {
    /// Print a permission set for the auditing user, as metadata to deploy, and ask nothing.
    #[arg(long, conflicts_with_all = ["target_org", "all_orgs", "org_from_env", "client_id", "sfdx_url_file", "format"])]
    permission_set: bool,
    #[command(flatten)]
    orgs: OrgChoice,
    /// How to print the checks.
    #[arg(long, value_name = "FORMAT", default_value_t = ListFormat::Table, value_enum, help_heading = "Output")]
    format: ListFormat,
}

pub(super) fn run(args: &DoctorArgs, view: &View<'_>) -> Result<Outcome> {
    if args.permission_set {
        let xml = permission_set::xml();
        view.results(|out| write!(out, "{xml}")).context("cannot write to standard output")?;
        return Ok(Outcome::Clean);
    }
    let wanted = Wanted {
        choice: &args.orgs,
        usage: false,
        profiles: ProfilesToRead::All,
        users: &[],
        permission_sets: &[],
        setup_changes: false,
        profile_users: &[],
    };
    let orgs = orgs::check_up(wanted, view)?;
    match args.format {
        ListFormat::Json => {
            let orgs: Vec<Value> = orgs.iter().map(|(name, answer)| as_json(name, answer)).collect();
            view.json(&json!({ "schema": "orgwarden/doctor-v1", "orgs": orgs }))?;
        }
        ListFormat::Table => {
            for (name, answer) in &orgs {
                print(name, answer, view)?;
            }
        }
    }
    Ok(if orgs.iter().all(|(_, answer)| sees_all(answer)) { Outcome::Clean } else { Outcome::Incomplete })
}

/// Whether everything was tried and seen; where nothing was tried, nothing is known.
fn sees_all(answer: &Result<Checkup, Error>) -> bool {
    answer.as_ref().is_ok_and(|checkup| !checkup.checks.is_empty() && checkup.checks.iter().all(|check| check.result.is_ok()))
}

fn print(name: &str, answer: &Result<Checkup, Error>, view: &View<'_>) -> Result<()> {
    let checkup = match answer {
        Ok(checkup) => checkup,
        Err(error) => {
            view.error(&format!("{name} could not be checked: {error}"));
            return Ok(());
        }
    };
    let rows: Vec<Vec<String>> = checkup.checks.iter().map(row).collect();
    let text = table(&["what", "seen", "detail", "to grant"], &rows, view.out_style.width);
    let hidden = checkup.checks.iter().filter(|check| check.result.is_err()).count();
    let verdict = match hidden {
        0 => "Everything an audit asks for can be seen.".to_owned(),
        _ => format!(
            "{hidden} of {} cannot be seen; what depends on it will be unknown. `orgwarden doctor --permission-set` prints what to grant.",
            checkup.checks.len()
        ),
    };
    view.results(|out| writeln!(out, "{}\n{text}{verdict}\n", untrusted::line(name))).context("cannot write to standard output")
}

fn row(check: &Check) -> Vec<String> {
    let (seen, detail) = match &check.result {
        Ok(detail) => ("yes", detail),
        Err(reason) => ("no", reason),
    };
    vec![check.what.clone(), seen.to_owned(), detail.clone(), check.grant.clone().unwrap_or_default()]
}

fn as_json(name: &str, answer: &Result<Checkup, Error>) -> Value {
    let checkup = match answer {
        Ok(checkup) => checkup,
        Err(error) => return json!({ "name": name, "error": error.to_string(), "checks": [] }),
    };
    let checks: Vec<Value> = checkup
        .checks
        .iter()
        .map(|check| {
            let mut value = json!({ "what": check.what, "visible": check.result.is_ok() });
            if let Some(fields) = value.as_object_mut() {
                let (Ok(text) | Err(text)) = &check.result;
                fields.insert(if check.result.is_ok() { "detail" } else { "reason" }.to_owned(), text.clone().into());
                fields.extend(check.grant.iter().map(|grant| ("grant".to_owned(), grant.clone().into())));
            }
            value
        })
        .collect();
    json!({ "name": name, "checks": checks })
}
