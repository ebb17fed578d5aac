//! Apps that have a row and no body that can be read: installed ones, mostly. What the row tells is known, everything else is unknown, and
//! nothing is taken for a default.

use std::collections::BTreeMap;

use super::row::Row;
use crate::inventory::app::{Access, App, AppKind, FlowSwitches, Network, OAuth, Saml, Session, Tokens};
use crate::inventory::oauth::{PermittedUsers, SessionAction, SessionLevel};
use crate::inventory::org::{AppInOrg, Seen};
use crate::inventory::{Fact, Origin, Reason};
use crate::source::Location;

/// An app of which nothing is known but that it is there.
pub(super) fn app(kind: AppKind, name: &str, place: Location, why: &Reason) -> App {
    let why = why.as_ref();
    App {
        kind,
        name: name.to_owned(),
        source: 0,
        path_in_source: place.path().to_string(),
        location: place,
        in_package_directory: true,
        parts: BTreeMap::new(),
        label: Fact::unknown(why),
        description: Fact::unknown(why),
        contact_email: Fact::unknown(why),
        enabled: Fact::unknown(why),
        handler: Fact::unknown(why),
        handler_user: Fact::unknown(why),
        urls: Fact::unknown(why),
        saml: Saml { configured: Fact::unknown(why), signing_algorithm: Fact::unknown(why) },
        oauth: OAuth {
            configured: Fact::unknown(why),
            scopes: Fact::unknown(why),
            custom_scopes: Fact::unknown(why),
            consumer_secret: Fact::unknown(why),
            consumer_key: Fact::unknown(why),
            callbacks: Fact::unknown(why),
        },
        flows: flows(why),
        access: Access {
            permitted_users: Fact::unknown(why),
            profiles: Fact::unknown(why),
            permission_sets: Fact::unknown(why),
            emptied: Vec::new(),
        },
        tokens: tokens(why),
        session: Session { timeout_minutes: Fact::unknown(why), level: Fact::unknown(why), action: Fact::unknown(why) },
        network: Network {
            ip_relaxation: Fact::unknown(why),
            ip_relaxation_text: Fact::unknown(why),
            ip_ranges: Fact::unknown(why),
        },
        certificates: Fact::unknown(why),
        in_org: Some(AppInOrg {
            id: None,
            body: Fact::unknown(why),
            installed: Fact::unknown("where the app comes from could not be read"),
            granted_by: Seen::nothing("SetupEntityAccess was not asked"),
        }),
        elements: Vec::new(),
    }
}

fn flows(why: &str) -> FlowSwitches {
    FlowSwitches {
        certificate: Fact::unknown(why),
        client_credentials: Fact::unknown(why),
        client_credentials_user: Fact::unknown(why),
        device: Fact::unknown(why),
        token_exchange: Fact::unknown(why),
        secret_required_for_token_exchange: Fact::unknown(why),
        code_credentials: Fact::unknown(why),
        code_credentials_post_only: Fact::unknown(why),
        guest_code_credentials: Fact::unknown(why),
        asset_token: Fact::unknown(why),
    }
}

fn tokens(why: &str) -> Tokens {
    Tokens {
        refresh_policy: Fact::unknown(why),
        rotation: Fact::unknown(why),
        secret_required_for_refresh: Fact::unknown(why),
        secret_optional: Fact::unknown(why),
        pkce_required: Fact::unknown(why),
        introspect_all: Fact::unknown(why),
        jwt_access_tokens: Fact::unknown(why),
        jwt_timeout_minutes: Fact::unknown(why),
        rotates_credentials_on_deploy: Fact::unknown(why),
        id_token_minutes: Fact::unknown(why),
    }
}

/// What a `ConnectedApplication` row tells of an app without a body. The refresh policy is not among it: the row has a number without its
/// unit (API contract, section 4.1).
pub(super) fn fill_connected_app(app: &mut App, row: &Row, tooling: Option<&Row>, origin: &Origin, in_tooling: &Origin) {
    app.label = Fact::read(row.word("Name"), origin.clone());
    if let Some(approved) = row.flag("OptionsAllowAdminApprovedUsersOnly") {
        app.access.permitted_users = Fact::read(permitted_users(approved), origin.clone());
    }
    if row.flag("OptionsHasSessionLevelPolicy") == Some(true) {
        app.session.level = Fact::read(SessionLevel::HighAssurance, origin.clone());
    }
    guest_flow(app, row, origin);
    if let Some(on) = row.flag("OptionsAppIssueJwtTokenEnabled") {
        app.tokens.jwt_access_tokens = Fact::read(on, origin.clone());
    }
    let Some(tooling) = tooling else { return };
    app.description = Fact::read(tooling.word("Description"), in_tooling.clone());
    app.contact_email = Fact::read(tooling.word("ContactEmail"), in_tooling.clone());
    // No value is not the same as no policy here: only what is stated is known.
    if let Some(action) = tooling.text("SessionPolicyAction") {
        let action = SessionAction::from_metadata(&action);
        app.session.action = Fact::read(action, in_tooling.clone());
        app.enabled = Fact::read(action != SessionAction::Block, in_tooling.clone());
    }
}

/// The guest variant of the code and credentials flow, which only the row of a connected app tells.
pub(super) fn guest_flow(app: &mut App, row: &Row, origin: &Origin) {
    if let Some(on) = row.flag("OptionsCodeCredentialGuestEnabled") {
        app.flows.guest_code_credentials = Fact::read(Some(on), origin.clone());
    }
}

/// Permitted Users of a row.
pub(super) const fn permitted_users(admin_approved_only: bool) -> PermittedUsers {
    if admin_approved_only { PermittedUsers::AdminApproved } else { PermittedUsers::SelfAuthorize }
}
