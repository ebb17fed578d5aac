//! `orgwarden diff`: what differs between two orgs, snapshots, trees, revisions or reports.

mod side;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use self::side::{Content, Named, Reading, Side};
use super::orgs::OrgChoice;
use super::read::Wants;
use super::selection::SelectionChoice;
use super::setup::Loaded;
use super::terminal::View;
use super::{Mistakes, Outcome, PolicyChoice, RuleChoice, setup, trail};
use crate::collect::Collected;
use crate::collect::tree::absolute;
use crate::compare::{self, Apps, Difference};
use crate::diagnostic::{Diagnostic, Level};
use crate::finding::{ORG, Subject};
use crate::inventory::org::{Seen, SetupChange};
use crate::policy::{self, Applied, FailOn, Policy};
use crate::report::diff::{self as report, Comparison, SideInfo, SideKind};
use crate::report::trail::Trail;
use crate::rules::facts::Context;
use crate::rules::{Rule, RuleSet};

/// Tell what changed from one side to another: findings, apps, facts, and who may use what.
///
/// A side is a folder, a zip or a file of metadata, a snapshot, a JSON report of `orgwarden audit`, org:ALIAS, which is a live org, or git:REV or
/// git:REV:PATH, which is read from git's objects without a checkout. `-o ALIAS`, or another way into an org, stands for the second side. Files
/// and an org are compared both ways by what files state. Both are audited by the same rules, the same policy (the one found for the second side, as it
/// is on disk) and on the same day; of reports, what they say is compared. Exit codes: 0 no new finding at or above --fail-on, and none
/// that got worse; 1 there is one; 2 usage or configuration error; 3 something could not be read, or cannot be told of one side.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  orgwarden diff git:main force-app\n  orgwarden diff force-app -o prod\n  orgwarden diff org:uat org:prod\n  orgwarden diff git:v1.0:force-app git:HEAD:force-app --format markdown\n  \
                        orgwarden diff monday.snapshot.gz today.snapshot.gz\n  orgwarden diff before.json after.json --format json"
)]
pub(super) struct DiffArgs {
    /// The first side.
    before: String,
    /// The second side; left out where it is an org that --target-org or another way into an org names.
    after: Option<String>,
    /// A folder of the repository that git:REV is about.
    #[arg(long, value_name = "DIR", default_value = ".", help_heading = "Input")]
    repo: PathBuf,
    /// Also read what .forceignore leaves out.
    #[arg(long, help_heading = "Input")]
    no_forceignore: bool,
    #[command(flatten)]
    orgs: OrgChoice,
    #[command(flatten)]
    policy: PolicyChoice,
    #[command(flatten)]
    mistakes: Mistakes,
    #[command(flatten)]
    rules: RuleChoice,
    #[command(flatten)]
    selection: SelectionChoice,
    /// The least severity from which on a new finding makes the exit code 1.
    #[arg(long, value_name = "SEVERITY", default_value_t = FailOn::Medium, value_enum, help_heading = "Audit")]
    fail_on: FailOn,
    /// Exit with 0 instead of 3 when something could not be read, or cannot be told.
    #[arg(long, help_heading = "Audit")]
    allow_unknown: bool,
    /// Audit both sides as of this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_name = "DATE", help_heading = "Audit")]
    today: Option<Date>,
    /// Also tell of each app of an org that no source is expected to hold, such as installed ones, and not only how many they are.
    #[arg(long, help_heading = "Output")]
    installed: bool,
    /// How to print it.
    #[arg(long, value_name = "FORMAT", default_value_t = Format::Table, value_enum, help_heading = "Output")]
    format: Format,
}

/// Formats of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables that fit the terminal.
    Table,
    /// Everything, for programs; `orgwarden/diff-v1`.
    Json,
    /// For pull requests.
    Markdown,
}

/// What both sides are audited by.
struct Judges<'a> {
    set: &'a RuleSet,
    policy: &'a Policy,
    today: Date,
}

/// A side that was read.
struct Given {
    /// What it is called.
    name: String,
    kind: SideKind,
    content: Content,
}

