//! Preflight against the truth table of the authorization reference: every combination of what matters, for every flow.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;
#[path = "support/truth_table/mod.rs"]
mod truth_table;

use std::collections::BTreeSet;

use orgwarden::access::LiveOrg;
use orgwarden::access::errors::{Confidence, catalogue};
use orgwarden::access::preflight::{Forecast, Request, Subject, Verdict, Who};
use orgwarden::collect::{ProfilesToRead, tree};
use orgwarden::inventory::flow::Flow;
use orgwarden::inventory::org::{
    AppInOrg, Assigned as Row, Group, Identity, Org, PermissionSet, ProfileRow, Seen, SetKind, TokenUse, User as Person,
};
use orgwarden::inventory::{Fact, Inventory};
use support::{Project, component};
use truth_table::{Approval, Assigned, Combination, Expected, Outcome, Permitted, Refresh, Switch, User, tables};

const CERTIFICATE: &str = include_str!("data/certificates/rsa-2048.pem");
const USERNAME: &str = "erp@acme.example.com";

/// What preflight says, in the words of the table.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    outcome: Outcome,
    causes: Vec<&'static str>,
    undecided: BTreeSet<&'static str>,
    answer: Option<(String, String)>,
    confidence: Option<&'static str>,
}

#[test]
fn preflight_says_what_the_reference_says() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for table in tables() {
        let apps = Apps::of(table.flow);
        for (combination, expected) in table.rows() {
            let forecast = apps.forecast(combination);
            let (said, wanted) = (said(&forecast), wanted(&expected, &forecast));
            checked += 1;
            if said != wanted {
                wrong.push(format!("{combination}\n  said   {said:?}\n  wanted {wanted:?}"));
            }
        }
    }
    assert_eq!(checked, 3600);
    let shown = wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {checked} differ:\n{shown}", wrong.len());
}

fn said(forecast: &Forecast) -> Said {
    let catalogue = catalogue().unwrap();
    let first = forecast.failing.first();
    let answer = first.and_then(|failing| forecast.answers(failing, catalogue).next());
    let outcome = match forecast.verdict() {
        Verdict::WouldIssue => Outcome::Issue,
        Verdict::WouldRefuse => Outcome::Refuse,
        Verdict::CannotTell => Outcome::CannotTell,
    };
    let decides = outcome == Outcome::CannotTell;
    Said {
        outcome,
        causes: forecast.failing.iter().map(|failing| failing.cause.as_str()).collect(),
        undecided: forecast.undecided.iter().filter(|_| decides).map(|undecided| undecided.topic.as_str()).collect(),
        confidence: match (&answer, first) {
            (Some(said), _) => Some(said.confidence.as_str()),
            (None, Some(failing)) => Some(forecast.refusal(failing, catalogue).as_str()),
            (None, None) => None,
        },
        answer: answer.map(|said| (said.answer.error.clone(), said.answer.description.clone().unwrap_or_default())),
    }
}

/// The same of the table. Where reports disagree about the error, the one that was said will do if it is among them.
fn wanted(expected: &Expected, forecast: &Forecast) -> Said {
    let answered = said(forecast).answer.map(|(error, _)| error);
    Said {
        outcome: expected.outcome,
        causes: expected.causes.iter().map(|cause| cause.as_str()).collect(),
        undecided: expected.undecided.iter().map(|undecided| undecided.word()).collect(),
        answer: expected.answer.as_ref().map(|answer| {
            let error = answer.errors.iter().find(|error| Some(*error) == answered.as_ref()).or_else(|| answer.errors.first());
            (error.unwrap().clone(), answer.description.clone())
        }),
        confidence: expected.confidence.map(Confidence::as_str),
    }
}

/// The app of a flow in each form that its metadata can have: read once, because reading files takes longer than everything else.
struct Apps {
    flow: Flow,
    read: Vec<((Refresh, Permitted, Switch), Inventory)>,
}

impl Apps {
    fn of(flow: Flow) -> Self {
        let mut read = Vec::new();
        for &refresh in Refresh::ALL {
            for &permitted in Permitted::ALL {
                for &switch in Switch::ALL {
                    read.push(((refresh, permitted, switch), app(flow, refresh, permitted, switch)));
                }
            }
        }
        Self { flow, read }
    }

    fn forecast(&self, combination: Combination) -> Forecast {
        let form = (combination.refresh, combination.permitted, combination.switch);
        let mut inventory = self.read.iter().find(|(of, _)| *of == form).unwrap().1.clone();
        inventory.sources[0].org = Some(Box::new(org(combination)));
        let grants = match combination.assigned {
            Assigned::Profile => vec!["0PSprofile0000".to_owned()],
            _ => vec!["0PSerp00000000".to_owned()],
        };
        inventory.apps[0].in_org = Some(in_org(grants));
        let live = LiveOrg::new(&inventory, 0).unwrap();
        let subject = Subject::new(&inventory, &inventory.apps[0], Some(&live), "2026-06-01".parse().unwrap());
        subject.forecast(&Request::new(self.flow, Who::Named(USERNAME.to_owned())))
    }
}

