//! Components of the Metadata API: which there are, and who may see what of them.

use super::metadata_xml::render;
use super::org::FakeOrg;
use super::xml::element;

/// A type as `describeMetadata` tells it: name, folder, suffix, first API version.
pub(crate) type MetadataType = (&'static str, &'static str, &'static str, u32);

/// The types that matter here.
pub(crate) const TYPES: [MetadataType; 13] = [
    ("ConnectedApp", "connectedApps", "connectedApp", 29),
    ("CustomPermission", "customPermissions", "customPermission", 31),
    ("ExternalClientApplication", "externalClientApps", "eca", 59),
    ("ExtlClntAppConfigurablePolicies", "extlClntAppPolicies", "ecaPlcy", 60),
    ("ExtlClntAppGlobalOauthSettings", "extlClntAppGlobalOauthSets", "ecaGlblOauth", 59),
    ("ExtlClntAppOauthConfigurablePolicies", "extlClntAppOauthPolicies", "ecaOauthPlcy", 59),
    ("ExtlClntAppOauthSettings", "extlClntAppOauthSettings", "ecaOauth", 59),
    ("ExtlClntAppSamlConfigurablePolicies", "extlClntAppSamlConfigurablePolicies", "ecaSamlPlcy", 63),
    ("OauthCustomScope", "oauthcustomscopes", "oauthcustomscope", 46),
    ("OauthTokenExchangeHandler", "oauthtokenexchangehandlers", "oauthtokenexchangehandler", 60),
    ("PermissionSet", "permissionsets", "permissionset", 22),
    ("Profile", "profiles", "profile", 10),
    ("Settings", "settings", "settings", 22),
];

/// Settings by the name of their component, and the first version that has them.
const SETTINGS: [(&str, u32); 4] = [("ConnectedApp", 47), ("ExternalClientApp", 57), ("OauthOidc", 57), ("Security", 25)];

/// The text that stands where a consumer secret would.
pub(crate) const CONSUMER_SECRET: &str = "FAKE-CONSUMER-SECRET-DO-NOT-LEAK";

/// A component.
#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// The root element, such as `ConnectedApp` or `OauthOidcSettings`.
    pub(crate) kind: String,
    /// With the namespace, if there is one: `ns__Vendor`.
    pub(crate) full_name: String,
    pub(crate) id: String,
    /// What stands within the root element.
    pub(crate) body: String,
    /// `listMetadata` and `*` know of it.
    pub(crate) listed: bool,
    /// `readMetadata` and `retrieve` deliver it.
    pub(crate) readable: bool,
}

impl Component {
    pub(crate) fn new(kind: &str, full_name: &str, id: &str, body: &str) -> Self {
        // Says at once if the WSDL has no such element.
        render(kind, body, u32::MAX);
        let (kind, full_name, id) = (kind.to_owned(), full_name.to_owned(), id.to_owned());
        Self { kind, full_name, id, body: body.to_owned(), listed: true, readable: true }
    }

    /// The type it is listed and retrieved as: all settings are `Settings`.
    pub(crate) fn listed_as(&self) -> &str {
        if self.settings().is_some() { "Settings" } else { &self.kind }
    }

    /// Path in a zip, such as `connectedApps/ERP_Sync.connectedApp`.
    pub(crate) fn file_name(&self) -> String {
        let found = TYPES.iter().find(|(name, ..)| *name == self.listed_as());
        let (_, folder, suffix, _) = found.unwrap_or_else(|| panic!("no such metadata type: {}", self.kind));
        format!("{folder}/{}.{suffix}", self.full_name)
    }

    pub(crate) fn exists_at(&self, version: u32) -> bool {
        let settings = self.settings().and_then(|name| SETTINGS.iter().find(|(known, _)| *known == name));
        let since = settings.map(|(_, since)| *since).or_else(|| since(self.listed_as()));
        since.is_some_and(|since| since <= version)
    }