pub(super) fn run(args: &DiffArgs, view: &View<'_>) -> Result<Outcome> {
    let Some(rules) = setup::sound_rules(&args.rules, args.mistakes, view) else { return Ok(Outcome::Misuse) };
    let sides = args.sides()?;
    let Some(policy) = policy_of(args, &sides, &rules.value, view) else { return Ok(Outcome::Misuse) };
    if args.selection.tags.known(view)?.is_none() {
        return Ok(Outcome::Misuse);
    }
    let applied = args.selection.apply(policy.value.clone());
    let users = applied.users();
    let wants = Wants { setup_changes: true, ..Wants::of_rules(&rules.value.rules, &users) };
    let reading = Reading { force_ignore: !args.no_forceignore, wants };
    let [before, after] = sides;
    let sides = [Given::read(before, reading, view)?, Given::read(after, reading, view)?];
    let trails: Vec<(String, Seen<SetupChange>)> = sides.iter().filter_map(Given::setup_changes).collect();
    let policy_of_both = common(&applied, &sides);
    let judges = Judges { set: &rules.value, policy: &policy_of_both, today: args.today.unwrap_or(view.today()) };
    let [(before, one), (after, other)] = judges.sides(sides, view);
    let notes = notes([before.kind, after.kind]);
    let difference = compare::compare(&one, &other);
    let trail = trail::of(&trails, difference.apps.iter().flat_map(differing));
    let comparison = Comparison { before, after, difference, tells_beyond: args.installed, trail, notes };
    args.print(&comparison, view)?;
    Ok(rules.outcome(policy.outcome(args.outcome(&comparison))))
}

impl Given {
    fn read(side: Side, reading: Reading<'_>, view: &View<'_>) -> Result<Self> {
        let content = side.named.read(reading, view)?;
        let name = side.written.or_else(|| content.inventory()?.sources.first().map(|source| source.name.clone()));
        Ok(Self { name: name.unwrap_or_default(), kind: side.named.kind(), content })
    }

    /// The Setup Audit Trail of a live org.
    fn setup_changes(&self) -> Option<(String, Seen<SetupChange>)> {
        let asked = self.content.inventory()?.org(0)?.setup_changes.clone()?;
        Some((self.name.clone(), asked))
    }
}

/// The policy both sides are judged by: files are judged as what they are held against, where that belongs to an environment.
fn common(policy: &Policy, sides: &[Given; 2]) -> Policy {
    let environments: Vec<Option<String>> = sides
        .iter()
        .filter_map(|side| side.content.inventory())
        .filter(|inventory| inventory.org(0).is_some())
        .map(|inventory| Applied::to(policy, inventory).of(0).environment().map(str::to_owned))
        .collect();
    match environments.as_slice() {
        [Some(environment)] => policy.in_environment(environment).unwrap_or_else(|| policy.clone()),
        _ => policy.clone(),
    }
}

/// The apps that differ.
fn differing(apps: &Apps) -> impl Iterator<Item = &Subject> {
    let added = apps.added.iter().map(|(subject, _)| subject);
    let changed = apps.changed.iter().map(|it| &it.subject).filter(|subject| subject.kind != ORG);
    let renamed = apps.renamed.iter().map(|it| &it.after);
    added.chain(&apps.removed).chain(renamed).chain(changed).chain(apps.unsure.iter().map(|it| &it.subject))
}

/// The policy that was chosen, or found for the second side; for the first, where the second is nowhere on disk.
fn policy_of(args: &DiffArgs, sides: &[Side; 2], rules: &RuleSet, view: &View<'_>) -> Option<Loaded<Policy>> {
    let folder = sides.iter().rev().find_map(|side| side.named.folder());
    let is_whole = |of: Option<&Path>| folder.as_ref().is_none_or(|folder| Some(absolute(folder).as_path()) == of);
    let paths = [folder.clone().unwrap_or_else(|| PathBuf::from("."))];
    setup::policy_for(&args.policy, args.mistakes, &paths, is_whole, rules, view)
}