/// What the org knows of the app: which permission sets grant it.
fn in_org(grants: Vec<String>) -> AppInOrg {
    AppInOrg {
        id: Some("0H4app00000000".to_owned()),
        body: Fact::known(true),
        installed: Fact::known(false),
        granted_by: Seen::all(grants),
    }
}

/// A connected app with the settings of its org, as files.
fn app(flow: Flow, refresh: Refresh, permitted: Permitted, switch: Switch) -> Inventory {
    let on = switch == Switch::On;
    let scopes: &[&str] = if flow.is_hybrid() { &["Api", "Lightning", "Content", "Web"] } else { &["Api"] };
    let refresh = if refresh == Refresh::Yes { &["RefreshToken"][..] } else { &[] };
    let scopes = scopes.iter().chain(refresh).fold(String::new(), |all, scope| all + &format!("<scopes>{scope}</scopes>"));
    let of_flow = match flow {
        Flow::JwtBearer | Flow::SamlBearer if on => format!("<certificate>{}</certificate>", CERTIFICATE.trim()),
        Flow::Device => format!("<isDeviceFlowEnabled>{on}</isDeviceFlowEnabled>"),
        Flow::TokenExchange => format!("<isTokenExchangeEnabled>{on}</isTokenExchangeEnabled>"),
        Flow::CodeCredentials => format!("<isCodeCredentialEnabled>{on}</isCodeCredentialEnabled>"),
        Flow::ClientCredentials => format!(
            "<isClientCredentialEnabled>{on}</isClientCredentialEnabled>\
             <oauthClientCredentialUser>{USERNAME}</oauthClientCredentialUser>"
        ),
        Flow::AssetToken if on => "<assetTokenConfig><assetAudiences>acme</assetAudiences></assetTokenConfig>".to_owned(),
        _ => String::new(),
    };
    let admin = permitted == Permitted::Admin;
    let oauth = format!(
        "<oauthConfig><callbackUrl>https://erp.acme.internal/cb</callbackUrl>{of_flow}\
         <isAdminApproved>{admin}</isAdminApproved>{scopes}</oauthConfig><oauthPolicy><ipRelaxation>BYPASS</ipRelaxation></oauthPolicy>"
    );
    let blocked = |blocks: bool| blocks && !on;
    let settings = format!(
        "<blockOAuthUnPwFlow>{}</blockOAuthUnPwFlow><blockOAuthUsrAgtFlow>{}</blockOAuthUsrAgtFlow>\
         <oAuthCdCrdtFlowEnable>true</oAuthCdCrdtFlowEnable>",
        blocked(flow == Flow::UsernamePassword),
        blocked(matches!(flow, Flow::UserAgent | Flow::HybridUserAgent)),
    );
    let project = Project::new()
        .file("erp.connectedApp-meta.xml", support::connected_app(&oauth))
        .file("OauthOidc.settings-meta.xml", component("OauthOidcSettings", &settings))
        .file(
            "ConnectedApp.settings-meta.xml",
            component("ConnectedAppSettings", "<enableAdminApprovedAppsOnly>false</enableAdminApprovedAppsOnly>"),
        );
    let paths = [project.path("")];
    let collected = tree::collect(&tree::Request { paths: &paths, force_ignore: true, profiles: ProfilesToRead::None, also: &[] });
    assert_eq!(collected.inventory.apps.len(), 1, "{:?}", collected.diagnostics);
    collected.inventory
}

/// The org of the user, as a combination has it.
fn org(combination: Combination) -> Org {
    let mut org = Org { active_users: Fact::known(10), users_looked_up: BTreeSet::from([USERNAME.to_owned()]), ..Org::default() };
    org.identity = Identity { id: "00Dacme0000000".to_owned(), ..Identity::default() };
    let permissions = BTreeSet::from(["ApiEnabled".to_owned()]);
    org.users.insert(
        "005erp00000000".to_owned(),
        Person {
            username: USERNAME.to_owned(),
            active: combination.user != User::Inactive,
            frozen: Fact::known(combination.user == User::Frozen),
            user_type: "Standard".to_owned(),
            profile: "00eops00000000".to_owned(),
            profile_name: "Operations".to_owned(),
            license: "Salesforce".to_owned(),
            permissions: Fact::known(permissions.clone()),
        },
    );
    let row = ProfileRow { name: "Operations".to_owned(), license: "Salesforce".to_owned(), user_type: "Standard".to_owned() };
    org.profiles.insert("00eops00000000".to_owned(), row);
    org.active_users_by_profile.insert("00eops00000000".to_owned(), 1);
    for (id, name, kind) in [
        ("0PSprofile0000", "Operations", SetKind::OfProfile { profile: "00eops00000000".to_owned() }),
        ("0PSerp00000000", "ERP_Sync", SetKind::Regular),
        ("0PSgroup000000", "Integration", SetKind::OfGroup { group: "0PGint00000000".to_owned() }),
    ] {
        let set = PermissionSet {
            name: name.to_owned(),
            label: name.to_owned(),
            kind,
            requires_activation: false,
            permissions: permissions.clone(),
        };
        org.permission_sets.insert(id.to_owned(), set);
    }
    let muted = combination.assigned == Assigned::Muted;
    org.groups = Seen::all(vec![Group {
        id: "0PGint00000000".to_owned(),
        name: "Integration".to_owned(),
        status: "Updated".to_owned(),
        permission_sets: vec!["0PSerp00000000".to_owned()],
        muting: if muted { vec!["Mute_ERP".to_owned()] } else { Vec::new() },
    }]);
    org.assignments = Seen::all(assignments(combination.assigned));
    if combination.approval == Approval::Yes {
        org.tokens = Seen::all(vec![TokenUse {
            app_name: "Portal".to_owned(),
            app: Some("0H4app00000000".to_owned()),
            user: "005erp00000000".to_owned(),
            tokens: 1,
            uses: 1,
            first: None,
            last_used: None,
        }]);
    }
    org
}

