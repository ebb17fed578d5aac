//! The lists of apps made one: metadata and rows, by id and then by API name, never by label.

use std::collections::{BTreeMap, BTreeSet};

use super::ask::Answer;
use super::bodies::{Bodies, Body, type_name};
use super::row::Row;
use super::schema::Schema;
use super::{external, hidden};
use crate::collect::component::external_client_app::names;
use crate::collect::component::{self, Standing};
use crate::collect::tree::recognise::{FileKind, PARTS, PartType};
use crate::inventory::app::{App, AppKind, PartKind};
use crate::inventory::org::{AppInOrg, Id, Seen, short};
use crate::inventory::{Fact, Origin, OrphanPart, Reason};
use crate::metadata::Record;
use crate::salesforce::FileProperties;
use crate::source::{Location, Span};

/// What the Data and Tooling APIs told of apps, each answer with the origin of its facts.
pub(super) struct Rows {
    pub(super) connected: Result<Answer, Reason>,
    pub(super) in_tooling: Option<Answer>,
    pub(super) external: Result<Answer, Reason>,
    pub(super) menu: Result<Answer, Reason>,
    pub(super) policies: Option<Answer>,
    pub(super) switches: Option<Answer>,
    pub(super) scopes: Option<Answer>,
}

/// Makes origins: of the Data API and of the Tooling API.
pub(super) struct Origins<'a> {
    pub(super) data: &'a dyn Fn(&str) -> Origin,
    pub(super) tooling: &'a dyn Fn(&str) -> Origin,
}

/// What rows say of each app, by the short id of the app, so that no list is searched for each app anew.
struct Index<'a> {
    in_tooling: ById<'a>,
    menu: ById<'a>,
    policies: ById<'a>,
    switches: ById<'a>,
    scopes: ById<'a>,
}

type ById<'a> = BTreeMap<String, Vec<&'a Row>>;

impl<'a> Index<'a> {
    fn of(rows: &'a Rows) -> Self {
        let of_policy = |answer: &'a Option<Answer>| by_id(answer.iter(), "ExternalClientApplicationId");
        Self {
            in_tooling: by_id(rows.in_tooling.iter(), "Id"),
            menu: by_id(rows.menu.iter(), "ApplicationId"),
            policies: of_policy(&rows.policies),
            switches: of_policy(&rows.switches),
            scopes: of_policy(&rows.scopes),
        }
    }
}

fn by_id<'a>(answers: impl Iterator<Item = &'a Answer>, column: &str) -> ById<'a> {
    let mut index = ById::new();
    for row in answers.flat_map(|answer| &answer.rows) {
        if let Some(id) = row.text(column).filter(|id| !id.is_empty()) {
            index.entry(short(&id).to_owned()).or_default().push(row);
        }
    }
    index
}

fn first<'a>(index: &ById<'a>, id: &str) -> Option<&'a Row> {
    index.get(short(id))?.first().copied()
}

/// The row of an app that has one. Several, which may disagree, tell nothing.
fn only<'a>(index: &ById<'a>, id: &str) -> Option<&'a Row> {
    match index.get(short(id))?.as_slice() {
        [row] => Some(row),
        _ => None,
    }
}

/// A row that may be an app's, with what it goes by.
struct Entry<'a> {
    row: &'a Row,
    id: Id,
    /// Full name as metadata would have it, where anything tells it.
    full_name: Option<String>,
    taken: bool,
}

/// All apps of an org, and the parts of External Client Apps that have no header.
pub(super) fn join(
    bodies: &Bodies,
    rows: &Rows,
    schema: &Schema,
    api_version: u16,
    origins: &Origins<'_>,
) -> (Vec<App>, Vec<OrphanPart>) {
    let index = Index::of(rows);
    let mut connected = entries(&rows.connected, |row| connected_name(row, &index));
    let mut external_rows =
        entries(&rows.external, |row| Some(qualified(&row.word("NamespacePrefix"), &row.text("DeveloperName")?)));
    let parts = Parts::of(bodies);
    let mut apps = Vec::new();
    for (kind, file_kind, entries) in [
        (AppKind::ConnectedApp, FileKind::ConnectedApp, &mut connected),
        (AppKind::ExternalClientApp, FileKind::ExternalClientApp, &mut external_rows),
    ] {
        let read: BTreeMap<&str, &Body> =
            bodies.read.iter().filter(|body| body.kind == file_kind).map(|body| (body.full_name.as_str(), body)).collect();
        for listed in bodies.names(file_kind) {
            let body = read.get(listed.full_name.as_str()).copied();
            let mut app = match body {
                Some(body) => with_body(kind, body, &parts, api_version),
                None => without_body(kind, file_kind, listed, bodies, origins),
            };
            let entry = matching(entries, listed);
            describe(&mut app, Some(listed), entry.as_deref(), body.is_some());
            if let Some(entry) = entry {
                entry.taken = true;
                fill(&mut app, &entry.id, entry.row, &index, schema, origins);
            }
            apps.push(app);
        }
        for entry in entries.iter().filter(|entry| !entry.taken) {
            let mut app = row_only(kind, file_kind, entry, bodies, origins);
            describe(&mut app, None, Some(entry), false);
            fill(&mut app, &entry.id, entry.row, &index, schema, origins);
            apps.push(app);
        }
    }
    scopes_of_connected_apps(&mut apps, bodies);
    apps.sort_by(|a, b| (a.location.path(), &a.name).cmp(&(b.location.path(), &b.name)));
    (apps, orphans(bodies))
}

