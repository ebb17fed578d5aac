//! The same of forecasts: whatever is taken away from what an auditor sees of an org, no refusal becomes a token and nobody who would lose an
//! app is told to keep it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::OnceLock;

use jiff::civil::{Date, date};
use orgwarden::access::LiveOrg;
use orgwarden::access::preflight::{Request, Subject, Verdict, Who};
use orgwarden::access::preview::{Change, Fate, Of};
use orgwarden::collect::Collected;
use orgwarden::diagnostic::Level;
use orgwarden::inventory::app::App;
use orgwarden::inventory::flow::Flow;
use orgwarden::inventory::oauth::PermittedUsers;
use serde_json::json;

use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Fault};
use crate::live::Reader;
use crate::scripted::hasty;

const TODAY: Date = date(2026, 6, 1);

/// Whom tokens are asked for: employees with and without assignments, an integration, an administrator, a customer, one who is frozen, one who has
/// left, and nobody.
const USERS: [&str; 11] = [
    "amira@acme.example.com",
    "bruno@acme.example.com",
    "dario@acme.example.com",
    "felix@acme.example.com",
    "tilda@acme.example.com",
    "ugo@acme.example.com",
    "erp.integration@acme.example.com",
    "boris.builder@acme.example.com",
    "carol.customer@acme.example.com",
    "yara.frozen@acme.example.com",
    "no.such.user@acme.example.com",
];

/// Acme, where API Access Control is on, the sales people have login IP ranges, and more apps can fail by their policies alone.
fn strict() -> FakeOrg {
    let mut org = acme();
    org.settings(
        "ConnectedApp",
        "<enableAdminApprovedAppsOnly>true</enableAdminApprovedAppsOnly>\
         <enableAdminApprovedAppsOnlyForExternalUser>true</enableAdminApprovedAppsOnlyForExternalUser>",
    );
    org.settings("OauthOidc", "<blockOAuthUnPwFlow>true</blockOAuthUnPwFlow><blockOAuthUsrAgtFlow>true</blockOAuthUsrAgtFlow>");
    org.component(
        "Profile",
        "Sales Operations",
        "",
        "<custom>true</custom><loginIpRanges><endAddress>203.0.113.20</endAddress><startAddress>203.0.113.10</startAddress></loginIpRanges>\
         <userLicense>Salesforce</userLicense>",
    );
    // Refresh tokens that end at once, and somebody who holds one.
    let body = &mut org.component_named("ConnectedApp", "Team_Calendar").body;
    *body = body.replace("specific_inactivity:14:DAYS", "zero");
    let apps = org.objects.table("ConnectedApplication");
    apps.update(("DeveloperName", "Team_Calendar"), "RefreshTokenValidityPeriod", &json!(null));
    apps.update(("DeveloperName", "Team_Calendar"), "OptionsRefreshTokenValidityMetric", &json!(false));
    // A headless app that asks for a high assurance session, and fails by that alone.
    let body = &mut org.component_named("ConnectedApp", "Warehouse_Export").body;
    body.push_str("<sessionPolicy><sessionLevel>HIGH_ASSURANCE</sessionLevel></sessionPolicy>");
    org.profile("Customers", "Salesforce", &["ApiEnabled"]);
    org.objects.table("Profile").update(("Name", "Customers"), "UserType", &json!("CspLitePortal"));
    let customer = org.add_user("carol.customer@acme.example.com", "Carol Customer", "Customers");
    org.objects.table("User").update(("Id", &customer), "UserType", &json!("CspLitePortal"));
    org
}

/// App, flow, user and the address the request comes from.
type About = (String, Flow, &'static str, &'static str);

