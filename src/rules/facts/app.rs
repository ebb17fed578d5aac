//! What an app is.

use super::declare::{Declared, OfApp, fact, item, known, objects, plain, text};
use super::objects::{URL, url};
use super::view::{AppView, paths};
use crate::inventory::app::{AppKind, PartKind};
use crate::inventory::{Fact, Origin};
use crate::rules::schema::Type;
use crate::rules::value::{FactValue, Item, Value};

/// What an app is.
pub(super) static FACTS: &[Declared<OfApp>] = &[
    fact("app.kind", Type::Choice(AppKind::WORDS), "Which of the two kinds of app it is.", |s| known(s.app.kind.as_str())),
    fact("app.name", Type::Text, "Full name of the component (`ns__Name` when packaged).", |s| known(s.app.name.as_str())),
    fact("app.label", Type::Text, "What Setup shows.", |s| text(&s.app.label)),
    fact("app.namespace", Type::Text, "Namespace prefix of the full name; empty for none.", |s| known(s.app.namespace())),
    fact(
        "app.path",
        Type::Text,
        "The app's own file (for an External Client App its header); the component or record of a live org.",
        |s| known(s.app.location.path().as_ref()),
    ),
    fact("app.description", Type::Text, "Description; empty for none.", |s| text(&s.app.description)),
    fact("app.contact_email", Type::Text, "`contactEmail`; empty for none.", |s| text(&s.app.contact_email)),
    fact(
        "app.installed",
        Type::Bool,
        "Whether the app comes from an installed package: its vendor, not the org, decides about its scopes, callback URLs and credentials. In files a namespace tells.",
        installed,
    ),
    fact(
        "app.record_only",
        Type::Bool,
        "Whether a live org gives only the record of the app and not its metadata, as it is with many installed apps: what the record does not say is unknown.",
        |s| known(unread_body(s).is_some()),
    ),
    fact("app.record_only_reason", Type::Text, "Why the metadata of the app was not read; empty where it was.", |s| {
        known(unread_body(s).unwrap_or_default())
    }),
    fact(
        "app.in_package_directory",
        Type::Bool,
        "Whether the file lies in a packageDirectory of its SFDX project; true where there is no project.",
        |s| known(s.app.in_package_directory),
    ),
    fact(
        "app.enabled",
        Type::Bool,
        "False when nobody can use the app: `policyAction` Block, or an External Client App's `isEnabled` or `isOauthPluginEnabled` false.",
        |s| plain(&s.app.enabled),
    ),
    fact("app.handler", Type::Text, "Apex class that takes part in authorization: `plugin`, `apexHandler`; empty for none.", |s| {
        text(&s.app.handler)
    }),
    fact(
        "app.handler_user",
        Type::Text,
        "User the handler runs as: `pluginExecutionUser`, `executeHandlerAs`; empty for none.",
        |s| text(&s.app.handler_user),
    ),
    fact(
        "app.missing_parts",
        Type::Choices(&["oauth-settings", "global-oauth-settings", "oauth-policies", "policies"]),
        "Parts of an External Client App that are not in the source; empty for a connected app.",
        missing_parts,
    ),
    fact(
        "app.global_settings_in_source",
        Type::Bool,
        "Whether the global OAuth settings of an External Client App stand in a file, and do not come from an org.",
        global_settings_in_source,
    ),
    fact("app.same_name", Type::Texts, "Paths of other apps of the same kind and full name in the same source.", |s| {
        paths(s.context.same_name(s.app), s.app)
    }),
    fact("app.urls", Type::Objects(URL), "Start, mobile start, logout, info and logo URLs.", |s| objects(&s.app.urls, url)),
    fact("app.saml.configured", Type::Bool, "Whether the app is also, or only, a SAML service provider.", |s| {
        plain(&s.app.saml.configured)
    }),
    fact(
        "app.saml.signing_algorithm",
        Type::Choice(&["unset", "sha1", "sha256", "unrecognised"]),
        "`samlSigningAlgoType`, `signingAlgorithmType`.",
        |s| s.app.saml.signing_algorithm.map(|word| signing_algorithm(word).into()),
    ),
];

fn installed(s: &AppView<'_>) -> FactValue {
    let namespace = s.app.namespace();
    match &s.app.in_org {
        None => known(!namespace.is_empty()),
        Some(in_org) => plain(&in_org.installed),
    }
}

/// Why the metadata of an app could not be read.
fn unread_body(s: &AppView<'_>) -> Option<String> {
    match &s.app.in_org.as_ref()?.body.state {
        Ok(true) => None,
        Ok(false) => Some("the org gives only its record".to_owned()),
        Err(reason) => Some(reason.to_string()),
    }
}

/// The needed parts that are not in the source. The place is the header, which is what there is.
fn missing_parts(s: &AppView<'_>) -> FactValue {
    let place = Origin::Stated(s.app.location.clone());
    let missing = PartKind::NEEDED.iter().filter(|(part, _)| !s.app.has_part(*part));
    let items: Vec<Item> = missing.map(|(_, word)| item(*word, &place)).collect();
    let origins = if s.app.kind == AppKind::ExternalClientApp { vec![place] } else { Vec::new() };
    Fact::known(Value::List(items)).with_origins(origins)
}

fn global_settings_in_source(s: &AppView<'_>) -> FactValue {
    let places = s.app.parts.get(&PartKind::GlobalOauthSettings).into_iter().flatten();
    let in_files: Vec<Origin> = places.filter(|place| place.answer().is_none()).cloned().map(Origin::Stated).collect();
    known(!in_files.is_empty()).with_origins(in_files)
}

fn signing_algorithm(word: &str) -> &'static str {
    match word.to_ascii_uppercase().as_str() {
        "" => "unset",
        "SHA1" => "sha1",
        "SHA256" => "sha256",
        _ => "unrecognised",
    }
}
