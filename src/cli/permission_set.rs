//! The least privilege an auditing user needs, as a permission set to deploy.

use std::fmt::Write as _;

/// A user permission and what it is for.
struct Needed {
    name: &'static str,
    why: &'static str,
}

/// In the order of their names, as Salesforce writes them.
const NEEDED: [Needed; 5] = [
    Needed { name: "ApiEnabled", why: "To ask at all." },
    Needed {
        name: "CustomizeApplication",
        why: "To see the OAuth tokens of all users: without it Salesforce answers with the user's own alone, and does not say so.\n\
              It also allows changing the org's setup. Leave it out, and what tokens would tell is unknown.",
    },
    Needed {
        name: "ExternalClientAppAdmin",
        why: "To see the policies of External Client Apps. It also allows changing them; ExternalClientAppViewer sees less.",
    },
    Needed {
        name: "ModifyMetadata",
        why: "The Metadata API lets nobody read without it, short of Modify All Data. orgwarden reads alone; the permission also\n\
              allows writing, so give it to a user that nobody else logs in as.",
    },
    Needed {
        name: "ViewSetup",
        why: "To see permission sets, who is assigned to them, and which of them grant apps (SetupEntityAccess).",
    },
];

/// The permission set as source of the file `Orgwarden_Auditor.permissionset-meta.xml`. Elements stand in the order of the
/// Metadata API's WSDL.
pub(super) fn xml() -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!-- Save as Orgwarden_Auditor.permissionset-meta.xml. Not in it, on purpose: ViewClientSecret. The global OAuth settings of\n     \
         External Client Apps, which hold the consumer secret, are unknown without it. -->\n\
         <PermissionSet xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    \
             <description>What the orgwarden audit of connected apps and External Client Apps has to see.</description>\n    \
             <hasActivationRequired>false</hasActivationRequired>\n    \
             <label>Orgwarden Auditor</label>\n",
    );
    for permission in &NEEDED {
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "    <!-- {} -->\n    <userPermissions>\n        <enabled>true</enabled>\n        <name>{}</name>\n    </userPermissions>\n",
            permission.why.replace('\n', "\n         "),
            permission.name
        );
    }
    out.push_str("</PermissionSet>\n");
    out
}
