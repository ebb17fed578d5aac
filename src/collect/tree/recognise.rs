//! What a file is, by its suffix; the root element has the last word when it is read.

use std::borrow::Cow;

use super::keys;
use crate::inventory::app::PartKind;
use crate::inventory::key_file::KeyFormat;
use crate::metadata::{ComplexType, connected_app, external_client_app, permissions, settings};

/// A kind of file an audit cares about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::collect) enum FileKind {
    ConnectedApp,
    ExternalClientApp,
    /// A part of an External Client App: index into [`PARTS`].
    Part(usize),
    ConnectedAppSettings,
    ExternalClientAppSettings,
    OauthOidcSettings,
    SecuritySettings,
    OauthCustomScope,
    AppMenu,
    Profile,
    PermissionSet,
    PermissionSetGroup,
    MutingPermissionSet,
    Manifest,
    DestructiveChanges,
    SfdxProject,
    /// No metadata: a file that can hold a private key.
    KeyFile(KeyFormat),
    /// An `.xml` file whose name says nothing: its root element decides.
    SomeXml,
}

/// A metadata type that holds a part of an External Client App.
pub(in crate::collect) struct PartType {
    pub(in crate::collect) suffix: &'static str,
    pub(in crate::collect) kind: PartKind,
    pub(in crate::collect) metadata_type: &'static ComplexType,
}

/// The parts of an External Client App, by file suffix (source-deploy-retrieve's registry).
pub(in crate::collect) static PARTS: &[PartType] = &[
    part("ecaOauth", PartKind::OauthSettings, &external_client_app::EXTL_CLNT_APP_OAUTH_SETTINGS),
    part("ecaGlblOauth", PartKind::GlobalOauthSettings, &external_client_app::EXTL_CLNT_APP_GLOBAL_OAUTH_SETTINGS),
    part("ecaOauthPlcy", PartKind::OauthPolicies, &external_client_app::EXTL_CLNT_APP_OAUTH_CONFIGURABLE_POLICIES),
    part("ecaPlcy", PartKind::Policies, &external_client_app::EXTL_CLNT_APP_CONFIGURABLE_POLICIES),
    part("ecaOauthSecurity", PartKind::OauthSecuritySettings, &external_client_app::EXTL_CLNT_APP_OAUTH_SECURITY_SETTINGS),
    part("ecaSamlPlcy", PartKind::SamlPolicies, &external_client_app::EXTL_CLNT_APP_SAML_CONFIGURABLE_POLICIES),
    part("ecaMobile", PartKind::Other, &external_client_app::EXTL_CLNT_APP_MOBILE_SETTINGS),
    part("ecaMobilePlcy", PartKind::Other, &external_client_app::EXTL_CLNT_APP_MOBILE_CONFIGURABLE_POLICIES),
    part("ecaNotifications", PartKind::Other, &external_client_app::EXTL_CLNT_APP_NOTIFICATION_SETTINGS),
    part("ecaPush", PartKind::Other, &external_client_app::EXTL_CLNT_APP_PUSH_SETTINGS),
    part("ecaPushPlcy", PartKind::Other, &external_client_app::EXTL_CLNT_APP_PUSH_CONFIGURABLE_POLICIES),
    part("ecaCanvas", PartKind::Other, &external_client_app::EXTL_CLNT_APP_CANVAS_SETTINGS),
    part("ecaAttest", PartKind::Other, &external_client_app::EXTL_CLNT_APP_ATTEST_SETTINGS),
    part("ecaAttestPlcy", PartKind::Other, &external_client_app::EXTL_CLNT_APP_ATTEST_CONFIGURABLE_POLICIES),
];

const fn part(suffix: &'static str, kind: PartKind, metadata_type: &'static ComplexType) -> PartType {
    PartType { suffix, kind, metadata_type }
}

impl FileKind {
    /// What a file name says, if anything. Both suffix styles (`X.connectedApp-meta.xml`, `X.connectedApp`); letter case does not matter,
    /// because file systems that ignore it produce such names.
    pub(in crate::collect) fn of_name(file_name: &str) -> Option<Self> {
        let (stem, is_source_format) = strip_suffix(file_name, "-meta.xml").map_or((file_name, false), |stem| (stem, true));
        let suffix = stem.rsplit_once('.').map(|(_, suffix)| suffix)?;
        if let Some(kind) = Self::of_suffix(suffix, stem) {
            return Some(kind);
        }
        if is_source_format {
            return None;
        }
        if file_name == "sfdx-project.json" {
            return Some(Self::SfdxProject);
        }
        if let Some(format) = keys::format_of(suffix) {
            return Some(Self::KeyFile(format));
        }
        if !suffix.eq_ignore_ascii_case("xml") {
            return None;
        }
        let lower = file_name.to_ascii_lowercase();
        Some(if lower == "package.xml" {
            Self::Manifest
        } else if lower.starts_with("destructivechanges") {
            Self::DestructiveChanges
        } else {
            Self::SomeXml
        })
    }

