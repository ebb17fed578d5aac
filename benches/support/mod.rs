//! Makes metadata trees of any size, the same bytes every time.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// How large a tree to make.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Connected apps.
    pub apps: usize,
    /// Other metadata files (Apex classes with their `-meta.xml`, layouts, objects).
    pub others: usize,
    /// Bytes of each of the others.
    pub other_bytes: usize,
    /// Profiles.
    pub profiles: usize,
    /// Bytes of each profile.
    pub profile_bytes: usize,
}

/// Writes an SFDX project of this size.
///
/// # Errors
///
/// What the file system says.
pub(crate) fn write(root: &Path, size: Size) -> io::Result<()> {
    let main = root.join("force-app/main/default");
    fs::create_dir_all(&main)?;
    fs::write(
        root.join("sfdx-project.json"),
        r#"{"packageDirectories":[{"path":"force-app","default":true}],"sourceApiVersion":"66.0"}"#,
    )?;
    let apps = folder(&main, "connectedApps")?;
    for index in 0..size.apps {
        fs::write(apps.join(format!("App_{index}.connectedApp-meta.xml")), app(index, size.profiles))?;
    }
    let sets = folder(&main, "permissionsets")?;
    for index in 0..size.apps.min(20) {
        fs::write(sets.join(format!("Set_{index}.permissionset-meta.xml")), permission_set(index))?;
    }
    let profiles = folder(&main, "profiles")?;
    for index in 0..size.profiles {
        fs::write(profiles.join(format!("Profile {index}.profile-meta.xml")), profile(index, size.profile_bytes))?;
    }
    for index in 0..size.others {
        let kinds =
            [("classes", "cls"), ("classes", "cls-meta.xml"), ("layouts", "layout-meta.xml"), ("objects", "object-meta.xml")];
        let (name, suffix) = kinds[index % kinds.len()];
        let folder = folder(&main, &format!("{name}/part{}", index / 2000))?;
        fs::write(folder.join(format!("Item_{index}.{suffix}")), filler(index, size.other_bytes))?;
    }
    Ok(())
}

fn folder(parent: &Path, name: &str) -> io::Result<std::path::PathBuf> {
    let path = parent.join(name);
    fs::create_dir_all(&path)?;
    Ok(path)
}

fn app(index: usize, profiles: usize) -> String {
    // The first app opens every profile, so that reading them all is part of what is measured.
    let named = if index == 0 { profiles } else { 0 };
    let profiles =
        (0..named).fold(String::new(), |text, profile| text + &format!("    <profileName>Profile {profile}</profileName>\n"));
    let approved = index.is_multiple_of(3);
    let assignment =
        if approved { format!("    <permissionSetName>Set {}</permissionSetName>\n", index % 20) } else { String::new() };
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<ConnectedApp xmlns="http://soap.sforce.com/2006/04/metadata">
    <contactEmail>integrations@acme-internal.net</contactEmail>
    <description>Generated for benchmarks</description>
    <label>App {index}</label>
    <oauthConfig>
        <callbackUrl>https://app{index}.acme-internal.net/callback</callbackUrl>
        <consumerKey>GeneratedKey{index:08}</consumerKey>
        <isAdminApproved>{approved}</isAdminApproved>
        <isConsumerSecretOptional>false</isConsumerSecretOptional>
        <isIntrospectAllTokens>false</isIntrospectAllTokens>
        <isPkceRequired>{}</isPkceRequired>
        <isSecretRequiredForRefreshToken>true</isSecretRequiredForRefreshToken>
        <scopes>Api</scopes>
        <scopes>RefreshToken</scopes>
    </oauthConfig>
    <oauthPolicy>
        <ipRelaxation>ENFORCE</ipRelaxation>
        <refreshTokenPolicy>specific_inactivity:30:DAYS</refreshTokenPolicy>
    </oauthPolicy>
{assignment}{profiles}</ConnectedApp>
"#,
        index.is_multiple_of(2)
    )
}

fn permission_set(index: usize) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PermissionSet xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    \
         <hasActivationRequired>false</hasActivationRequired>\n    <label>Set {index}</label>\n</PermissionSet>\n"
    )
}

fn profile(index: usize, bytes: usize) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Profile xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    <custom>true</custom>\n",
    );
    let mut field = 0;
    while text.len() < bytes {
        let _ = write!(
            text,
            "    <fieldPermissions>\n        <editable>{}</editable>\n        <field>Object_{}__c.Field_{field}__c</field>\n        \
             <readable>true</readable>\n    </fieldPermissions>\n",
            field % 2 == 0,
            index + field / 40
        );
        field += 1;
    }
    text + "    <userLicense>Salesforce</userLicense>\n</Profile>\n"
}

fn filler(index: usize, bytes: usize) -> String {
    let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- generated {index} -->\n");
    while text.len() < bytes {
        let _ =
            writeln!(text, "    <layoutItems><field>Field_{}__c</field><behavior>Edit</behavior></layoutItems>", text.len() % 997);
    }
    text
}
