//! What a refusal of the token endpoint means for whoever runs the audit.

use crate::salesforce::Error;

/// Parts of Salesforce's texts, in lower case, and what to do about them.
const ADVICE: [(&str, &str); 10] = [
    (
        "user hasn't approved this consumer",
        "this user is not pre-authorized for the app, or the app lacks the refresh_token scope: add the scope, set Permitted Users to \
         \"Admin approved users are pre-authorized\" and assign the user's profile or a permission set; a user name of another org \
         gives the same answer",
    ),
    ("not admin approved", "assign the user's profile, or a permission set the user has, to the app"),
    ("audience", "log in at the host the org belongs to (login, test or its My Domain), or set SF_AUDIENCE_URL"),
    (
        "not installed in this org",
        "give the org's My Domain URL; an External Client App must be local to the org or installed there as a package",
    ),
    ("app must be installed", "install the connected app in the org"),
    ("not supported on this domain", "give the org's My Domain URL, https://….my.salesforce.com"),
    ("no client credentials user enabled", "choose a run-as user in the policies of the app"),
    ("client identifier invalid", "check the consumer key and the org; a new app takes about ten minutes to become known"),
    (
        "expired access/refresh token",
        "the refresh token is expired, revoked, or used up by rotation: get a new auth URL with `sf org auth show-sfdx-auth-url`",
    ),
    ("invalid assertion", "the key does not belong to the certificate of the app, or the clock of this machine is wrong"),
];

/// What stands in a text where a secret was.
const HIDDEN: &str = "[secret]";

/// The same error with advice, and without the `secrets`, should the server have sent them back.
pub(super) fn explain(error: Error, secrets: &[&str]) -> Error {
    match error {
        Error::Refused { status, code, message } => {
            let said = message.to_lowercase();
            let message = hide(&message, secrets);
            let message = match ADVICE.iter().find(|(part, _)| said.contains(part)) {
                Some((_, advice)) => format!("{message} ({advice})"),
                None => message,
            };
            Error::Refused { status, code: hide(&code, secrets), message }
        }
        Error::Unreadable(text) => Error::Unreadable(hide(&text, secrets)),
        other => other,
    }
}

/// The text without the `secrets`.
fn hide(text: &str, secrets: &[&str]) -> String {
    secrets.iter().filter(|secret| !secret.is_empty()).fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN))
}
