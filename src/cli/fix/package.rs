//! Fixing an org: a package with the fixes, and one that restores what is there now. The org itself is only read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::FixArgs;
use super::judge::{Fixed, Judge};
use crate::cli::read::Wants;
use crate::cli::terminal::View;
use crate::cli::{ListFormat, Outcome};
use crate::collect::{Collected, OrgFile, ProfilesToRead, tree};
use crate::finding::{Finding, ORG};
use crate::fix::Draft;
use crate::policy::{self, Policy, Verdicts};
use crate::report::fix::{Entry, State};
use crate::rules::facts::Context;
use crate::rules::{Rule, RuleSet};

pub(super) fn run(args: &FixArgs, folder: &Path, set: &RuleSet, policy: &Policy, view: &View<'_>) -> Result<Outcome> {
    refuse_what_is_there(folder)?;
    let rules: Vec<Rule> = set.rules.iter().filter(|rule| policy.may_ask(rule.info())).cloned().collect();
    let users = policy.users();
    let read = match args.input.read_or_plan(Wants::of_rules(&rules, &users), ListFormat::Table, view)? {
        Ok(read) => read,
        Err(outcome) => return Ok(outcome),
    };
    let Collected { inventory, diagnostics, metadata, .. } = read.collected;
    if inventory.sources.len() > 1 {
        bail!("several orgs were asked for: a package is for one of them; run the command once for each");
    }
    let today = args.today.unwrap_or(view.today());
    let verdicts = policy::verdicts(&inventory, &rules, policy, &Context::new(&inventory, today));
    let is_incomplete = crate::diagnostic::any_error(&diagnostics);
    // What goes for the org goes for its files.
    let environment = verdicts.environments.first().and_then(|name| name.as_deref());
    let policy = environment.and_then(|name| policy.in_environment(name)).unwrap_or_else(|| policy.clone());
    let files = |texts: &BTreeMap<String, String>| as_tree(&metadata, texts);
    let is_asked = |finding: &Finding| args.rule.is_empty() || args.rule.contains(&finding.rule);
    let judge = Judge {
        set,
        rules: &rules,
        policy: &policy,
        today,
        with_unsafe: args.with_unsafe,
        read: &files,
        is_wanted: &|finding| is_asked(finding) && verdicts.findings.iter().any(|it| is_same(it, finding)),
        is_fixed: &|_| None,
    };
    let Fixed { draft, mut fixes } = judge.fix(files(&BTreeMap::new()));
    fixes.entries.extend(elsewhere(&verdicts, &fixes.entries, is_asked));
    if !draft.is_empty() {
        write(folder, &draft, &metadata)?;
        fixes.written = true;
    }
    super::show(args, &fixes, view)?;
    if draft.is_empty() {
        view.note("Nothing was written: there is nothing to fix.");
    } else {
        view.note(&format!("{0}/fix has the fixes, {0}/restore what is there now. Nothing was deployed.", folder.display()));
    }
    let left = fixes.count(&[State::HeldBack]) > 0;
    Ok(match (left, is_incomplete) {
        (true, _) => Outcome::Findings,
        (false, true) => Outcome::Incomplete,
        (false, false) => Outcome::Clean,
    })
}

/// The metadata of an org as an audit reads files.
fn as_tree(metadata: &[OrgFile], texts: &BTreeMap<String, String>) -> Collected {
    let mut all: BTreeMap<String, String> = metadata.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    if let Some(version) = metadata.first().map(|file| file.api_version) {
        all.insert("package.xml".to_owned(), manifest(&[], version));
    }
    all.extend(texts.clone());
    let request = tree::Request { paths: &[], force_ignore: false, profiles: ProfilesToRead::None, also: &[] };
    tree::collect_with(&request, &all)
}

/// Whether a finding about files and one about the org are one. There is but one org, whatever it is called.
fn is_same(of_org: &Finding, of_files: &Finding) -> bool {
    let (one, two) = (&of_org.subject, &of_files.subject);
    of_org.rule == of_files.rule && one.kind == two.kind && (one.kind == ORG || one.name == two.name)
}