fn entries<'a>(answer: &'a Result<Answer, Reason>, name: impl Fn(&'a Row) -> Option<String>) -> Vec<Entry<'a>> {
    let rows = answer.iter().flat_map(|answer| &answer.rows);
    rows.filter_map(|row| Some(Entry { row, id: row.text("Id")?, full_name: name(row), taken: false })).collect()
}

/// The API name of a connected app's row: the Tooling API has it, the menu item the namespace.
fn connected_name(row: &Row, index: &Index<'_>) -> Option<String> {
    let id = row.text("Id")?;
    let (tooling, menu) = (first(&index.in_tooling, &id), first(&index.menu, &id));
    let namespace = menu.map(|item| item.word("NamespacePrefix")).unwrap_or_default();
    let name = tooling.and_then(|row| row.text("DeveloperName")).or_else(|| menu.and_then(|item| item.text("Name")))?;
    Some(qualified(&namespace, &name))
}

fn qualified(namespace: &str, name: &str) -> String {
    if namespace.is_empty() || name.starts_with(&format!("{namespace}__")) {
        name.to_owned()
    } else {
        format!("{namespace}__{name}")
    }
}

fn same(one: &str, other: &str) -> bool {
    !one.is_empty() && short(one) == short(other)
}

/// The row of a listed component: by id, else by API name where that is the name of one row only.
fn matching<'e, 'a>(entries: &'e mut [Entry<'a>], listed: &FileProperties) -> Option<&'e mut Entry<'a>> {
    let by_id = entries.iter().position(|entry| !entry.taken && same(&entry.id, listed.id.as_deref().unwrap_or_default()));
    let by_name = || {
        let mut named =
            entries.iter().enumerate().filter(|(_, entry)| !entry.taken && entry.full_name.as_deref() == Some(&listed.full_name));
        named.next().filter(|_| named.next().is_none()).map(|(index, _)| index)
    };
    let index = by_id.or_else(by_name)?;
    entries.get_mut(index)
}

fn standing(body: &Body, api_version: u16) -> Standing {
    Standing {
        source: 0,
        api_version: Some(api_version),
        name: body.full_name.clone(),
        path_in_source: body.record.path().to_string(),
        in_package_directory: true,
    }
}

/// Parts of External Client Apps.
struct Parts<'a> {
    /// By the app they name.
    by_app: BTreeMap<String, Vec<(PartKind, &'a Record)>>,
    /// Why parts of a kind may be there and are not known.
    unread: BTreeMap<PartKind, Reason>,
    /// Why an app may lack one, in words.
    missing: BTreeMap<PartKind, Reason>,
}

impl<'a> Parts<'a> {
    fn of(bodies: &'a Bodies) -> Self {
        let mut parts: BTreeMap<String, Vec<(PartKind, &Record)>> = BTreeMap::new();
        for body in &bodies.read {
            if let (Some(kind), Some(app)) = (part_kind(body.kind), header_of(&body.record)) {
                parts.entry(app).or_default().push((kind, &body.record));
            }
        }
        let unread: BTreeMap<PartKind, Reason> = PARTS
            .iter()
            .enumerate()
            .filter(|(_, part)| part.kind != PartKind::Other)
            .filter_map(|(index, part)| Some((part.kind, bodies.unread_reason(FileKind::Part(index))?)))
            .collect();
        Self { by_app: parts, missing: why_parts_are_missing(&unread), unread }
    }
}

fn with_body(kind: AppKind, body: &Body, parts: &Parts<'_>, api_version: u16) -> App {
    if kind == AppKind::ConnectedApp {
        let mut app = component::connected_app(&body.record, standing(body, api_version));
        app.flows.guest_code_credentials = Fact::unknown("the org does not tell of the app's guest flow");
        return app;
    }
    let own = parts.by_app.get(&body.full_name).map_or(&[][..], Vec::as_slice);
    let mut app = component::external_client_app(&body.record, own, &parts.missing, standing(body, api_version));
    forget_what_parts_could_tell(&mut app, &parts.unread);
    app
}

