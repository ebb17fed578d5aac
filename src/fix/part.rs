//! Parts of External Client Apps as files.

use std::sync::Arc;

use super::layout::{escaped, line_end};
use crate::metadata::ComplexType;
use crate::metadata::external_client_app::EXTL_CLNT_APP_OAUTH_CONFIGURABLE_POLICIES;
use crate::source::SourceText;

/// A part that can be made: it needs no element that is not known.
pub(super) struct NewPart {
    pub(super) metadata_type: &'static ComplexType,
    folder: &'static str,
    suffix: &'static str,
    /// What the names of such files end in, after the name of the app.
    ending: &'static str,
}

/// The parts that can be made. Without the others an app would say nothing of what the org has, and a deployment would take it away.
pub(super) static NEW_PARTS: [NewPart; 1] = [NewPart {
    metadata_type: &EXTL_CLNT_APP_OAUTH_CONFIGURABLE_POLICIES,
    folder: "extlClntAppOauthPolicies",
    suffix: "ecaOauthPlcy",
    ending: "_oauthPlcy",
}];

/// The folder of headers.
const HEADERS: &str = "externalClientApps";

impl NewPart {
    /// The part with nothing but what it must have, in a file beside the header of the app: in the folder of its type where the header is in
    /// the one of its own, and named in the same format.
    pub(super) fn beside(&self, app: &str, header: &SourceText) -> Arc<SourceText> {
        let (folder, file) = header.name().rsplit_once('/').unwrap_or(("", header.name()));
        let folder = match folder.strip_suffix(HEADERS) {
            Some(parent) if parent.is_empty() || parent.ends_with('/') => format!("{parent}{}/", self.folder),
            _ if folder.is_empty() => String::new(),
            _ => format!("{folder}/"),
        };
        let (stem, format) = file.strip_suffix("-meta.xml").map_or((file, ""), |stem| (stem, "-meta.xml"));
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let (ending, suffix, ty) = (self.ending, self.suffix, self.metadata_type.name);
        let lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned(),
            format!("<{ty} xmlns=\"http://soap.sforce.com/2006/04/metadata\">"),
            format!("    <externalClientApplication>{}</externalClientApplication>", escaped(app)),
            format!("    <label>{}{ending}</label>", escaped(app)),
            format!("</{ty}>"),
        ];
        let line_end = line_end(header.text());
        let text = lines.join(line_end) + line_end;
        SourceText::new(format!("{folder}{stem}{ending}.{suffix}{format}"), text)
    }
}

/// Whether the vendor of a package, and not the org that installed it, decides about an element (second-generation packaging guide: an org
/// edits Permitted Users, assignments, refresh and IP policies and sessions).
pub(super) fn is_of_vendor(holder: &ComplexType, path: &str) -> bool {
    match holder.name {
        "ConnectedApp" => {
            let of_org = ["oauthConfig/isAdminApproved", "profileName", "permissionSetName", "startUrl"];
            !of_org.contains(&path) && !path.starts_with("oauthPolicy/") && !path.starts_with("sessionPolicy/")
        }
        "ExternalClientApplication" | "ExtlClntAppOauthSettings" | "ExtlClntAppGlobalOauthSettings" => true,
        _ => false,
    }
}
