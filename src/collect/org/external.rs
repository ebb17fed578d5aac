//! What the objects of External Client Apps tell where their metadata does not: API contract, section 4.3.
//!
//! Picklists answer with names, labels or numbers, depending on whom one asks; all are read, and what is none of them is unknown.

use super::row::Row;
use super::schema::Schema;
use crate::inventory::app::{App, AppScope};
use crate::inventory::oauth::{IpRelaxation, KnownScope, PermittedUsers, RefreshTokenPolicy, SessionAction, SessionLevel};
use crate::inventory::{Fact, Origin};

const POLICIES: &str = "ExtlClntAppOauthPlcyCnfg";

/// Takes a fact from the org's objects where metadata did not tell it.
fn fill<T>(fact: &mut Fact<T>, told: Option<T>, origin: &Origin) {
    if let (Err(_), Some(value)) = (&fact.state, told) {
        *fact = Fact::read(value, origin.clone());
    }
}

/// `ExtlClntAppOauthPlcyCnfg`.
pub(super) fn fill_policies(app: &mut App, row: &Row, schema: &Schema, origin: &Origin) {
    let word = |column: &str| row.text(column).and_then(|text| value_of(schema.picklist(POLICIES, column), &text));
    let permitted = word("PermittedUsersPolicyType").and_then(|word| match word.as_str() {
        "AdminApprovedPreAuthorized" => Some(PermittedUsers::AdminApproved),
        "AllSelfAuthorized" => Some(PermittedUsers::SelfAuthorize),
        _ => None,
    });
    fill(&mut app.access.permitted_users, permitted, origin);

    let ip = word("IpRelaxationPolicyType")
        .map(|word| numbered(&word, &["Enforce", "Bypass_2factor", "Bypass", "Enforce_RelaxRefresh"]));
    fill(&mut app.network.ip_relaxation, ip.as_deref().map(IpRelaxation::from_metadata), origin);
    fill(&mut app.network.ip_relaxation_text, ip, origin);

    let unit = word("RefreshTokenValidityUnit").map(|word| numbered(&word, &["Days", "Hours", "Months"]));
    let period = row.text("RefreshTokenValidityPeriod");
    let policy = word("RefreshTokenPolicyType")
        .map(|kind| RefreshTokenPolicy::from_external_client_app(&kind, period.as_deref(), unit.as_deref()));
    fill(&mut app.tokens.refresh_policy, policy.filter(|policy| policy.kind() != "unrecognised"), origin);

    fill(&mut app.session.level, word("RequiredSessionLevel").map(|word| SessionLevel::from_metadata(&word)), origin);
    fill(&mut app.session.action, word("PolicyAction").map(|word| SessionAction::from_metadata(&word)), origin);
    let minutes = row.count("SessionTimeoutInMinutes").and_then(|minutes| i64::try_from(minutes).ok());
    fill(&mut app.session.timeout_minutes, minutes.map(Some), origin);
    fill(&mut app.flows.client_credentials_user, row.text("ClientCredentialsFlowUser"), origin);
    fill(&mut app.flows.guest_code_credentials, row.flag("IsGuestCodeCredFlowEnabled").map(Some), origin);
    // Of two switches one that is off settles it; one that is on does not.
    let off = row.flag("IsClientCredentialsFlowEnabled").filter(|on| !on);
    fill(&mut app.flows.client_credentials, off, origin);
}

/// `ExtlClntAppPlcyCnfg`.
pub(super) fn fill_switches(app: &mut App, row: &Row, origin: &Origin) {
    let plugin = row.text("OauthPluginStatus").map(|status| status == "Enabled");
    let enabled = match (row.flag("IsEnabled"), plugin) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    fill(&mut app.enabled, enabled, origin);
}

/// `ExtlClntAppOauthSettings`: a boolean column for each scope.
pub(super) fn fill_scopes(app: &mut App, row: &Row, schema: &Schema, origin: &Origin) {
    let columns = schema.columns_named("ExtlClntAppOauthSettings", "OauthScopes");
    // A list without a scope that is only hidden would be a wrong list.
    if ["API", "FULL", "OFFLINE_ACCESS", "REFRESH_TOKEN", "WEB"]
        .iter()
        .any(|scope| !columns.contains(&format!("OauthScopes{scope}")))
    {
        return;
    }
    let granted: Vec<String> = columns.into_iter().filter(|column| row.flag(column) == Some(true)).collect();
    let scopes = granted.iter().filter_map(|column| column.strip_prefix("OauthScopes")).map(|column| scope(column, origin));
    fill(&mut app.oauth.scopes, Some(scopes.collect()), origin);
    fill(&mut app.oauth.configured, Some(true), origin);
}

/// The scope of a column such as `REFRESH_TOKEN`; section 1.6 of the API contract has the few whose names are not those of the scope.
fn scope(column: &str, origin: &Origin) -> AppScope {
    let metadata = match column {
        "SSO" => "Basic",
        "CHATTER_REST_API" => "Chatter",
        "VF" => "CustomApplications",
        "WAVE_REST_API" => "Wave",
        "ECLAIR_REST_API" => "Eclair",
        other => other,
    };
    let letters =
        |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase() };
    let known = KnownScope::from_any_name(metadata).or_else(|| KnownScope::from_any_name(&column.to_ascii_lowercase()));
    let known = known.or_else(|| KnownScope::from_metadata(&letters(metadata)));
    AppScope {
        name: known.map_or_else(|| column.to_owned(), |known| known.name().to_owned()),
        declared: column.to_owned(),
        known: known.is_some(),
        origin: origin.clone(),
    }
}

/// A picklist's value where the org answered with its label.
fn value_of(picklist: &[(String, String)], text: &str) -> Option<String> {
    let by_label = picklist.iter().find(|(value, label)| label == text && value != text).map(|(value, _)| value.clone());
    Some(by_label.unwrap_or_else(|| text.to_owned())).filter(|text| !text.is_empty())
}

/// The word of a number that counts from 0; anything else as it is.
fn numbered(text: &str, words: &[&str]) -> String {
    text.parse::<usize>().ok().and_then(|index| words.get(index)).map_or_else(|| text.to_owned(), |word| (*word).to_owned())
}
