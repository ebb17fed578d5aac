//! A side from what was read and judged.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::access::{AccessSide, Assigned, UsersSide};
use super::declared::is_declared;
use super::side::{AppSide, FactSide, Found, Open, Scope, Side, Written};
use super::switches;
use super::values::values_of;
use crate::access::{Admission, LiveOrg, Via};
use crate::finding::{Finding, ORG, Subject, Undecided, Waived};
use crate::inventory::app::{App, Assignment};
use crate::inventory::contract::{Expectations, Governance};
use crate::inventory::org::short;
use crate::inventory::profile::standard;
use crate::inventory::{Fact, Inventory, Origin, Reason};
use crate::rules::Rule;
use crate::rules::facts::{self, Context};
use crate::rules::schema::SourceKind;
use crate::rules::value::{FactSet, FactValue, Value};

/// Facts that are not compared. Where something stands and what it is called is no change, or told otherwise; a spelling, a percentage and the
/// like follow from facts that are compared; what is done when a file is deployed is no state of an app; who the users are is told of the access.
pub const NOT_COMPARED: [&str; 16] = [
    "app.path",
    "app.name",
    "app.same_name",
    "app.global_settings_in_source",
    "app.oauth.consumer_key_shared_with",
    "app.certificate_shared_with",
    "org.path",
    "org.name",
    "app.oauth.declared_scopes",
    "app.tokens.refresh_policy_text",
    "app.tokens.rotates_credentials_on_deploy",
    "app.network.ip_relaxation_text",
    "app.access.anyone_assigned",
    "app.access.active_users_percent",
    "app.access.active_users_seen",
    "app.access.users",
];

/// An audit, to be compared.
pub struct Audit<'a> {
    /// What was read.
    pub inventory: &'a Inventory,
    /// The day of the audit.
    pub context: &'a Context<'a>,
    /// The rules that ran.
    pub rules: &'a [Rule],
    /// Apps of which files hold parts alone.
    pub partial: &'a [App],
    /// What is wrong.
    pub findings: &'a [Finding],
    /// What is wrong and accepted.
    pub waived: &'a [Waived],
    /// What could not be decided.
    pub unknown: &'a [Undecided],
    /// How many things could not be read.
    pub gaps: usize,
    /// How an app is named in findings.
    pub subject: &'a dyn Fn(&App) -> Subject,
}

/// The side that an audit is.
#[must_use]
pub fn side_of(audit: &Audit<'_>) -> Side {
    let waived = audit.waived.iter().map(|waived| Found { waived: true, ..found(&waived.finding) });
    let inventory = audit.inventory;
    let orgs = LiveOrg::each(inventory);
    let apps = inventory.apps.iter().map(|app| app_side(app, orgs.get(app.source).and_then(Option::as_ref), audit));
    Side {
        scopes: scopes(audit),
        findings: audit.findings.iter().map(found).chain(waived).collect(),
        undecided: audit.unknown.iter().map(open).collect(),
        gaps: audit.gaps,
        apps: Some(apps.chain(org_sides(audit)).collect()),
        partial: audit.partial.iter().map(|app| app_side(app, None, audit)).collect(),
    }
}

/// The orgs that were audited, or all the files.
fn scopes(audit: &Audit<'_>) -> Vec<Scope> {
    let rules = |kind| Some(audit.rules.iter().filter(|rule| rule.is_for(Some(kind))).map(|rule| rule.id().to_owned()).collect());
    let reads_org = |rule: &&Rule| rule.facts().into_iter().any(is_of_settings);
    let about_org: BTreeSet<String> = audit.rules.iter().filter(reads_org).map(|rule| rule.id().to_owned()).collect();
    let inventory = audit.inventory;
    let of_org = |id: String, name: &str| Scope {
        id,
        name: name.to_owned(),
        is_org: true,
        rules: rules(SourceKind::Org),
        about_org: about_org.clone(),
    };
    let live =
        (0..inventory.sources.len()).filter_map(|source| Some(of_org(inventory.org_id(source), inventory.org_name(source)?)));
    let orgs: Vec<Scope> = live.collect();
    let unread = inventory.sources.iter().find(|source| source.unread);
    match (orgs.is_empty(), unread) {
        (false, _) => orgs,
        (true, Some(org)) => vec![of_org(String::new(), &org.name)],
        (true, None) => {
            let rules = rules(SourceKind::Files);
            vec![Scope { name: "files".to_owned(), rules, about_org, ..Scope::default() }]
        }
    }
}

