//! SOQL queries, read to the end.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::request::RestPath;
use super::super::soql::encode;
use super::super::{Api, Client, Error};
use super::json;

/// How often a query begins anew because the org has lost its place in it.
const MOST_RESTARTS: usize = 2;

/// All rows of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<T> {
    /// How many the org counted; all there is of a `SELECT COUNT()`.
    pub total: u64,
    /// The rows.
    pub rows: Vec<T>,
}

impl<T> Rows<T> {
    /// Whether there are as many rows as the org counted. Not so for a `SELECT COUNT()`, which has none.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        u64::try_from(self.rows.len()).is_ok_and(|rows| rows == self.total)
    }
}

/// One page on the wire.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    total_size: u64,
    done: bool,
    next_records_url: Option<String>,
    records: Vec<T>,
}

impl Client {
    /// Runs a query and follows it to the end.
    ///
    /// # Errors
    ///
    /// [`Error`]; a page that is missing fails the whole query, for half the rows look like all of them.
    pub async fn query<T: DeserializeOwned>(&self, api: Api, soql: &str) -> Result<Rows<T>, Error> {
        let what = subject(soql);
        let mut restarts = 0;
        loop {
            let path = query_path(self, api, soql);
            let first: Page<T> = self.get(path, what, |answer| json(answer, what)).await?;
            match self.rest_of(first, what).await {
                Err(error) if error.code() == Some("INVALID_QUERY_LOCATOR") && restarts < MOST_RESTARTS => restarts += 1,
                rows => return rows,
            }
        }
    }

    /// The rows of a page and of all that follow it.
    pub(super) async fn rest_of<T: DeserializeOwned>(&self, first: Page<T>, what: &str) -> Result<Rows<T>, Error> {
        let Page { total_size: total, mut done, mut next_records_url, records: mut rows } = first;
        let mut seen = HashSet::new();
        while !done {
            let Some(next) = next_records_url.take() else {
                return Err(Error::Unreadable(format!("{what}: more rows, and no link to them")));
            };
            let path = RestPath::given(self.base(), &next)?;
            // Whoever sends in circles, or more than was counted, would be read for ever.
            if u64::try_from(rows.len()).unwrap_or(u64::MAX) > total || !seen.insert(next) {
                return Err(Error::Unreadable(format!("{what}: pages without end")));
            }
            let page: Page<T> = self.get(path, what, |answer| json(answer, what)).await?;
            if page.records.is_empty() && !page.done {
                return Err(Error::Unreadable(format!("{what}: pages without rows")));
            }
            rows.extend(page.records);
            (done, next_records_url) = (page.done, page.next_records_url);
        }
        Ok(Rows { total, rows })
    }
}

/// Where a query is asked.
pub(super) fn query_path(client: &Client, api: Api, soql: &str) -> RestPath {
    let resource = match api {
        Api::Data => "query",
        Api::Tooling => "tooling/query",
    };
    RestPath::of(client.version(), &format!("{resource}?q={}", encode(soql)))
}

/// What a query asks for: the object after the `FROM` outside brackets.
pub(super) fn subject(soql: &str) -> &str {
    let mut depth = 0_usize;
    let mut from = false;
    for word in soql.split_whitespace() {
        if depth == 0 && from {
            return word;
        }
        from = depth == 0 && word.eq_ignore_ascii_case("from");
        depth = (depth + word.matches('(').count()).saturating_sub(word.matches(')').count());
    }
    "a query"
}
