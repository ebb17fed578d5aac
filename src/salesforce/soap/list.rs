//! What there is: types and components.

use super::super::{Client, Error};
use super::Operation;
use super::xml::Node;

/// A metadata type as the org knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataType {
    /// Name, such as `ConnectedApp`.
    pub xml_name: String,
    /// Suffix of its files.
    pub suffix: Option<String>,
    /// Folder of its files in a package.
    pub directory_name: String,
    /// Whether its components lie in folders.
    pub in_folder: bool,
}

/// What is known of a component without reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileProperties {
    /// Full name, `ns__Name` for packaged components.
    pub full_name: String,
    /// Metadata type; told by the file's suffix where the org leaves it out.
    pub metadata_type: String,
    /// Path in a package.
    pub file_name: Option<String>,
    /// Id of the component.
    pub id: Option<String>,
    /// Namespace of the package it comes from.
    pub namespace_prefix: Option<String>,
    /// `installed` and its like for packaged components.
    pub manageable_state: Option<String>,
    /// Name of the user who made it.
    pub created_by_name: Option<String>,
    /// When it was made, ISO 8601.
    pub created_date: Option<String>,
    /// Name of the user who changed it last.
    pub last_modified_by_name: Option<String>,
    /// When it was changed last, ISO 8601.
    pub last_modified_date: Option<String>,
}

/// Suffixes of the types an audit lists, for rows that come without a type.
const SUFFIXES: [(&str, &str); 21] = [
    ("connectedApp", "ConnectedApp"),
    ("eca", "ExternalClientApplication"),
    ("ecaGlblOauth", "ExtlClntAppGlobalOauthSettings"),
    ("ecaOauth", "ExtlClntAppOauthSettings"),
    ("ecaOauthPlcy", "ExtlClntAppOauthConfigurablePolicies"),
    ("ecaPlcy", "ExtlClntAppConfigurablePolicies"),
    ("ecaOauthSecurity", "ExtlClntAppOauthSecuritySettings"),
    ("ecaSamlPlcy", "ExtlClntAppSamlConfigurablePolicies"),
    ("ecaMobile", "ExtlClntAppMobileSettings"),
    ("ecaMobilePlcy", "ExtlClntAppMobileConfigurablePolicies"),
    ("ecaNotifications", "ExtlClntAppNotificationSettings"),
    ("ecaPush", "ExtlClntAppPushSettings"),
    ("ecaPushPlcy", "ExtlClntAppPushConfigurablePolicies"),
    ("ecaCanvas", "ExtlClntAppCanvasSettings"),
    ("ecaAttest", "ExtlClntAppAttestSettings"),
    ("ecaAttestPlcy", "ExtlClntAppAttestConfigurablePolicies"),
    ("permissionset", "PermissionSet"),
    ("permissionsetgroup", "PermissionSetGroup"),
    ("mutingpermissionset", "MutingPermissionSet"),
    ("profile", "Profile"),
    ("settings", "Settings"),
];

impl Client {
    /// The metadata types this org has at this API version.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn describe_metadata(&self) -> Result<Vec<MetadataType>, Error> {
        self.soap(Operation::DescribeMetadata, |payload| {
            let result = payload.child("result").ok_or("no result")?;
            result.all("metadataObjects").map(metadata_type).collect()
        })
        .await
    }

    /// The components of up to three types. Salesforce refuses the whole call for a type it does not know.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn list_metadata(&self, types: &[&str]) -> Result<Vec<FileProperties>, Error> {
        let asked: Vec<String> = types.iter().map(|name| (*name).to_owned()).collect();
        self.soap(Operation::ListMetadata(asked), |payload| payload.all("result").map(file_properties).collect()).await
    }
}

/// A component's properties.
pub(super) fn file_properties(node: &Node<'_>) -> Result<FileProperties, &'static str> {
    let file_name = node.text_of("fileName");
    let suffix = file_name.as_deref().and_then(|path| path.rsplit_once('.')).map(|(_, suffix)| suffix);
    let by_suffix = || SUFFIXES.iter().find(|(known, _)| Some(*known) == suffix).map(|(_, name)| (*name).to_owned());
    Ok(FileProperties {
        full_name: node.text_of("fullName").ok_or("a component without a full name")?,
        metadata_type: node.text_of("type").or_else(by_suffix).unwrap_or_default(),
        id: node.text_of("id"),
        namespace_prefix: node.text_of("namespacePrefix"),
        manageable_state: node.text_of("manageableState"),
        created_by_name: node.text_of("createdByName"),
        created_date: node.text_of("createdDate"),
        last_modified_by_name: node.text_of("lastModifiedByName"),
        last_modified_date: node.text_of("lastModifiedDate"),
        file_name,
    })
}

fn metadata_type(node: &Node<'_>) -> Result<MetadataType, &'static str> {
    Ok(MetadataType {
        xml_name: node.text_of("xmlName").ok_or("a type without a name")?,
        suffix: node.text_of("suffix"),
        directory_name: node.text_of("directoryName").unwrap_or_default(),
        in_folder: node.flag("inFolder"),
    })
}
