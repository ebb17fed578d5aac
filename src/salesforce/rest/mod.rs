//! The REST API: small resources, and how answers in JSON are read.

mod composite;
mod describe;
mod oauth_usage;
mod query;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::refusal::Refusal;
use super::request::RestPath;
use super::retry::{Failure, retry_after};
use super::transport::Answer;
use super::{ApiVersion, Client, Error};

pub use describe::{Describe, FieldDescribe};
pub use query::Rows;

pub(super) use composite::body as composite_body;

/// Limits of the org, as far as an audit needs them. Salesforce tells them only to users who may view Setup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// API calls the org may make in 24 hours.
    pub daily_api_requests_max: Option<u64>,
    /// How many are left.
    pub daily_api_requests_remaining: Option<u64>,
}

/// Who is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// Id of the user, 18 characters.
    pub user_id: String,
    /// Id of the org, 18 characters.
    pub organization_id: String,
    /// User name.
    pub preferred_username: Option<String>,
}

impl Client {
    /// The API versions the org offers, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn versions(&self) -> Result<Vec<ApiVersion>, Error> {
        #[derive(Deserialize)]
        struct Offered {
            version: String,
        }
        let what = "API versions";
        let offered: Vec<Offered> = self.get(RestPath::versions(), what, |answer| json(answer, what)).await?;
        let mut versions: Vec<ApiVersion> = offered.iter().filter_map(|offered| offered.version.parse().ok()).collect();
        versions.sort_unstable();
        versions.dedup();
        if versions.is_empty() { Err(Error::Unreadable(format!("{what}: none"))) } else { Ok(versions) }
    }

    /// The org's limits.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn limits(&self) -> Result<Limits, Error> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(rename = "DailyApiRequests")]
            daily_api_requests: Option<Limit>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Limit {
            max: Option<u64>,
            remaining: Option<u64>,
        }
        let what = "limits";
        let wire: Wire = self.get(RestPath::of(self.version(), "limits"), what, |answer| json(answer, what)).await?;
        let daily = wire.daily_api_requests;
        Ok(Limits {
            daily_api_requests_max: daily.as_ref().and_then(|daily| daily.max),
            daily_api_requests_remaining: daily.and_then(|daily| daily.remaining),
        })
    }

    /// Who is logged in. Needs a token with a scope such as `openid` or `id`.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn user_info(&self) -> Result<UserInfo, Error> {
        let what = "user info";
        self.get(RestPath::user_info(), what, |answer| json(answer, what)).await
    }
}

/// Reads an answer as JSON, or as the refusal it is. `what` was asked for.
fn json<T: DeserializeOwned>(answer: &Answer, what: &str) -> Result<T, Failure> {
    if answer.status != 200 {
        return Err(refused(answer, what));
    }
    serde_json::from_slice(&answer.body).map_err(|error| {
        if error.is_data() {
            // JSON, and all of it: asking again would bring the same. The cause is not told, it would quote data.
            let (line, column) = (error.line(), error.column());
            Failure::Final(Error::Unreadable(format!("{what}: an unexpected shape at line {line}, column {column}")))
        } else {
            Failure::passing(Error::Unreadable(format!("{what}: {}", no_json(&answer.body))))
        }
    })
}

/// What an answer with an error status says.
pub(super) fn refused(answer: &Answer, what: &str) -> Failure {
    let status = answer.status;
    let after = retry_after(&answer.headers);
    let body = serde_json::from_slice(&answer.body).ok();
    if let Some((code, message)) = body.as_ref().and_then(first_error) {
        return Refusal { status, code, message, after }.failure();
    }
    let form = if body.is_some() { "an error without a code" } else { no_json(&answer.body) };
    // The identity service answers in a single word, such as `Bad_OAuth_Token`.
    let word = std::str::from_utf8(&answer.body).unwrap_or_default().trim();
    if (1..=40).contains(&word.len()) && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Refusal { status, code: word.to_owned(), message: format!("for {what}"), after }.failure();
    }
    match status {
        401 => Failure::Expired(format!("HTTP 401 for {what}")),
        // Not `NOT_FOUND`: that would be Salesforce's word for what this org does not have, and this may come from anywhere.
        404 | 405 | 410 | 413..=415 | 431 | 501 => {
            Failure::Final(Error::Refused { status, code: format!("HTTP_{status}"), message: format!("{form} for {what}") })
        }
        _ => {
            let error = Error::Unreadable(format!("HTTP {status} and {form} for {what}"));
            Failure::Passing(super::retry::Passing { error, after, once: false })
        }
    }
}

/// Code and text of the first error in an error body: an array of errors, one of them alone, or OAuth's object.
fn first_error(body: &Value) -> Option<(String, String)> {
    let error = body.as_array().map_or(Some(body), |errors| errors.first())?;
    let text = |name: &str| error.get(name).and_then(Value::as_str);
    let code = text("errorCode").or_else(|| text("error"))?;
    let message = text("message").or_else(|| text("error_description")).unwrap_or_default();
    Some((code.to_owned(), message.to_owned()))
}

/// What a body is that should be JSON.
fn no_json(body: &[u8]) -> &'static str {
    match body.trim_ascii_start().first() {
        None => "an empty answer",
        Some(b'<') => "an HTML page",
        Some(b'{' | b'[') => "JSON that breaks off",
        Some(_) => "something that is not JSON",
    }
}
