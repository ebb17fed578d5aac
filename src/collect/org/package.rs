//! The metadata of an org as files of a package.

use super::bodies::{Bodies, Body, type_name};
use crate::collect::OrgFile;
use crate::collect::tree::recognise::FileKind;
use crate::inventory::credential::{is_named_so, is_switch};
use crate::metadata::Record;
use crate::source::xml::Element;

/// The folder and the suffix of each metadata type in a package (source-deploy-retrieve's registry).
const FOLDERS: [(&str, &str, &str); 8] = [
    ("ConnectedApp", "connectedApps", "connectedApp"),
    ("ExternalClientApplication", "externalClientApps", "eca"),
    ("ExtlClntAppOauthSettings", "extlClntAppOauthSettings", "ecaOauth"),
    ("ExtlClntAppGlobalOauthSettings", "extlClntAppGlobalOauthSets", "ecaGlblOauth"),
    ("ExtlClntAppOauthConfigurablePolicies", "extlClntAppOauthPolicies", "ecaOauthPlcy"),
    ("ExtlClntAppConfigurablePolicies", "extlClntAppPolicies", "ecaPlcy"),
    ("ExtlClntAppOauthSecuritySettings", "extlClntAppOauthSecuritySettings", "ecaOauthSecurity"),
    ("ExtlClntAppSamlConfigurablePolicies", "extlClntAppSamlConfigurablePolicies", "ecaSamlPlcy"),
];

/// Everything that was read and that a package can hold.
pub(super) fn files(bodies: &Bodies, api_version: u16) -> Vec<OrgFile> {
    bodies.read.iter().filter_map(|body| file(body, api_version)).collect()
}

fn file(body: &Body, api_version: u16) -> Option<OrgFile> {
    let name = body.full_name.as_str();
    // It becomes the name of a file, and an org could say anything.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' ');
    if name.is_empty() || !name.bytes().all(is_plain) {
        return None;
    }
    let is_settings = matches!(
        body.kind,
        FileKind::ConnectedAppSettings
            | FileKind::ExternalClientAppSettings
            | FileKind::OauthOidcSettings
            | FileKind::SecuritySettings
    );
    let (metadata_type, folder, suffix) = if is_settings {
        ("Settings", "settings", "settings")
    } else {
        FOLDERS.into_iter().find(|(ty, ..)| *ty == type_name(body.kind))?
    };
    let path = format!("{folder}/{name}.{suffix}");
    Some(OrgFile { path, metadata_type, full_name: name.to_owned(), text: without_credentials(&body.record), api_version })
}

/// The text without elements that hold credentials, and without those that make a deployment change one.
fn without_credentials(record: &Record) -> String {
    let mut going = Vec::new();
    find(record.root(), &mut going);
    let text = record.source().text();
    let (mut kept, mut at) = (String::with_capacity(text.len()), 0);
    for element in going {
        // With the line break and the indentation before it, so that no empty line is left.
        kept.push_str(text.get(at..element.span.start).unwrap_or_default().trim_end());
        at = element.span.end;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    kept
}

fn find<'a>(parent: &'a Element, going: &mut Vec<&'a Element>) {
    for child in &parent.children {
        let is_instruction = child.name.starts_with("shouldRotate");
        let is_key = child.name.eq_ignore_ascii_case("consumerKey");
        let is_credential = child.children.is_empty() && is_named_so(&child.name) && !is_switch(&child.text);
        if is_instruction || is_key || is_credential {
            going.push(child);
        } else {
            find(child, going);
        }
    }
}
