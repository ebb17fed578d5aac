//! Several resources by one request.

use serde_json::{Value, json};

use super::error::ApiError;
use super::org::FakeOrg;
use super::rest::{Ask, resource};

/// Parts of one request.
const MOST_PARTS: usize = 25;
/// Queries, and pages of queries, among the parts of `composite`.
const MOST_QUERIES: usize = 5;

/// `composite`: counts as one call.
pub(super) fn composite(org: &mut FakeOrg, ask: &Ask) -> Result<Value, ApiError> {
    let parts = parts(ask, "compositeRequest")?;
    let queries = parts.iter().filter(|part| is_query(&text(part, "url"))).count();
    if queries > MOST_QUERIES {
        let text = format!("Limit exceeded. Maximum query subrequests allowed: {MOST_QUERIES}");
        return Err(ApiError::new(400, "LIMIT_EXCEEDED", text));
    }
    let mut answers: Vec<Value> = Vec::new();
    for part in &parts {
        let reference = text(part, "referenceId");
        if reference.is_empty() || !text(part, "url").starts_with("/services/data/") {
            return Err(ApiError::new(
                400,
                "JSON_PARSER_ERROR",
                "a subrequest needs a referenceId and a url that begins with /services/data/",
            ));
        }
        let (status, body) = answer(org, &text(part, "method"), &text(part, "url"), ask.batch_size);
        answers.push(json!({"body": body, "httpHeaders": {}, "httpStatusCode": status, "referenceId": reference}));
    }
    Ok(json!({"compositeResponse": answers}))
}

/// `composite/batch`: every part counts as a call.
pub(super) fn batch(org: &mut FakeOrg, ask: &Ask) -> Result<Value, ApiError> {
    let parts = parts(ask, "batchRequests")?;
    org.record.calls += (parts.len() as u64).saturating_sub(1);
    let mut results: Vec<Value> = Vec::new();
    for part in &parts {
        let url = text(part, "url");
        let (status, body) = answer(org, &text(part, "method"), url.trim_start_matches("/services/data/"), ask.batch_size);
        results.push(json!({"statusCode": status, "result": body}));
    }
    let failed = results.iter().any(|result| result["statusCode"] != 200);
    Ok(json!({"hasErrors": failed, "results": results}))
}

fn parts(ask: &Ask, key: &str) -> Result<Vec<Value>, ApiError> {
    let wrong = |text: &str| ApiError::new(400, "JSON_PARSER_ERROR", text);
    let body: Value = serde_json::from_str(ask.body).map_err(|error| wrong(&error.to_string()))?;
    let parts = body[key].as_array().ok_or_else(|| wrong(&format!("{key} is missing")))?;
    if parts.len() > MOST_PARTS {
        let text = format!("Limit exceeded. Maximum subrequests allowed: {MOST_PARTS}");
        return Err(ApiError::new(400, "LIMIT_EXCEEDED", text));
    }
    Ok(parts.clone())
}

fn answer(org: &mut FakeOrg, method: &str, url: &str, batch_size: Option<usize>) -> (u16, Value) {
    // A composite within a composite does not exist, and a body is only for what writes.
    let part = Ask { method, url, body: "", batch_size };
    match resource(org, &part) {
        Ok(body) => (200, body),
        Err(error) => (error.status, error.body()),
    }
}

fn is_query(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default();
    path.split('/').any(|segment| segment == "query")
}

fn text(part: &Value, key: &str) -> String {
    part[key].as_str().unwrap_or_default().to_owned()
}
