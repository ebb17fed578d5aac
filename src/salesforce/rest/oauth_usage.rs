//! Which connected apps are in use, as Setup's page "Connected Apps OAuth Usage" lists them.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::request::RestPath;
use super::super::{Client, Error};
use super::json;

/// Apps on a page; the most the resource gives.
const PAGE_SIZE: usize = 100;
/// Pages asked for. An org with more has something else to worry about, and is told that not all were read.
const MOST_PAGES: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    apps: Vec<Map<String, Value>>,
    next_page_url: Option<String>,
}

impl Client {
    /// The apps in use, installed or not, as the resource `apps/oauth/usage` tells them (API 59.0 and later).
    ///
    /// # Errors
    ///
    /// [`Error`]; more than 10,000 apps are [`Error::Unreadable`], never a shortened list.
    pub async fn oauth_usage(&self) -> Result<Vec<Map<String, Value>>, Error> {
        let what = "OAuth usage of connected apps";
        let mut apps: Vec<Map<String, Value>> = Vec::new();
        for number in 0..MOST_PAGES {
            let resource = format!("apps/oauth/usage?page={number}&pageSize={PAGE_SIZE}");
            let page: Page = self.get(RestPath::of(self.version(), &resource), what, |answer| json(answer, what)).await?;
            // Pages are asked for by number; the link only has to be one that could be followed.
            if let Some(next) = &page.next_page_url {
                RestPath::given(self.base(), next)?;
            }
            let last = page.next_page_url.is_none();
            if last && number > 0 && apps.ends_with(&page.apps) {
                // Nothing more, or a server that knows no pages and gave everything again.
                return Ok(apps);
            }
            let full = page.apps.len() >= PAGE_SIZE;
            let empty = page.apps.is_empty();
            apps.extend(page.apps);
            if empty || (last && !full) {
                return Ok(apps);
            }
        }
        Err(Error::Unreadable(format!("{what}: more than {MOST_PAGES} pages")))
    }
}