    /// Elements as a version has them.
    pub(super) fn elements(&self, org: &FakeOrg, permissions: &[String], version: u32) -> String {
        let mut body = self.body.clone();
        if self.kind == "ExtlClntAppGlobalOauthSettings" && org.tells_secrets(permissions) {
            body.push_str(&element("consumerSecret", CONSUMER_SECRET));
        }
        render(&self.kind, &body, version)
    }

    /// `FileProperties`, in the order of the WSDL. `folder` stands before the path.
    pub(crate) fn properties(&self, folder: &str) -> String {
        let namespace = self.full_name.split_once("__").map(|(namespace, _)| namespace);
        let state = if namespace.is_some() { "installed" } else { "unmanaged" };
        [
            element("createdById", "005000000000001AAA"),
            element("createdByName", "Ada Admin"),
            element("createdDate", "2026-01-05T09:00:00.000Z"),
            element("fileName", format!("{folder}{}", self.file_name())),
            element("fullName", &self.full_name),
            element("id", &self.id),
            element("lastModifiedById", "005000000000001AAA"),
            element("lastModifiedByName", "Ada Admin"),
            element("lastModifiedDate", "2026-02-01T09:00:00.000Z"),
            element("manageableState", state),
            namespace.map(|namespace| element("namespacePrefix", namespace)).unwrap_or_default(),
            element("type", self.listed_as()),
        ]
        .concat()
    }

    /// The name of settings: `OauthOidc` of `OauthOidcSettings`.
    fn settings(&self) -> Option<&str> {
        self.kind.strip_suffix("Settings").filter(|name| !name.starts_with("ExtlClnt"))
    }
}

impl FakeOrg {
    /// Adds a component; panics if the WSDL does not know an element of it.
    pub(crate) fn component(&mut self, kind: &str, full_name: &str, id: &str, body: &str) -> &mut Component {
        self.components.push(Component::new(kind, full_name, id, body));
        self.components.last_mut().expect("just added")
    }

    /// Replaces settings such as `OauthOidc`.
    pub(crate) fn settings(&mut self, name: &str, body: &str) {
        let kind = format!("{name}Settings");
        self.components.retain(|component| component.kind != kind);
        self.component(&kind, name, "", body);
    }

    /// A component by its root element and name.
    pub(crate) fn component_named(&mut self, kind: &str, full_name: &str) -> &mut Component {
        let found = self.components.iter_mut().find(|component| component.kind == kind && component.full_name == full_name);
        found.unwrap_or_else(|| panic!("no {kind} {full_name}"))
    }

    /// Whether the org has a metadata type in an API version.
    pub(super) fn has_type(&self, kind: &str, version: u32) -> bool {
        since(kind).is_some_and(|since| since <= version) && !self.hidden_types.iter().any(|hidden| hidden == kind)
    }

    /// Whether somebody with these permissions is shown a component's content.
    pub(super) fn may_read(&self, permissions: &[String], component: &Component) -> bool {
        let holds = |permission: &str| permissions.iter().any(|held| held == permission);
        component.readable
            && match component.kind.as_str() {
                "ExtlClntAppGlobalOauthSettings" => self.global_settings_readable || holds("ViewClientSecret"),
                "ExtlClntAppOauthConfigurablePolicies" => holds("ExternalClientAppAdmin"),
                _ => true,
            }
    }

    fn tells_secrets(&self, permissions: &[String]) -> bool {
        let switch = "<enableConsumerSecretApiAccess>true</enableConsumerSecretApiAccess>";
        let allowed = self
            .components
            .iter()
            .any(|component| component.kind == "ExternalClientAppSettings" && component.body.contains(switch));
        allowed && permissions.iter().any(|held| held == "ViewClientSecret")
    }
}

/// The first version with a type.
fn since(kind: &str) -> Option<u32> {
    TYPES.iter().find(|(name, ..)| *name == kind).map(|(.., since)| *since)
}
