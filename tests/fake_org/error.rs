//! Refusals in the REST API's form.

use serde_json::{Value, json};

/// A refusal: status, code and text as Salesforce answers them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into() }
    }

    /// A refusal of a query, with the line that points at the place.
    pub(crate) fn at(code: &str, query: &str, offset: usize, message: impl std::fmt::Display) -> Self {
        let start = offset.saturating_sub(20);
        let excerpt: String = query.chars().skip(start).take(60).collect();
        let caret = " ".repeat(offset - start);
        let column = offset + 1;
        Self::new(400, code, format!("\n{excerpt}\n{caret}^\nERROR at Row:1:Column:{column}\n{message}"))
    }

    /// The body: errors come in an array.
    pub(crate) fn body(&self) -> Value {
        json!([{"message": self.message, "errorCode": self.code}])
    }
}