/// What is said of each app, flow and user, and of each app, change and user.
#[derive(Debug, Default)]
struct Said {
    forecasts: BTreeMap<About, Verdict>,
    losers: BTreeMap<(String, &'static str), BTreeSet<String>>,
    /// Apps and changes of which the preview says that something could not be told.
    open: BTreeSet<(String, &'static str)>,
    /// Something could not be read.
    gaps: bool,
}

/// More than this many things in the way of a token are not lost at once.
const MOST_IN_THE_WAY: usize = 2;

const CHANGES: [(&str, PermittedUsers); 2] =
    [("to admin-approved", PermittedUsers::AdminApproved), ("to self-authorize", PermittedUsers::SelfAuthorize)];

impl Said {
    /// All that is said, or of what was said of the whole org what can get better.
    fn of(collected: &Collected, whole: Option<&Self>) -> Self {
        let inventory = &collected.inventory;
        let live = LiveOrg::new(inventory, 0);
        let mut said = Self { gaps: collected.diagnostics.iter().any(|it| it.level == Level::Error), ..Self::default() };
        for app in &inventory.apps {
            let subject = Subject::new(inventory, app, live.as_ref(), TODAY);
            for (flow, user) in Flow::ALL.iter().flat_map(|flow| USERS.map(|user| (*flow, user))) {
                for from in ["anywhere", "198.51.100.7"] {
                    let about = (called(app), flow, user, from);
                    if whole.is_some_and(|whole| !whole.forecasts.contains_key(&about)) {
                        continue;
                    }
                    let mut request = Request::new(flow, Who::Named(user.to_owned()));
                    request.source_ip = from.parse().ok();
                    let forecast = subject.forecast(&request);
                    let in_the_way = forecast.failing.len() + forecast.undecided.len();
                    if whole.is_some() || (1..=MOST_IN_THE_WAY).contains(&in_the_way) {
                        said.forecasts.insert(about, forecast.verdict());
                    }
                }
            }
            for (name, permitted_users) in CHANGES {
                let change = Change { permitted_users, permission_sets: Vec::new(), profiles: Vec::new() };
                let of = Of { inventory, app, live: live.as_ref(), contract: None, today: TODAY };
                let preview = of.preview(&change).unwrap();
                let losers =
                    preview.people.iter().filter(|it| matches!(it.fate, Fate::Loses(_))).map(|it| it.name.clone()).collect();
                said.losers.insert((called(app), name), losers);
                said.open.extend(preview.is_open().then(|| (called(app), name)));
            }
        }
        said
    }

    /// What is better than it is said to be with the whole org: each forecast that is nearer to a token, each preview that says nothing is open
    /// and has fewer people who lose the app.
    fn better_than(&self, whole: &Self) -> Vec<String> {
        let forecasts = whole.forecasts.iter().filter_map(|(about, was)| {
            let now = self.forecasts.get(about).copied();
            // Nothing that was seen to be refused or not known can turn into a token by not being seen.
            let better = now.map_or(!self.gaps, |now| now == Verdict::WouldIssue);
            better.then(|| format!("{about:?} was {was:?} and is {now:?}"))
        });
        let previews = whole.losers.iter().filter_map(|(about, was)| {
            let Some(now) = self.losers.get(about) else { return (!self.gaps).then(|| format!("{about:?} is gone")) };
            let fewer: Vec<_> = was.difference(now).collect();
            let hidden = !fewer.is_empty() && !self.open.contains(about);
            let closed = whole.open.contains(about) && !self.open.contains(about) && now.is_empty();
            (hidden || closed).then(|| format!("{about:?}: {fewer:?} lost it, and now nothing is open"))
        });
        forecasts.chain(previews).collect()
    }
}

/// An app by its label, which no two apps of Acme share; by its name where that is all there is. Which of them is read depends on what is seen.
fn called(app: &App) -> String {
    let words = app.label.value().filter(|label| !label.is_empty()).unwrap_or(&app.name);
    words.rsplit("__").next().unwrap_or_default().replace(' ', "_")
}

struct Whole {
    said: Said,
    queries: Vec<String>,
    requests: u64,
}

fn read(org: FakeOrg) -> Whole {
    let running = org.start();
    let said = Said::of(&Reader::of(&running, hasty()).collect_with_users(&USERS), None);
    let record = running.record();
    Whole { said, queries: record.queries, requests: record.received.len().try_into().unwrap() }
}

fn whole() -> &'static Whole {
    static WHOLE: OnceLock<Whole> = OnceLock::new();
    WHOLE.get_or_init(|| read(strict()))
}

fn better<T: Debug>(cases: impl IntoIterator<Item = T>, change: impl Fn(&mut FakeOrg, &T)) -> Vec<String> {
    let running = strict().start();
    let mut options = hasty();
    options.retry.attempts = 0;
    let reader = Reader::of(&running, options);
    let mut better = Vec::new();
    for case in cases {
        let mut org = strict();
        change(&mut org, &case);
        running.replace(org);
        let said = Said::of(&reader.collect_with_users(&USERS), Some(&whole().said));
        better.extend(said.better_than(&whole().said).into_iter().map(|it| format!("{case:?}: {it}")));
    }
    better
}

/// Objects that are asked for, with the columns that are. Those that come in great number go together.
fn asked() -> Vec<(String, Vec<Vec<String>>)> {
    let words = |query: &str| query.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect::<BTreeSet<_>>();
    let objects = acme().objects;
    let tables = objects.iter().map(|table| {
        let from = format!("FROM {}", table.name);
        let queries = whole().queries.iter().filter(|query| query.contains(&from));
        let words: BTreeSet<String> = queries.flat_map(|query| words(query)).collect();
        let mut names: Vec<String> =
            table.fields.iter().map(|field| field.name.clone()).filter(|name| words.contains(name)).collect();
        let mut columns: Vec<Vec<String>> = ["Permissions", "OauthScopes"]
            .into_iter()
            .map(|prefix| names.extract_if(.., |name| name.starts_with(prefix)).collect())
            .filter(|many: &Vec<String>| !many.is_empty())
            .collect();
        columns.extend(names.into_iter().map(|name| vec![name]));
        (table.name.clone(), columns)
    });
    tables.filter(|(_, columns)| !columns.is_empty()).collect()
}

#[test]
fn there_is_enough_to_lose() {
    let Whole { said, requests, .. } = whole();
    let count = |verdict| said.forecasts.values().filter(|it| **it == verdict).count();
    let counts = [Verdict::WouldRefuse, Verdict::CannotTell, Verdict::WouldIssue].map(count);
    assert!(counts[0] > 500 && counts[1] > 100 && counts[2] == 0, "{counts:?}");
    assert!(said.losers.values().map(BTreeSet::len).sum::<usize>() > 2, "{:?}", said.losers);
    assert_eq!((said.gaps, *requests > 20, asked().len() > 15), (false, true, true));
}

#[test]
fn an_object_that_is_not_there() {
    let objects = asked().into_iter().map(|(object, _)| object);
    assert_eq!(better(objects, |org, object| org.hide_object(object)), [""; 0]);
}

#[test]
fn a_column_that_is_not_there() {
    let columns: Vec<(String, Vec<String>)> = asked()
        .into_iter()
        .flat_map(|(object, columns)| columns.into_iter().map(move |columns| (object.clone(), columns)))
        .collect();
    // Three at a time, of different objects, which saves most of the time.
    let third = columns.len().div_ceil(3);
    let threes = (0..third).map(|at| columns.iter().skip(at).step_by(third).collect::<Vec<_>>());
    let hide = |org: &mut FakeOrg, columns: &Vec<&(String, Vec<String>)>| {
        for (object, names) in columns {
            for name in names {
                org.hide_column(object, name);
            }
        }
    };
    assert_eq!(better(threes, hide), [""; 0]);
}

#[test]
fn a_component_that_is_not_delivered() {
    let mut seen = BTreeMap::new();
    // All apps, and some of each other kind: those are all read the same way.
    let few = strict().components.into_iter().filter(|component| {
        let of_kind = seen.entry(component.kind.clone()).or_insert(0);
        *of_kind += 1;
        component.kind == "ConnectedApp" || *of_kind <= 2
    });
    let names: Vec<(String, String)> = few.map(|component| (component.kind, component.full_name)).collect();
    assert_eq!(better(names, |org, (kind, name)| org.component_named(kind, name).readable = false), [""; 0]);
}

#[test]
fn one_request_that_fails() {
    assert_eq!(better(1..=whole().requests, |org, number| org.fault(Fault::html(200).only(*number))), [""; 0]);
}