/// Why an app lacks a part: the org did not deliver it, or there is none.
fn why_parts_are_missing(unread: &BTreeMap<PartKind, Reason>) -> BTreeMap<PartKind, Reason> {
    let kinds = PARTS.iter().map(|part| part.kind).filter(|kind| *kind != PartKind::Other);
    let why = kinds.map(|kind| {
        let names = names(kind);
        let reason = match unread.get(&kind) {
            Some(reason) if kind == PartKind::GlobalOauthSettings => format!(
                "its {names} not delivered by the org ({reason}; it takes the permission View External Client App Consumer Secrets in \
                 Metadata and an org that allows it)"
            ),
            Some(reason) => format!("its {names} not delivered by the org ({reason})"),
            None => format!("its {names} not in the org"),
        };
        (kind, reason.into())
    });
    why.collect()
}

/// The parts that were all delivered. Whether global OAuth settings are listed to a user who may not see secrets is not documented: an answer
/// without any tells nothing.
pub(super) fn whole_parts(bodies: &Bodies) -> BTreeSet<PartKind> {
    let is_whole = |(index, part): &(usize, &PartType)| {
        let kind = FileKind::Part(*index);
        let is_told = part.kind != PartKind::GlobalOauthSettings || bodies.names(kind).next().is_some();
        let is_listed = bodies.listed.get(&kind).is_some_and(Result::is_ok);
        part.kind != PartKind::Other && is_told && is_listed && bodies.unread_reason(kind).is_none()
    };
    PARTS.iter().enumerate().filter(is_whole).map(|(_, part)| part.kind).collect()
}

fn part_kind(kind: FileKind) -> Option<PartKind> {
    match kind {
        FileKind::Part(index) => PARTS.get(index).map(|part| part.kind),
        _ => None,
    }
}

fn header_of(part: &Record) -> Option<String> {
    part.text("externalClientApplication").value().cloned()
}

/// A part that is optional counts as not there where it is not there. Where it could not be read, nothing is known of what it says.
fn forget_what_parts_could_tell(app: &mut App, unread: &BTreeMap<PartKind, Reason>) {
    for (kind, why) in unread {
        if app.parts.contains_key(kind) {
            continue;
        }
        let why = why.clone();
        match kind {
            PartKind::SamlPolicies => {
                app.saml.configured = Fact::unknown(why.clone());
                app.saml.signing_algorithm = Fact::unknown(why.clone());
                app.certificates = Fact::unknown(why);
            }
            PartKind::OauthSecuritySettings => app.network.ip_ranges = Fact::unknown(why),
            PartKind::OauthSettings | PartKind::OauthPolicies => {
                app.urls = Fact::unknown(why.clone());
                forget_that_it_is_no_oauth_app(app, why);
            }
            PartKind::GlobalOauthSettings => forget_that_it_is_no_oauth_app(app, why),
            PartKind::Policies => app.urls = Fact::unknown(why),
            PartKind::Other => {}
        }
    }
}

/// A plug-in that is off makes it none where there are no OAuth parts. They may be there.
fn forget_that_it_is_no_oauth_app(app: &mut App, why: Reason) {
    if app.oauth.configured.value() == Some(&false) {
        app.oauth.configured = Fact::unknown(why);
    }
}

fn without_body(kind: AppKind, file_kind: FileKind, listed: &FileProperties, bodies: &Bodies, origins: &Origins<'_>) -> App {
    let installed = listed.manageable_state.as_deref().is_some_and(|state| state.starts_with("installed"));
    let why: Reason = match bodies.unread.get(&file_kind) {
        Some(reason) => reason.clone(),
        None if installed => "the app is installed from a package, and the Metadata API does not return its body".into(),
        None => "the Metadata API lists the app and does not return its body".into(),
    };
    let place = (origins.data)(&format!("{}/{}", type_name(file_kind), listed.full_name));
    hidden::app(kind, &listed.full_name, place.location().clone(), &why)
}

fn row_only(kind: AppKind, file_kind: FileKind, entry: &Entry<'_>, bodies: &Bodies, origins: &Origins<'_>) -> App {
    let label = entry.row.text("Name").or_else(|| entry.row.text("MasterLabel")).unwrap_or_default();
    let name = entry.full_name.clone().unwrap_or_else(|| label.clone());
    let object = if kind == AppKind::ConnectedApp { "ConnectedApplication" } else { "ExternalClientApplication" };
    let place = (origins.data)(&format!("{object}/{}", entry.id));
    let why: Reason = match bodies.unlisted(file_kind) {
        Some(reason) => reason.clone(),
        None => "the Metadata API does not list the app: it is installed from a package or hidden from this user".into(),
    };
    let mut app = hidden::app(kind, &name, place.location().clone(), &why);
    app.label = Fact::read(label, place);
    app
}

