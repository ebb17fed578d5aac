//! Names of client applications that users trust, and names made to be taken for them.
//!
//! A name proves nothing: whoever makes an app chooses it. So a name that is exactly right says no more than one that is nearly so, but
//! one that is nearly right was hardly chosen by chance.

/// Names that the makers of well-known clients use.
const GENUINE: &[&str] = &[
    "Data Loader",
    "Dataloader Bulk",
    "Dataloader Partner",
    "Salesforce Authenticator",
    "Salesforce CLI",
    "Salesforce Chatter",
    "Salesforce Files",
    "Salesforce Inspector",
    "Salesforce Inspector Reloaded",
    "Salesforce Mobile Dashboards",
    "Salesforce for Android",
    "Salesforce for Outlook",
    "Salesforce for iOS",
    "SalesforceA",
    "Workbench",
    "dataloader.io",
];

/// Names that attacks have used or would, each in the form of [`plain`].
const IMITATED: &[(&str, &str)] = &[
    ("dataloader", "Data Loader"),
    ("salesforcecli", "Salesforce CLI"),
    ("salesforceinspector", "Salesforce Inspector"),
    ("workbench", "Workbench"),
];

/// How many characters may differ in a name that is taken for another.
const NEAR: usize = 2;

/// The well-known client that a name resembles without being it; none for the exact name of one, and for any other name.
#[must_use]
pub fn imitated(name: &str) -> Option<&'static str> {
    if GENUINE.contains(&name.trim()) {
        return None;
    }
    let plain = plain(name);
    let found = IMITATED.iter().find(|(known, _)| plain.starts_with(known) || strsim::damerau_levenshtein(&plain, known) <= NEAR);
    // Anything may call itself a product of Salesforce; few that are installed from outside do.
    found.map(|(_, name)| *name).or_else(|| plain.starts_with("salesforce").then_some("Salesforce"))
}

/// A name without what the eye overlooks: letter case, spaces and signs, digits in the place of letters.
fn plain(name: &str) -> String {
    let look_alike = |c: char| match c {
        '0' => 'o',
        '1' | '|' => 'l',
        '3' => 'e',
        '5' => 's',
        other => other,
    };
    name.to_lowercase().chars().map(look_alike).filter(|c| c.is_alphanumeric()).collect()
}
