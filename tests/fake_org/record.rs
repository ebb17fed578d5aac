//! What the org has been asked.

/// One HTTP request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) path: String,
    /// As sent, still encoded; empty if there was none.
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// Everything noted since the start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) received: Vec<Received>,
    /// Every SOQL text, those within composite requests, too.
    pub(crate) queries: Vec<String>,
    /// Requests that could have changed the org.
    pub(crate) writes: Vec<String>,
    /// SOAP requests that are not what the WSDL says, and why.
    pub(crate) malformed: Vec<String>,
    /// Columns with secrets in them that a query selected, such as `OauthToken.AccessToken`.
    pub(crate) secrets: Vec<String>,
    /// Calls as Salesforce counts them against the daily limit.
    pub(crate) calls: u64,
}

impl Received {
    /// A header's value; names are lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}