    fn of_suffix(suffix: &str, stem: &str) -> Option<Self> {
        let is = |wanted: &str| suffix.eq_ignore_ascii_case(wanted);
        let simple: &[(&str, Self)] = &[
            ("profile", Self::Profile),
            ("permissionset", Self::PermissionSet),
            ("connectedApp", Self::ConnectedApp),
            ("eca", Self::ExternalClientApp),
            ("permissionsetgroup", Self::PermissionSetGroup),
            ("mutingpermissionset", Self::MutingPermissionSet),
            ("oauthcustomscope", Self::OauthCustomScope),
            ("appMenu", Self::AppMenu),
        ];
        if let Some((_, kind)) = simple.iter().find(|(wanted, _)| is(wanted)) {
            return Some(*kind);
        }
        if is("settings") {
            let name = stem.rsplit_once('.').map_or(stem, |(name, _)| name);
            let named = |wanted: &str| name.eq_ignore_ascii_case(wanted);
            return [
                ("ConnectedApp", Self::ConnectedAppSettings),
                ("ExternalClientApp", Self::ExternalClientAppSettings),
                ("OauthOidc", Self::OauthOidcSettings),
                ("Security", Self::SecuritySettings),
            ]
            .into_iter()
            .find(|(wanted, _)| named(wanted))
            .map(|(_, kind)| kind);
        }
        PARTS.iter().position(|part| is(part.suffix)).map(Self::Part)
    }

    /// What a root element says.
    pub(in crate::collect) fn of_root(name: &str) -> Option<Self> {
        let parts = (0..PARTS.len()).map(Self::Part);
        [
            Self::ConnectedApp,
            Self::ExternalClientApp,
            Self::ConnectedAppSettings,
            Self::ExternalClientAppSettings,
            Self::OauthOidcSettings,
            Self::SecuritySettings,
            Self::OauthCustomScope,
            Self::AppMenu,
            Self::Profile,
            Self::PermissionSet,
            Self::PermissionSetGroup,
            Self::MutingPermissionSet,
        ]
        .into_iter()
        .chain(parts)
        .find(|kind| kind.metadata_type().is_some_and(|ty| ty.name == name))
    }

    /// The metadata type a file of this kind holds; none for files that are no component.
    pub(in crate::collect) fn metadata_type(self) -> Option<&'static ComplexType> {
        Some(match self {
            Self::ConnectedApp => &connected_app::CONNECTED_APP,
            Self::ExternalClientApp => &external_client_app::EXTERNAL_CLIENT_APPLICATION,
            Self::Part(index) => return PARTS.get(index).map(|part| part.metadata_type),
            Self::ConnectedAppSettings => &settings::CONNECTED_APP_SETTINGS,
            Self::ExternalClientAppSettings => &settings::EXTERNAL_CLIENT_APP_SETTINGS,
            Self::OauthOidcSettings => &settings::OAUTH_OIDC_SETTINGS,
            Self::SecuritySettings => &settings::SECURITY_SETTINGS,
            Self::OauthCustomScope => &settings::OAUTH_CUSTOM_SCOPE,
            Self::AppMenu => &settings::APP_MENU,
            Self::Profile => &permissions::PROFILE,
            Self::PermissionSet => &permissions::PERMISSION_SET,
            Self::PermissionSetGroup => &permissions::PERMISSION_SET_GROUP,
            Self::MutingPermissionSet => &permissions::MUTING_PERMISSION_SET,
            Self::Manifest | Self::DestructiveChanges | Self::SfdxProject | Self::KeyFile(_) | Self::SomeXml => return None,
        })
    }

    /// Whether its name alone makes it part of a project's metadata.
    pub(in crate::collect) const fn is_metadata(self) -> bool {
        !matches!(self, Self::KeyFile(_) | Self::SomeXml)
    }

    /// Whether it is an app or a part of one: left out, it is named.
    pub(in crate::collect) const fn is_app(self) -> bool {
        matches!(self, Self::ConnectedApp | Self::ExternalClientApp | Self::Part(_))
    }

    /// Whether there can be thousands of such files, of which only those are opened that something asks for.
    pub(in crate::collect) const fn is_lazy(self) -> bool {
        matches!(self, Self::Profile | Self::PermissionSet | Self::PermissionSetGroup | Self::MutingPermissionSet)
    }
}

/// Full name of a component: its file name without the suffixes, percent-decoded (`Custom%3A Sales Profile`).
pub(in crate::collect) fn full_name(path: &str) -> String {
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let stem = strip_suffix(file_name, "-meta.xml").unwrap_or(file_name);
    decoded(stem.rsplit_once('.').map_or(stem, |(name, _)| name))
}

/// A full name as files and manifests write it: percent-encoded where file systems may not take it.
pub(super) fn decoded(name: &str) -> String {
    percent_encoding::percent_decode_str(name).decode_utf8().map_or_else(|_| name.to_owned(), Cow::into_owned)
}

fn strip_suffix<'a>(name: &'a str, suffix: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(suffix.len())?;
    let (stem, end) = (name.get(..at)?, name.get(at..)?);
    end.eq_ignore_ascii_case(suffix).then_some(stem)
}
