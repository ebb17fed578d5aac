//! An app, whichever of the two kinds it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::callback::{AppUrl, Callback};
use super::certificate::Certificate;
use super::flow::Flow;
use super::ip_range::IpRange;
use super::oauth::{IpRelaxation, PermittedUsers, RefreshTokenPolicy, SessionAction, SessionLevel};
use super::org::AppInOrg;
pub use super::part::PartKind;
use super::user_permissions::HolderKind;
use super::{Fact, Origin, Reason};
use crate::source::Location;

/// Which of the two kinds of app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AppKind {
    /// `ConnectedApp`.
    ConnectedApp,
    /// `ExternalClientApplication` and its parts.
    ExternalClientApp,
}

impl AppKind {
    /// The words of conditions, in the order of the variants.
    pub const WORDS: &'static [&'static str] = &["connected-app", "external-client-app"];

    /// The word used in files, conditions and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConnectedApp => "connected-app",
            Self::ExternalClientApp => "external-client-app",
        }
    }
}

/// One connected app or External Client App.
///
/// Facts of an External Client App whose part is not in the source are unknown and say so.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct App {
    /// Which kind.
    pub kind: AppKind,
    /// Full name of the component.
    pub name: String,
    /// The app's own file, or the header of an External Client App.
    pub location: Location,
    /// Index into [`super::Inventory::sources`].
    pub source: usize,
    /// The same path, seen from the root of its tree.
    pub path_in_source: String,
    /// Whether the file lies in a packageDirectory of its project; true where there is no project.
    pub in_package_directory: bool,
    /// Parts of an External Client App that the source has, with their places.
    pub parts: BTreeMap<PartKind, Vec<Location>>,
    /// What Setup shows; empty where the file has none.
    pub label: Fact<String>,
    /// Description; empty for none.
    pub description: Fact<String>,
    /// `contactEmail`; empty for none.
    pub contact_email: Fact<String>,
    /// False when nobody can use the app.
    pub enabled: Fact<bool>,
    /// Apex class that takes part in authorization; empty for none.
    pub handler: Fact<String>,
    /// User the handler runs as; empty for none.
    pub handler_user: Fact<String>,
    /// Start, mobile start, logout, info and logo URLs.
    pub urls: Fact<Vec<(AppUrl, Origin)>>,
    /// SAML service provider settings.
    pub saml: Saml,
    /// OAuth settings.
    pub oauth: OAuth,
    /// What a certificate and the flow switches enable.
    pub flows: FlowSwitches,
    /// Who may use the app.
    pub access: Access,
    /// Token rules.
    pub tokens: Tokens,
    /// Session rules.
    pub session: Session,
    /// Network rules.
    pub network: Network,
    /// All certificates of the app.
    pub certificates: Fact<Vec<AppCertificate>>,
    /// What an org knows of it beside its metadata; none for an app of a tree.
    pub in_org: Option<AppInOrg>,
    /// Every value the files state, as `Type/element/path` and text, in file order; credentials left out.
    pub elements: Vec<(String, String)>,
}

impl App {
    /// Namespace prefix of the full name; empty for none.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.name.split_once("__").map_or("", |(namespace, _)| namespace)
    }

    /// Whether the source has a part; always true for a connected app, which has no parts.
    #[must_use]
    pub fn has_part(&self, part: PartKind) -> bool {
        self.kind == AppKind::ConnectedApp || self.parts.contains_key(&part)
    }
}

/// SAML settings of an app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saml {
    /// Whether the app is also, or only, a SAML service provider.
    pub configured: Fact<bool>,
    /// Signing algorithm as the file has it; empty where unset.
    pub signing_algorithm: Fact<String>,
}

/// A scope of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppScope {
    /// OAuth name; the file's word where this version does not know it.
    pub name: String,
    /// The word in the file.
    pub declared: String,
    /// Whether this version knows it.
    pub known: bool,
    /// Where it stands.
    pub origin: Origin,
}

/// Whether a file holds a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Secret {
    /// It does not.
    Absent,
    /// It holds a template variable in its place.
    Placeholder,
    /// It does. The value itself is not kept.
    Present,
}

impl Secret {
    /// The word used in conditions.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Placeholder => "placeholder",
            Self::Present => "present",
        }
    }
}

/// A consumer key, known only by its digest and a short form that is safe to print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumerKey {
    /// SHA-256 of the key, to see that two apps have the same one.
    pub digest: [u8; 32],
    /// The first characters and an ellipsis.
    pub shortened: Arc<str>,
}

/// OAuth settings of an app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OAuth {
    /// Whether it is an OAuth app at all.
    pub configured: Fact<bool>,
    /// Scopes, in file order, each once.
    pub scopes: Fact<Vec<AppScope>>,
    /// Custom scopes (`OauthCustomScope`).
    pub custom_scopes: Fact<Vec<(String, Origin)>>,
    /// Whether the file holds a consumer secret.
    pub consumer_secret: Fact<Secret>,
    /// The consumer key, if the file has one that is no template variable.
    pub consumer_key: Fact<Option<ConsumerKey>>,
    /// Callback URLs.
    pub callbacks: Fact<Vec<(Callback, Origin)>>,
}

