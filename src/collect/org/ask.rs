//! Asking: several questions in few calls, and answers that prove they are whole.

use super::row::Row;
use crate::inventory::{Origin, Reason};
use crate::salesforce::{Client, Error, Rows};
use crate::source::{Answer as Told, Api, Location};

/// A question to the Data API about one sObject; long lists of ids make it several queries.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) object: &'static str,
    pub(super) soql: Vec<String>,
}

impl Question {
    /// A question of one query.
    pub(super) fn one(object: &'static str, soql: impl Into<String>) -> Self {
        Self { object, soql: vec![soql.into()] }
    }
}

/// What an org answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) rows: Vec<Row>,
    /// Why there may be more rows than these; none where the org counted as many as it sent.
    pub(super) more: Option<Reason>,
}

/// The answers to several questions, in their order; those of one question are put together. Nothing is asked where no question is.
pub(super) async fn ask(client: &Client, questions: Vec<Question>) -> Vec<Result<Answer, Reason>> {
    let queries: Vec<String> = questions.iter().flat_map(|question| question.soql.iter().cloned()).collect();
    let mut results = if queries.is_empty() { Vec::new() } else { client.queries(&queries).await }.into_iter();
    questions
        .iter()
        .map(|question| {
            // All results of a question are taken, also where one of them is an error: the next belong to the next question.
            let of_question: Vec<_> = results.by_ref().take(question.soql.len()).collect();
            let mut answer = Answer::default();
            for result in of_question {
                answer.add(question.object, result.map_err(|error| unreadable(question.object, &error))?);
            }
            Ok(answer)
        })
        .collect()
}

impl Answer {
    /// Adds what one query brought.
    pub(super) fn add(&mut self, object: &str, rows: Rows<serde_json::Value>) {
        let got = u64::try_from(rows.rows.len()).unwrap_or(u64::MAX);
        if got < rows.total {
            self.more = Some(format!("the org counts {} rows of {object} and sent {got}", rows.total).into());
        }
        let before = self.rows.len();
        self.rows.extend(rows.rows.into_iter().filter_map(Row::new));
        if u64::try_from(self.rows.len() - before).unwrap_or(u64::MAX) < got {
            self.more = Some(format!("rows of {object} that cannot be read").into());
        }
    }
}

/// Why an object is not known, as a clause after "unknown:".
pub(super) fn unreadable(object: &str, error: &Error) -> Reason {
    let need = if error.is_unavailable() { permission_for(object) } else { None };
    match need {
        Some(need) => format!("{object} could not be read ({error}); reading it needs {need}").into(),
        None => format!("{object} could not be read ({error})").into(),
    }
}

/// What a user needs to read an object, where it is documented: API contract, sections 3.2 to 3.4 and 5.7.
fn permission_for(object: &str) -> Option<&'static str> {
    Some(match object {
        "SetupEntityAccess" | "PermissionSet" | "PermissionSetAssignment" | "SetupAuditTrail" => "View Setup and Configuration",
        "OauthToken" => "Customize Application",
        "Metadata API" => "Modify Metadata Through Metadata API Functions or Modify All Data",
        _ => return None,
    })
}

/// An object of the Data API as the origin of a fact.
pub(super) fn data(object: &str, client: &Client) -> Origin {
    told(Api::Data, object, client)
}

/// An object of any API as the origin of a fact.
pub(super) fn told(api: Api, object: &str, client: &Client) -> Origin {
    Origin::Stated(Location::object(object, Told { api, version: client.version().0 }))
}