/// What the lists tell of an app whatever its body says.
fn describe(app: &mut App, listed: Option<&FileProperties>, entry: Option<&Entry<'_>>, has_body: bool) {
    let namespaced = listed.is_some_and(|listed| listed.namespace_prefix.as_deref().is_some_and(|prefix| !prefix.is_empty()));
    let state = listed.and_then(|listed| listed.manageable_state.as_deref());
    let managed =
        entry.and_then(|entry| entry.row.text("DistributionState")).map(|state| state == "Managed" || state == "AutoInstalled");
    let installed = match (state, managed) {
        (Some(state), _) => Fact::known(state.starts_with("installed") || state.starts_with("deprecatedEditable")),
        (None, Some(managed)) => Fact::known(managed),
        (None, None) if listed.is_some() => Fact::known(namespaced),
        (None, None) => Fact::unknown("where the app comes from could not be read"),
    };
    let body = match app.in_org.as_ref() {
        Some(hidden) => hidden.body.clone(),
        None => Fact::known(has_body),
    };
    let granted_by = Seen::nothing("the app has no row, so that nobody can tell which permission sets grant it");
    app.in_org = Some(AppInOrg { id: entry.map(|entry| entry.id.clone()), body, installed, granted_by });
}

fn fill(app: &mut App, id: &str, row: &Row, index: &Index<'_>, schema: &Schema, origins: &Origins<'_>) {
    if app.kind == AppKind::ConnectedApp {
        let tooling = first(&index.in_tooling, id);
        let (data, in_tooling) = ((origins.data)("ConnectedApplication"), (origins.tooling)("ConnectedApplication"));
        if app.in_org.as_ref().is_some_and(|in_org| in_org.body.value() != Some(&true)) {
            hidden::fill_connected_app(app, row, tooling, &data, &in_tooling);
        } else {
            compare_permitted_users(app, row, &data);
            hidden::guest_flow(app, row, &data);
        }
        return;
    }
    if app.label.state.is_err() {
        app.label = Fact::read(row.word("MasterLabel"), (origins.data)("ExternalClientApplication"));
    }
    if let Some(row) = only(&index.policies, id) {
        external::fill_policies(app, row, schema, &(origins.data)("ExtlClntAppOauthPlcyCnfg"));
    }
    if let Some(row) = only(&index.switches, id) {
        external::fill_switches(app, row, &(origins.data)("ExtlClntAppPlcyCnfg"));
    }
    if let Some(row) = only(&index.scopes, id) {
        external::fill_scopes(app, row, schema, &(origins.data)("ExtlClntAppOauthSettings"));
    }
}

/// Two APIs of one org that disagree about who may use an app: neither is believed.
fn compare_permitted_users(app: &mut App, row: &Row, origin: &Origin) {
    let Some(approved) = row.flag("OptionsAllowAdminApprovedUsersOnly") else { return };
    let of_row = hidden::permitted_users(approved);
    let fact = &mut app.access.permitted_users;
    if fact.value().is_some_and(|of_body| *of_body != of_row) && app.oauth.configured.value() == Some(&true) {
        fact.state = Err("the Metadata API and ConnectedApplication disagree about Permitted Users".into());
        fact.origins.push(origin.clone());
    }
}

/// Custom scopes name the connected apps they are for.
fn scopes_of_connected_apps(apps: &mut [App], bodies: &Bodies) {
    for body in bodies.read.iter().filter(|body| body.kind == FileKind::OauthCustomScope) {
        component::add_custom_scope(apps, &body.record, &body.full_name, 0);
    }
    if let Some(why) = bodies.unread_reason(FileKind::OauthCustomScope) {
        for app in apps.iter_mut().filter(|app| app.kind == AppKind::ConnectedApp && app.oauth.custom_scopes.state.is_ok()) {
            app.oauth.custom_scopes = Fact::unknown(why.clone());
        }
    }
}

/// Parts whose header was neither read nor listed.
fn orphans(bodies: &Bodies) -> Vec<OrphanPart> {
    let headers: BTreeSet<&str> = bodies.names(FileKind::ExternalClientApp).map(|it| it.full_name.as_str()).collect();
    let parts = bodies.read.iter().filter(|body| part_kind(body.kind).is_some());
    parts
        .filter(|part| {
            bodies.unlisted(FileKind::ExternalClientApp).is_none()
                && header_of(&part.record).is_none_or(|app| !headers.contains(app.as_str()))
        })
        .map(|part| OrphanPart {
            metadata_type: part.record.metadata_type().name.to_owned(),
            app: Fact::known(header_of(&part.record).unwrap_or_default()),
            location: Location::new(part.record.source(), Span::at(0)),
            source: 0,
            path_in_source: part.record.path().to_string(),
        })
        .collect()
}