/// What a certificate and the flow switches enable.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FlowSwitches {
    /// A certificate is present: JWT and SAML bearer requests are taken.
    pub certificate: Fact<bool>,
    /// Client credentials flow.
    pub client_credentials: Fact<bool>,
    /// User it runs as; empty for none.
    pub client_credentials_user: Fact<String>,
    /// Device flow, where the source states it: for connected apps the switch is in metadata only since a late API version.
    pub device: Fact<Option<bool>>,
    /// Token exchange, where the source states it; the default is not documented.
    pub token_exchange: Fact<Option<bool>>,
    /// Consumer secret needed for token exchange.
    pub secret_required_for_token_exchange: Fact<bool>,
    /// Authorization code and credentials flow.
    pub code_credentials: Fact<bool>,
    /// Credentials in the POST body only.
    pub code_credentials_post_only: Fact<bool>,
    /// Guest variant.
    pub guest_code_credentials: Fact<Option<bool>>,
    /// Asset tokens are set up.
    pub asset_token: Fact<bool>,
}

impl FlowSwitches {
    /// Each flow that has a switch, and whether it is on. The certificate is the switch of both assertion flows; what the source does not
    /// state is not on.
    #[must_use]
    pub fn each(&self) -> [(Flow, Fact<bool>); 6] {
        let stated = |switch: &Fact<Option<bool>>| switch.map(|on| *on == Some(true));
        [
            (Flow::JwtBearer, self.certificate.clone()),
            (Flow::SamlBearer, self.certificate.clone()),
            (Flow::Device, stated(&self.device)),
            (Flow::ClientCredentials, self.client_credentials.clone()),
            (Flow::TokenExchange, stated(&self.token_exchange)),
            (Flow::CodeCredentials, self.code_credentials.clone()),
        ]
    }

    /// The flows that a certificate or a switch enables. Unknown where one of them is, because the list would not be whole.
    #[must_use]
    pub fn enabled(&self) -> Fact<Vec<Flow>> {
        let mut enabled = Fact::known(Vec::new());
        for (flow, switch) in self.each() {
            match (&mut enabled.state, switch.state) {
                (Ok(list), Ok(true)) => {
                    list.push(flow);
                    enabled.origins.extend(switch.origins);
                }
                (Ok(_), Err(reason)) => enabled.state = Err(reason),
                _ => {}
            }
        }
        enabled
    }
}

/// What became of looking an assigned name up in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resolution {
    /// A component of the tree has this name or label.
    Found {
        /// Its full name.
        full_name: String,
        /// Its label, where it has one of its own and could be read.
        label: Option<String>,
    },
    /// The tree has components of the type, none of them of this name.
    Missing,
    /// Could not be told.
    Unknown(Reason),
}

impl Resolution {
    /// The full name of what was found.
    #[must_use]
    pub fn full_name(&self) -> Option<&str> {
        match self {
            Self::Found { full_name, .. } => Some(full_name),
            Self::Missing | Self::Unknown(_) => None,
        }
    }
}

/// An assigned profile or permission set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// As the file names it.
    pub name: String,
    /// Where.
    pub origin: Origin,
    /// What it was found to be.
    pub resolution: Resolution,
}

/// Who may use an app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Access {
    /// Permitted Users.
    pub permitted_users: Fact<PermittedUsers>,
    /// Assigned profiles.
    pub profiles: Fact<Vec<Assignment>>,
    /// Assigned permission sets.
    pub permission_sets: Fact<Vec<Assignment>>,
    /// Empty elements in the place of names: deployed, one takes all assignments of its kind away (Metadata API Developer Guide, `ConnectedApp`).
    #[serde(default)]
    pub emptied: Vec<(HolderKind, Origin)>,
}

/// Token rules of an app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tokens {
    /// When refresh tokens end.
    pub refresh_policy: Fact<RefreshTokenPolicy>,
    /// Refresh token rotation.
    pub rotation: Fact<bool>,
    /// Consumer secret needed to refresh.
    pub secret_required_for_refresh: Fact<bool>,
    /// Web server flow works without the secret.
    pub secret_optional: Fact<bool>,
    /// PKCE mandatory.
    pub pkce_required: Fact<bool>,
    /// May introspect every token of the org.
    pub introspect_all: Fact<bool>,
    /// Access tokens are JWTs.
    pub jwt_access_tokens: Fact<bool>,
    /// Custom lifetime of JWT access tokens in minutes.
    pub jwt_timeout_minutes: Fact<Option<i64>>,
    /// Elements that make each deployment change a credential.
    pub rotates_credentials_on_deploy: Fact<Vec<(String, Origin)>>,
    /// Lifetime of ID tokens in minutes.
    pub id_token_minutes: Fact<Option<i64>>,
}

/// Session rules of an app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// Timeout in minutes.
    pub timeout_minutes: Fact<Option<i64>>,
    /// Level asked for.
    pub level: Fact<SessionLevel>,
    /// What happens when it is not met.
    pub action: Fact<SessionAction>,
}

/// Network rules of an app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Network {
    /// IP Relaxation.
    pub ip_relaxation: Fact<IpRelaxation>,
    /// The same as written.
    pub ip_relaxation_text: Fact<String>,
    /// IP ranges of the app.
    pub ip_ranges: Fact<Vec<(IpRange, Origin)>>,
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateRole {
    /// JWT and SAML bearer assertions.
    OAuth,
    /// SAML requests.
    Saml,
    /// SAML encryption.
    SamlEncryption,
}

impl CertificateRole {
    /// The word used in conditions.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OAuth => "oauth",
            Self::Saml => "saml",
            Self::SamlEncryption => "saml-encryption",
        }
    }
}

/// A certificate of an app.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AppCertificate {
    /// What it is for.
    pub role: CertificateRole,
    /// What it says.
    pub certificate: Certificate,
    /// Where it stands.
    pub origin: Origin,
}