/// What is wrong in the org and is not to be seen in its metadata.
fn elsewhere(verdicts: &Verdicts, told: &[Entry], is_asked: impl Fn(&Finding) -> bool) -> Vec<Entry> {
    let is_told = |finding: &Finding| {
        told.iter().any(|it| {
            let (one, two) = (&it.subject, &finding.subject);
            it.rule == finding.rule && one.kind == two.kind && (one.kind == ORG || one.name == two.name)
        })
    };
    let missing = verdicts.findings.iter().filter(|finding| is_asked(finding) && !is_told(finding));
    let entry = |finding: &Finding| Entry {
        rule: finding.rule.clone(),
        severity: finding.severity,
        subject: finding.subject.clone(),
        state: State::Impossible,
        why: "the Metadata API does not return what is wrong, as for apps of installed packages and for users".to_owned(),
    };
    missing.map(entry).collect()
}

/// Only a folder that is not there, or is empty, is written to.
fn refuse_what_is_there(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let mut entries = fs::read_dir(folder).with_context(|| format!("{} is no folder to write to", folder.display()))?;
    if entries.next().is_some() {
        bail!("{} is not empty, and nothing is overwritten: name a new folder for --package", folder.display());
    }
    Ok(())
}

/// Writes both packages: all metadata of the apps that are changed, and the settings that are.
fn write(folder: &Path, draft: &Draft, metadata: &[OrgFile]) -> Result<()> {
    let changed: BTreeMap<&str, &str> = draft.files().map(|(path, file)| (&**path, file.after.text())).collect();
    let apps: BTreeSet<String> = metadata.iter().filter(|file| changed.contains_key(file.path.as_str())).map(app_of).collect();
    let is_concerned = |file: &&OrgFile| match file.metadata_type {
        "Settings" => changed.contains_key(file.path.as_str()),
        _ => apps.contains(&app_of(file)),
    };
    let files: Vec<&OrgFile> = metadata.iter().filter(is_concerned).collect();
    for (name, is_fix) in [("restore", false), ("fix", true)] {
        let folder = folder.join(name);
        for file in &files {
            let text = changed.get(file.path.as_str()).filter(|_| is_fix).map_or(file.text.as_str(), |text| *text);
            write_new(&folder.join(&file.path), text)?;
        }
        let version = files.first().map_or(0, |file| file.api_version);
        write_new(&folder.join("package.xml"), &manifest(&files, version))?;
    }
    Ok(())
}

/// Which app a file is about: kind and name.
fn app_of(file: &OrgFile) -> String {
    const START: &str = "<externalClientApplication>";
    match file.metadata_type {
        "ConnectedApp" | "Settings" => format!("{}/{}", file.metadata_type, file.full_name),
        "ExternalClientApplication" => format!("ExternalClientApplication/{}", file.full_name),
        _ => {
            let after = file.text.split_once(START).map_or("", |(_, after)| after);
            format!("ExternalClientApplication/{}", after.split('<').next().unwrap_or_default().trim())
        }
    }
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    let failed = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(failed)?;
    }
    let mut file = fs::File::create_new(path).with_context(failed)?;
    std::io::Write::write_all(&mut file, text.as_bytes()).with_context(failed)
}

/// A manifest that names these components.
fn manifest(files: &[&OrgFile], version: u16) -> String {
    let mut types: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        types.entry(file.metadata_type).or_default().insert(&file.full_name);
    }
    let mut text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Package xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n".to_owned();
    for (metadata_type, names) in types {
        text.push_str("    <types>\n");
        for name in names {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "        <members>{name}</members>");
        }
        let _ = writeln!(text, "        <name>{metadata_type}</name>\n    </types>");
    }
    let _ = write!(text, "    <version>{version}.0</version>\n</Package>\n");
    text
}