fn assignments(assigned: Assigned) -> Vec<Row> {
    let row = Row {
        user: "005erp00000000".to_owned(),
        permission_set: "0PSerp00000000".to_owned(),
        group: None,
        expires: None,
        active: true,
    };
    match assigned {
        Assigned::Profile | Assigned::Not => Vec::new(),
        Assigned::Set => vec![row],
        Assigned::Expired => vec![Row { expires: Some("2026-05-01T00:00:00.000+0000".to_owned()), active: false, ..row }],
        Assigned::Group | Assigned::Muted => {
            vec![Row { permission_set: "0PSgroup000000".to_owned(), group: Some("0PGint00000000".to_owned()), ..row }]
        }
    }
}

/// A user who is let in, with what is not confirmed of the way: groups, ends, groups that lag behind.
#[test]
fn ways_that_are_not_sure_are_said_to_be_so() {
    let combination = |assigned| Combination {
        flow: Flow::JwtBearer,
        refresh: Refresh::Yes,
        permitted: Permitted::Admin,
        assigned,
        user: User::Active,
        approval: Approval::No,
        switch: Switch::On,
    };
    let direct = |org: &mut Org| org.assignments.rows[0].expires = Some("2026-06-10T00:00:00.000+0000".to_owned());
    let lagging = |org: &mut Org| org.groups.rows[0].status = "Outdated".to_owned();
    let nothing = |_: &mut Org| {};
    // What grants the app, how the user has it, what else is true of the org, and the words that must be there.
    for (granted_by, assigned, change, verdict, words) in [
        (
            "0PSerp00000000",
            Assigned::Group,
            &nothing as &dyn Fn(&mut Org),
            Verdict::WouldIssue,
            &["group Integration", "not confirmed"][..],
        ),
        // The group's own permission set, should an org write the grant down there.
        ("0PSgroup000000", Assigned::Group, &nothing, Verdict::WouldIssue, &["group Integration", "not confirmed"]),
        (
            "0PSgroup000000",
            Assigned::Set,
            &nothing,
            Verdict::WouldRefuse,
            &["nothing of what is assigned to it (the permission set group Integration)"],
        ),
        ("0PSerp00000000", Assigned::Group, &lagging, Verdict::WouldIssue, &["not up to date"]),
        ("0PSerp00000000", Assigned::Muted, &nothing, Verdict::CannotTell, &["Mute_ERP", "not documented"]),
        ("0PSgroup000000", Assigned::Muted, &nothing, Verdict::CannotTell, &["Mute_ERP", "not documented"]),
        ("0PSerp00000000", Assigned::Set, &direct, Verdict::WouldIssue, &["ends on 2026-06-10"]),
        ("0PSerp00000000", Assigned::Expired, &nothing, Verdict::WouldRefuse, &["ended on 2026-05-01"]),
    ] {
        let mut inventory = app(Flow::JwtBearer, Refresh::Yes, Permitted::Admin, Switch::On);
        let mut org = org(combination(assigned));
        change(&mut org);
        inventory.sources[0].org = Some(Box::new(org));
        inventory.apps[0].in_org = Some(in_org(vec![granted_by.to_owned()]));
        let live = LiveOrg::new(&inventory, 0).unwrap();
        let subject = Subject::new(&inventory, &inventory.apps[0], Some(&live), "2026-06-01".parse().unwrap());
        let forecast = subject.forecast(&Request::new(Flow::JwtBearer, Who::Named(USERNAME.to_owned())));
        let what = format!("{granted_by} {assigned:?}");
        assert_eq!(forecast.verdict(), verdict, "{what}");
        let said =
            format!("{:?} {:?} {:?} {:?}", forecast.failing, forecast.undecided, forecast.reservations, forecast.issue.limits);
        assert!(words.iter().all(|word| said.contains(word)), "{what}: {said}");
    }
}
