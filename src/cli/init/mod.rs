//! `orgwarden init`: writes a policy that says of every app what it is like now.

mod contract;
mod text;

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use jiff::civil::Date;

use self::contract::Draft;
use super::read::{Input, Read, Wants};
use super::terminal::View;
use super::{ListFormat, Outcome, RuleChoice, setup};
use crate::finding::Finding;
use crate::inventory::Inventory;
use crate::inventory::app::App;
use crate::policy::{self, AuditPreset, Policy, Selection, app_subject};
use crate::report::{Source, untrusted};
use crate::rules::Rule;
use crate::rules::facts::Context;

/// What the first line of the policy names, beside the policy.
const SCHEMA_FILE: &str = "orgwarden.schema.json";

/// Write a policy from what is there: a contract for each app, as it is now.
///
/// An audit by this policy has no finding about contracts; from then on whatever changes is one. What the rules say of an app today stands above
/// its contract, as comments. Exit codes: 0 written; 2 usage or configuration error, or the file exists; 3 something could not be read, and
/// what was read is written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  orgwarden init\n  orgwarden init force-app -O -\n  orgwarden init -o prod -O prod.yaml")]
pub(super) struct InitArgs {
    #[command(flatten)]
    input: Input,
    /// The file to write; `-` for standard output.
    #[arg(short = 'O', long, value_name = "FILE", default_value = "orgwarden.yaml", help_heading = "Output")]
    output_file: PathBuf,
    /// Write over a file that exists.
    #[arg(long, help_heading = "Output")]
    force: bool,
    /// Also write the JSON Schema that the first line of the policy names, beside it, so that editors complete and check the policy.
    #[arg(long, help_heading = "Output")]
    with_schema: bool,
    #[command(flatten)]
    rules: RuleChoice,
    /// What the rules say as of this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// Exit with 0 instead of 3 when something could not be read.
    #[arg(long)]
    allow_unknown: bool,
}

pub(super) fn run(args: &InitArgs, view: &View<'_>) -> Result<Outcome> {
    args.input.check()?;
    args.check_files()?;
    let Some(set) = setup::rules(&args.rules, view) else { return Ok(Outcome::Misuse) };
    // What an audit with the new policy is going to ask.
    let asked = Selection::new(AuditPreset::default(), Vec::new());
    let rules: Vec<Rule> = set.rules.into_iter().filter(|rule| asked.has(rule.info())).collect();
    let wants = Wants::of_rules(&rules, &[]);
    let Read { collected, source, .. } = match args.input.read_or_plan(wants, ListFormat::Table, view)? {
        Ok(read) => read,
        Err(outcome) => return Ok(outcome),
    };
    if !collected.not_found.is_empty() {
        return Ok(Outcome::Misuse);
    }
    if source.orgs.len() > 1 {
        bail!("a policy says what is right for the apps of one org, and several were asked for: name one of them");
    }
    let today = args.today.unwrap_or(view.today());
    let drafts = drafts(&collected.inventory, &rules, today);
    let text = text::policy(&drafts, &read_from(&source));
    if args.is_standard_output() {
        view.results(|out| write!(out, "{text}")).context("cannot write to standard output")?;
    } else {
        args.write(&args.output_file, &text)?;
        let contracts = if drafts.len() == 1 { "1 contract".to_owned() } else { format!("{} contracts", drafts.len()) };
        view.note(&format!("{contracts} written to {}", untrusted::line(&args.output_file.to_string_lossy())));
    }
    if args.with_schema {
        let schema = serde_json::to_string_pretty(&policy::json_schema()).context("the schema cannot be written as JSON")?;
        args.write(&args.schema_file(), &(schema + "\n"))?;
    }
    Ok(if collected.has_gaps() && !args.allow_unknown { Outcome::Incomplete } else { Outcome::Clean })
}

impl InitArgs {
    fn is_standard_output(&self) -> bool {
        self.output_file == Path::new("-")
    }

    fn schema_file(&self) -> PathBuf {
        self.output_file.with_file_name(SCHEMA_FILE)
    }

    /// Refuses what would be refused after everything was read.
    fn check_files(&self) -> Result<()> {
        if self.is_standard_output() {
            if self.with_schema {
                bail!(
                    "--with-schema writes beside a file, and the policy goes to standard output: `orgwarden schema policy` prints the schema"
                );
            }
            return Ok(());
        }
        let schema = self.with_schema.then(|| self.schema_file());
        for path in [&self.output_file].into_iter().chain(&schema) {
            if !self.force && path.exists() {
                bail!(already_there(path));
            }
        }
        Ok(())
    }

    fn write(&self, path: &Path, text: &str) -> Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).create_new(!self.force);
        match options.open(path).and_then(|mut file| file.write_all(text.as_bytes())) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(already_there(path)),
            written => written.with_context(|| format!("cannot write {}", path.display())),
        }
    }
}

fn already_there(path: &Path) -> String {
    format!("{} exists; --force writes over it, --output-file FILE writes another, `-` prints", path.display())
}

/// A contract for each name, in order of the names: the apps of one name have one.
fn drafts(inventory: &Inventory, rules: &[Rule], today: Date) -> Vec<Draft> {
    let context = Context::new(inventory, today);
    let verdicts = policy::verdicts(inventory, rules, &Policy::none(), &context);
    let mut by_name: BTreeMap<&str, Vec<&App>> = BTreeMap::new();
    for app in &inventory.apps {
        by_name.entry(&app.name).or_default().push(app);
    }
    by_name.values().map(|apps| Draft::of(apps, &about(apps, &verdicts.findings, inventory))).collect()
}

/// What the rules say of apps, worst first.
fn about<'f>(apps: &[&App], findings: &'f [Finding], inventory: &Inventory) -> Vec<&'f Finding> {
    let subjects: Vec<_> = apps.iter().map(|app| app_subject(app, inventory)).collect();
    let mut about: Vec<&Finding> = findings.iter().filter(|finding| subjects.contains(&finding.subject)).collect();
    about.sort_by(|one, other| (other.severity, &one.rule, &one.message).cmp(&(one.severity, &other.rule, &other.message)));
    about
}

/// What was read, as somebody would say it.
fn read_from(source: &Source) -> String {
    let orgs = source.orgs.iter().map(|org| format!("the org {}", org.name));
    let paths = source.paths.iter().map(|path| if path == "." { "this folder".to_owned() } else { path.clone() });
    let named: Vec<String> = paths.chain(orgs).collect();
    named.join(", ")
}
