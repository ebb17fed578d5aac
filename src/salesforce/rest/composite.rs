//! Several reads in one call.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::request::{Request, RestPath};
use super::super::retry::Failure;
use super::super::{Api, Client, Error};
use super::describe::{Describe, describe_path};
use super::query::{Page, Rows, query_path, subject};

/// Queries in one call.
const MOST_QUERIES: usize = 5;
/// Parts in one call.
const MOST_PARTS: usize = 25;

/// What became of one part: an answer, or a reason to ask for it on its own.
enum Part<T> {
    Answered(T),
    Refused(Error),
    AskAlone,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Composite {
    composite_response: Vec<SubAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SubAnswer {
    #[serde(default)]
    body: Value,
    http_status_code: u16,
    reference_id: String,
}

/// The body of a composite request.
pub(in crate::salesforce) fn body(parts: &[RestPath]) -> Value {
    let part = |(at, path): (usize, &RestPath)| json!({"method": "GET", "url": path.as_str(), "referenceId": reference(at)});
    json!({"allOrNone": false, "compositeRequest": parts.iter().enumerate().map(part).collect::<Vec<_>>()})
}

impl Client {
    /// Runs queries on the Data API, five in a call, and follows each to its end. The answers are in the order of the queries.
    pub async fn queries(&self, soql: &[String]) -> Vec<Result<Rows<Value>, Error>> {
        join_all(soql.chunks(MOST_QUERIES).map(|chunk| self.some_queries(chunk))).await.into_iter().flatten().collect()
    }

    /// Describes objects of the Data API, 25 in a call. The answers are in the order of the objects.
    pub async fn describes(&self, objects: &[&str]) -> Vec<Result<Describe, Error>> {
        join_all(objects.chunks(MOST_PARTS).map(|chunk| self.some_describes(chunk))).await.into_iter().flatten().collect()
    }

    async fn some_queries(&self, soql: &[String]) -> Vec<Result<Rows<Value>, Error>> {
        let paths = soql.iter().map(|soql| query_path(self, Api::Data, soql)).collect();
        let what: Vec<&str> = soql.iter().map(|soql| subject(soql)).collect();
        let parts = self.composite::<Page<Value>>(paths, &what).await;
        join_all(parts.into_iter().zip(soql).map(async |(part, soql)| match part {
            Part::Answered(first) => match self.rest_of(first, subject(soql)).await {
                Err(error) if error.code() == Some("INVALID_QUERY_LOCATOR") => self.query(Api::Data, soql).await,
                rows => rows,
            },
            Part::Refused(error) => Err(error),
            Part::AskAlone => self.query(Api::Data, soql).await,
        }))
        .await
    }

    async fn some_describes(&self, objects: &[&str]) -> Vec<Result<Describe, Error>> {
        let paths = objects.iter().map(|object| describe_path(self, Api::Data, object)).collect();
        let parts = self.composite::<Describe>(paths, objects).await;
        join_all(parts.into_iter().zip(objects).map(async |(part, object)| match part {
            Part::Answered(describe) => Ok(describe),
            Part::Refused(error) => Err(error),
            Part::AskAlone => self.describe(Api::Data, object).await,
        }))
        .await
    }

    /// One composite call; one part for each path.
    async fn composite<T: DeserializeOwned>(&self, paths: Vec<RestPath>, subjects: &[&str]) -> Vec<Part<T>> {
        let all_alone = || subjects.iter().map(|_| Part::AskAlone).collect();
        // A single part costs the same on its own and needs no resource that may be missing.
        if paths.len() < 2 || self.no_composite().load(Ordering::Relaxed) {
            return all_alone();
        }
        let what = subjects.join(", ");
        let request = Request::Composite(self.version(), paths);
        match self.ask(request, &what, |answer| super::json::<Composite>(answer, &what)).await {
            Ok(answer) => {
                let mut answers: HashMap<String, SubAnswer> =
                    answer.composite_response.into_iter().map(|part| (part.reference_id.clone(), part)).collect();
                subjects.iter().enumerate().map(|(at, subject)| part(answers.remove(&reference(at)), subject)).collect()
            }
            Err(Error::Refused { status: 400 | 404 | 405 | 413 | 414 | 415 | 501, .. }) => {
                self.no_composite().store(true, Ordering::Relaxed);
                all_alone()
            }
            Err(error) => subjects.iter().map(|_| Part::Refused(error.clone())).collect(),
        }
    }
}

fn reference(at: usize) -> String {
    format!("part{at}")
}

fn part<T: DeserializeOwned>(answer: Option<SubAnswer>, subject: &str) -> Part<T> {
    let unreadable = |what| Part::Refused(Error::Unreadable(format!("{subject}: {what}")));
    let Some(SubAnswer { body, http_status_code: status, .. }) = answer else {
        return unreadable("missing in the answer to a composite request");
    };
    if status != 200 {
        let Some((code, message)) = super::first_error(&body) else { return Part::AskAlone };
        return match (Refusal { status, code, message, after: None }).failure() {
            Failure::Final(error) => Part::Refused(error),
            // On its own it is retried, or gets the new session, as any other.
            Failure::Passing(_) | Failure::Expired(_) => Part::AskAlone,
        };
    }
    serde_json::from_value(body).map_or_else(|_| unreadable("an unexpected shape"), Part::Answered)
}