impl Judges<'_> {
    /// Audits both sides. Of the second, what is odd in it is told, too.
    fn sides(&self, sides: [Given; 2], view: &View<'_>) -> [(SideInfo, compare::Side); 2] {
        let mut level = Level::Error;
        sides.map(|Given { name, kind, content }| {
            let side = self.side(content, &name, level, view);
            level = Level::Warning;
            (SideInfo { name, kind, orgs: side.scopes.len(), gaps: side.gaps }, side)
        })
    }

    /// Audits a side that was read, and tells what could not be read of it, down to a level.
    fn side(&self, read: Content, name: &str, level: Level, view: &View<'_>) -> compare::Side {
        let collected = match read {
            Content::Inventory(collected) => collected,
            Content::Audited(side) => return side,
        };
        let Collected { inventory, mut diagnostics, partial, .. } = *collected;
        let (policy, problems) = self.policy.clone().with_inline_waivers(&inventory, &setup::known(self.set));
        let context = Context::new(&inventory, self.today);
        let rules: Vec<Rule> = self.set.rules.iter().filter(|rule| policy.may_ask(rule.info())).cloned().collect();
        let mut verdicts = policy::verdicts(&inventory, &rules, &policy, &context);
        diagnostics.extend(problems);
        diagnostics.append(&mut verdicts.diagnostics);
        let told: Vec<Diagnostic> = diagnostics.iter().filter(|it| it.level >= level).cloned().collect();
        if !told.is_empty() {
            view.note(&format!("in {}:", crate::report::untrusted::line(name)));
            view.diagnostics(&told);
        }
        compare::side_of(&compare::Audit {
            inventory: &inventory,
            context: &context,
            rules: &rules,
            partial: &partial,
            findings: &verdicts.findings,
            waived: &verdicts.waived,
            unknown: &verdicts.unknown,
            gaps: diagnostics.iter().filter(|it| it.level == Level::Error).count(),
            subject: &|app| policy::app_subject(app, &inventory),
        })
    }
}

/// What is not compared, as sentences.
fn notes(kinds: [SideKind; 2]) -> Vec<String> {
    let is = |wanted: SideKind| kinds.contains(&wanted);
    let mut notes = Vec::new();
    if is(SideKind::Report) {
        notes.push("A report tells of findings alone: apps, facts and access are not compared.".to_owned());
        notes.push("A report is compared as it is, whatever rules, policy and day it was made with.".to_owned());
    } else if (is(SideKind::Snapshot) || is(SideKind::Org)) && (is(SideKind::Files) || is(SideKind::Git)) {
        notes.push(
            "Files and an org are compared by what files can state: what an org alone knows is told by `orgwarden audit` of it."
                .to_owned(),
        );
    }
    notes
}

impl DiffArgs {
    /// The sides that are named.
    fn sides(&self) -> Result<[Side; 2]> {
        let of = |written: &String| -> Result<Side> {
            Ok(Side { named: Named::of(written, &self.repo, &self.orgs)?, written: Some(written.clone()) })
        };
        let before = of(&self.before)?;
        let after = match (&self.after, self.orgs.names_an_org()) {
            (Some(_), true) => {
                bail!("a second side and an org were named: two sides are compared; write an org as org:ALIAS in the place of one")
            }
            (None, false) => bail!("the second side is missing: name one, or an org with --target-org ALIAS"),
            (None, true) if self.orgs.names_several() => {
                bail!("several orgs were named: a source is compared with one; run the command once for each")
            }
            (None, true) => Side { named: Named::Org(Box::new(self.orgs.clone())), written: None },
            (Some(after), false) => of(after)?,
        };
        let asks_org = [&before, &after].iter().any(|side| side.named.kind() == SideKind::Org);
        if let (false, Some(option)) = (asks_org, self.orgs.how_to_ask()) {
            bail!("{option} is about live orgs, and none was asked for: name one with --target-org, or as org:ALIAS");
        }
        Ok([before, after])
    }

    fn print(&self, comparison: &Comparison, view: &View<'_>) -> Result<()> {
        let text = match self.format {
            Format::Json => return view.json(&report::json(comparison)),
            Format::Table => report::table(comparison, view.out_style),
            Format::Markdown => report::markdown(comparison),
        };
        view.results(|out| write!(out, "{text}")).context("cannot write to standard output")
    }

    /// What is new or worse counts before what cannot be told.
    fn outcome(&self, comparison: &Comparison) -> Outcome {
        let Difference { findings, .. } = &comparison.difference;
        let new = findings.new.iter().map(|it| &it.found).chain(findings.worse.iter().map(|it| &it.found));
        let gaps = comparison.before.gaps + comparison.after.gaps;
        if new.into_iter().any(|found| self.fail_on.reaches(found.severity)) {
            Outcome::Findings
        } else if !self.allow_unknown
            && (gaps > 0 || comparison.difference.is_open() || comparison.trail.as_ref().is_some_and(Trail::is_unread))
        {
            Outcome::Incomplete
        } else {
            Outcome::Clean
        }
    }
}