fn found(finding: &Finding) -> Found {
    let place = finding.evidence.iter().find_map(|evidence| evidence.origin.as_ref()).map(Origin::location);
    Found {
        rule: finding.rule.clone(),
        severity: finding.severity,
        subject: finding.subject.clone(),
        message: finding.message.clone(),
        place: place.map_or_else(|| finding.subject.path.clone(), ToString::to_string),
        values: values(finding),
        waived: false,
        fingerprint: finding.fingerprint.clone(),
    }
}

/// The values behind a finding. Two copies of a tree have the same paths.
fn values(finding: &Finding) -> Vec<String> {
    let subject = &finding.subject;
    let in_tree = Some(subject.path_in_source.as_str()).filter(|path| !path.is_empty());
    let root = in_tree.and_then(|path| subject.path.strip_suffix(path)).unwrap_or_default();
    let within = |value: String| value.strip_prefix(root).map(str::to_owned).unwrap_or(value);
    values_of(&finding.evidence).into_iter().map(within).collect()
}

fn open(undecided: &Undecided) -> Open {
    let Undecided { rule, subject, reason, fingerprint, .. } = undecided.clone();
    Open { rule, subject, reason, fingerprint }
}

fn app_side(app: &App, live: Option<&LiveOrg<'_>>, audit: &Audit<'_>) -> AppSide {
    let key = app.oauth.consumer_key.value().and_then(Option::as_ref);
    let callbacks = app.oauth.callbacks.value();
    let set = facts::of_app(app, Expectations::default(), audit.context);
    AppSide {
        subject: (audit.subject)(app),
        key: key.map(|key| key.digest),
        callbacks: callbacks.map(|all| all.iter().map(|(callback, _)| callback.url.clone()).collect()),
        facts: facts(&set, "app."),
        written: written(&set, "app."),
        switches: switches::side(app),
        beyond_files: beyond_files(app),
        access: Some(match live {
            Some(live) => access_of_org(app, live),
            None => access_of_files(app),
        }),
    }
}

/// The orgs, and the settings of trees.
fn org_sides<'a>(audit: &'a Audit<'_>) -> impl Iterator<Item = AppSide> + 'a {
    let inventory = audit.inventory;
    let side = |name: &str, path: &str, place: &str, source: usize, set: &FactSet| AppSide {
        subject: Subject {
            kind: ORG,
            name: name.to_owned(),
            label: String::new(),
            path: path.to_owned(),
            path_in_source: place.to_owned(),
            org: inventory.org_name(source).unwrap_or_default().to_owned(),
            org_id: inventory.org_id(source),
            governance: Governance::default(),
        },
        key: None,
        callbacks: None,
        facts: facts(set, "org."),
        written: written(set, "org."),
        switches: BTreeMap::new(),
        beyond_files: None,
        access: None,
    };
    let of_settings = inventory.settings.iter().enumerate().map(move |(index, settings)| {
        let name = inventory.org_name(settings.source).unwrap_or(&settings.folder);
        let place = inventory.folder_in_source(settings);
        side(name, &settings.folder, place, settings.source, &facts::of_settings(index, audit.context))
    });
    let of_others = inventory.sources_without_settings().map(move |source| {
        // A tree of which profiles and permission sets are known goes by the name that findings have.
        let (name, place) = inventory.org_name(source).map_or((".", "."), |org| (org, ""));
        side(name, name, place, source, &facts::of_source(source, audit.context))
    });
    of_settings.chain(of_others)
}

fn facts(set: &FactSet, root: &str) -> BTreeMap<&'static str, FactSide> {
    let compared = set.iter().filter(|(path, _)| path.starts_with(root) && !NOT_COMPARED.contains(path));
    compared.map(|(path, fact)| (path, fact.state.as_ref().map(value).map_err(Reason::clone))).collect()
}

/// Whether a fact is about an org and can be written in its settings.
fn is_of_settings(path: &str) -> bool {
    let of_people = ["org.holders.", "org.profiles."].iter().any(|beginning| path.starts_with(beginning));
    path.starts_with("org.") && !of_people && facts::find(path).is_some_and(|fact| !fact.org_only)
}

/// What files have to do with the facts.
fn written(set: &FactSet, root: &str) -> BTreeMap<&'static str, Written> {
    set.iter().filter(|(path, _)| path.starts_with(root)).filter_map(|(path, fact)| Some((path, written_of(path, fact)?))).collect()
}

