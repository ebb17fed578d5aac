//! The token endpoint, and who a token belongs to.

use base64::Engine as _;
use serde_json::{Value, json};

use super::org::FakeOrg;
use super::record::Received;
use super::reply::Reply;
use super::rest::{me, parameter};

/// The app that may log in, and how.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: String,
    /// For client credentials and refresh; not asked for if empty.
    pub(crate) secret: String,
    pub(crate) refresh_token: String,
    /// Each refresh gives a new refresh token, and the old one dies.
    pub(crate) rotates: bool,
    /// Every request is refused with this error and description.
    pub(crate) refusal: Option<(String, String)>,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            id: "FakeConsumerKey0001".to_owned(),
            secret: "FAKE-CLIENT-SECRET-DO-NOT-LEAK".to_owned(),
            refresh_token: "FAKE-REFRESH-TOKEN-1".to_owned(),
            rotates: false,
            refusal: None,
        }
    }
}

/// Error and description, with status 400.
type Refusal = (String, String);

pub(super) fn answer(org: &mut FakeOrg, request: &Received) -> Reply {
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/services/oauth2/token") => match token(org, request) {
            Ok(body) => Reply::json(200, &body),
            Err((error, description)) => Reply::json(400, &json!({"error": error, "error_description": description})),
        },
        ("GET" | "POST", "/services/oauth2/userinfo") => user_info(org, request),
        (method, path) => {
            if method != "GET" {
                // Revoking a token is a change as well.
                org.record.writes.push(format!("{method} {path}"));
            }
            Reply::json(400, &json!({"error": "invalid_request", "error_description": "not for you"}))
        }
    }
}

fn token(org: &mut FakeOrg, request: &Received) -> Result<Value, Refusal> {
    let value = |name: &str| parameter(&request.body, name).unwrap_or_default();
    if let Some(refusal) = &org.client.refusal {
        return Err(refusal.clone());
    }
    let mut body = json!({});
    match value("grant_type").as_str() {
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => check_assertion(org, &value("assertion"))?,
        "client_credentials" => check_client(org, request, true)?,
        "refresh_token" => {
            check_client(org, request, false)?;
            if value("refresh_token") != org.client.refresh_token {
                return Err(refusal("invalid_grant", "expired access/refresh token"));
            }
            if org.client.rotates {
                org.client.refresh_token.push_str("-ROTATED");
                body["refresh_token"] = json!(org.client.refresh_token);
            }
        }
        _ => return Err(refusal("unsupported_grant_type", "grant type not supported")),
    }
    body["access_token"] = json!(org.issue_token());
    body["instance_url"] = json!(org.instance_url.clone().unwrap_or_else(|| org.own_url.clone()));
    body["id"] = json!(format!("https://login.salesforce.com/id/{}/{}", organization(org), org.user));
    body["token_type"] = json!("Bearer");
    body["scope"] = json!("api refresh_token");
    body["issued_at"] = json!("1780315200000");
    body["signature"] = json!("FAKE-SIGNATURE");
    Ok(body)
}

/// Client id and, where it is asked for, secret: in the body or as `Authorization: Basic`.
fn check_client(org: &FakeOrg, request: &Received, secret_needed: bool) -> Result<(), Refusal> {
    let value = |name: &str| parameter(&request.body, name).unwrap_or_default();
    let basic = request.header("authorization").and_then(|header| header.strip_prefix("Basic "));
    let basic = basic.and_then(|text| base64::engine::general_purpose::STANDARD.decode(text).ok());
    let basic = basic.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let (id, secret) = match basic.as_deref().and_then(|text| text.split_once(':')) {
        Some((id, secret)) => (id.to_owned(), secret.to_owned()),
        None => (value("client_id"), value("client_secret")),
    };
    if id != org.client.id {
        return Err(refusal("invalid_client_id", "client identifier invalid"));
    }
    let wrong = secret != org.client.secret && (secret_needed || !secret.is_empty());
    if wrong { Err(refusal("invalid_client", "invalid client credentials")) } else { Ok(()) }
}

/// Everything but the signature, for which this would need the app's certificate.
fn check_assertion(org: &FakeOrg, assertion: &str) -> Result<(), Refusal> {
    let decode = |part: &str| -> Option<Value> {
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice(&bytes).ok()
    };
    let parts: Vec<&str> = assertion.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return Err(refusal("invalid_grant", "invalid assertion")) };
    let (Some(header), Some(claims)) = (decode(header), decode(claims)) else {
        return Err(refusal("invalid_grant", "invalid assertion"));
    };
    if header["alg"] != "RS256" || signature.is_empty() {
        return Err(refusal("invalid_grant", "invalid assertion"));
    }
    if claims["iss"] != org.client.id.as_str() {
        return Err(refusal("invalid_client_id", "client identifier invalid"));
    }
    let audiences = ["https://login.salesforce.com", "https://test.salesforce.com", org.own_url.as_str()];
    if !claims["aud"].as_str().is_some_and(|audience| audiences.contains(&audience.trim_end_matches('/'))) {
        return Err(refusal("invalid_grant", "audience is invalid"));
    }
    let now = jiff::Timestamp::now().as_second();
    // Three minutes ahead at most; another guide says five. Milliseconds, as Salesforce's own tools send them, are let through.
    if !claims["exp"].as_i64().is_some_and(|end| now < end && (end <= now + 300 || end > 1_000_000_000_000)) {
        return Err(refusal("invalid_grant", "expired authorization code"));
    }
    let user = claims["sub"].as_str().unwrap_or_default();
    let known = org.objects.get("User").and_then(|table| table.find("Username", user)).is_some();
    if known { Ok(()) } else { Err(refusal("invalid_grant", "user hasn't approved this consumer")) }
}

fn user_info(org: &FakeOrg, request: &Received) -> Reply {
    let token = request.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
    if !token.is_some_and(|token| org.knows(token)) {
        return Reply::new(403, "text/html;charset=UTF-8", "Bad_OAuth_Token");
    }
    let user = me(org);
    let organization = organization(org);
    let urls = json!({"rest": format!("{}/services/data/v{{version}}/", org.own_url), "custom_domain": org.own_url});
    let body = json!({"sub": format!("https://login.salesforce.com/id/{organization}/{}", org.user), "user_id": org.user,
        "organization_id": organization, "preferred_username": user["Username"], "nickname": user["Alias"], "name": user["Name"],
        "email": user["Email"], "email_verified": true, "active": true, "user_type": "STANDARD", "language": "en_US", "locale": "en_US",
        "urls": urls});
    Reply::json(200, &body)
}

fn organization(org: &FakeOrg) -> String {
    let row = org.objects.get("Organization").and_then(|table| table.rows.first());
    row.and_then(|row| row[0].text()).unwrap_or_default().to_owned()
}

fn refusal(error: &str, description: &str) -> Refusal {
    (error.to_owned(), description.to_owned())
}