/// An app's own files tell all of it; of settings those files count that are there.
fn written_of(path: &str, fact: &FactValue) -> Option<Written> {
    if is_declared(fact) {
        Some(Written::Stated)
    } else if fact.state.is_ok() && (path.starts_with("app.") || !fact.origins.is_empty()) {
        Some(Written::LeftOut)
    } else {
        None
    }
}

/// Why no files are expected to hold an app of an org.
fn beyond_files(app: &App) -> Option<Reason> {
    let in_org = app.in_org.as_ref()?;
    match (&in_org.installed.state, &in_org.body.state) {
        (Ok(true), _) => Some("it is installed from a package".into()),
        (_, Err(reason)) => Some(reason.clone()),
        (_, Ok(false)) => Some("the org gives only its record".into()),
        (_, Ok(true)) => None,
    }
}

/// A value; the elements of a list in alphabetical order, because theirs says nothing.
pub(super) fn value(value: &Value) -> Json {
    match value.to_json() {
        Json::Array(mut items) => {
            items.sort_by_cached_key(Json::to_string);
            Json::Array(items)
        }
        other => other,
    }
}

fn access_of_files(app: &App) -> AccessSide {
    let lists = [("profile", &app.access.profiles), ("permission-set", &app.access.permission_sets)];
    let of_list = |(kind, list): &(&'static str, &Fact<Vec<Assignment>>)| {
        let kind = *kind;
        list.value()
            .into_iter()
            .flatten()
            .map(move |it| named(kind, &it.name, it.resolution.full_name(), label(it)))
            .collect::<Vec<_>>()
    };
    let mut assigned: Vec<Assigned> = lists.iter().flat_map(of_list).collect();
    put_in_order(&mut assigned);
    let more = lists.iter().find_map(|(_, list)| list.state.as_ref().err()).cloned();
    AccessSide { admission: Admission::of(app), assigned, more, users: None }
}

fn label(assignment: &Assignment) -> Option<&str> {
    match &assignment.resolution {
        crate::inventory::app::Resolution::Found { label, .. } => label.as_deref(),
        _ => None,
    }
}

pub(super) fn access_of_org(app: &App, live: &LiveOrg<'_>) -> AccessSide {
    let audience = live.graph.audience_of(app);
    let paths = audience.paths();
    let of_path = |path: &crate::access::Path<'_, '_>| {
        let via = path.way.via;
        let label = match via {
            Via::PermissionSet { id, .. } => live.graph.permission_set(id).map(|set| set.label.as_str()),
            Via::Profile { .. } | Via::Group { .. } => None,
        };
        let mut assigned = named(via.kind(), via.name(), None, label);
        // External Client Apps list ids where they were retrieved from an org.
        assigned.aliases.insert(short(via.id()).to_owned());
        assigned
    };
    let mut assigned: Vec<Assigned> = paths.iter().map(of_path).collect();
    put_in_order(&mut assigned);
    let active = audience.holders().filter(|(_, holder)| holder.is_active());
    let users = active.filter_map(|(_, holder)| Some((short(holder.id).to_owned(), holder.user?.username.clone())));
    let users = UsersSide { org: live.org.identity.id.clone(), users: users.collect(), more: audience.more_users().cloned() };
    AccessSide { admission: Admission::of(app), assigned, more: audience.more_ways().cloned(), users: Some(users) }
}

pub(super) fn named(kind: &'static str, name: &str, full_name: Option<&str>, label: Option<&str>) -> Assigned {
    let of_profile = if kind == "profile" { standard(name).map(|profile| profile.name) } else { None };
    let names: BTreeSet<&str> = [Some(name), full_name, label, of_profile].into_iter().flatten().collect();
    let id = Some(name.trim()).filter(|name| is_id(name)).map(|id| short(id).to_owned());
    let aliases = names.into_iter().map(|name| name.trim().to_lowercase()).chain(id).collect();
    Assigned { kind, name: full_name.unwrap_or(name).to_owned(), aliases }
}

/// Whether a name has the form of an id of a permission set or profile, in which letter case matters.
fn is_id(name: &str) -> bool {
    matches!(name.len(), 15 | 18) && (name.starts_with("0PS") || name.starts_with("00e")) && name.chars().all(char::is_alphanumeric)
}

/// In order, each once: an app may list the same thing twice.
fn put_in_order(assigned: &mut Vec<Assigned>) {
    assigned.sort();
    assigned.dedup();
}
