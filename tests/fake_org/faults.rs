//! What goes wrong on purpose.

use std::time::Duration;

use super::record::Received;

/// A fault: which requests it concerns, which of those it hits, and what happens to them.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    matcher: Matcher,
    when: When,
    seen: u64,
    action: Action,
}

/// Requests by parts of their method, path with query, and body; what is not said matches all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matcher {
    method: Option<String>,
    target: Option<String>,
    body: Option<String>,
}

/// Which of the matching requests are hit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    Always,
    First(u64),
    Only(u64),
    After(u64),
}

/// What happens.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Another answer than the right one.
    Answer { status: u16, headers: Vec<(String, String)>, body: String },
    /// The right answer, of which the connection breaks in the middle.
    Cut,
    /// The first half of the right answer, as if it were the whole.
    Truncate,
    /// The right answer, with a pause in the middle.
    Slow(Duration),
    /// The right answer, later.
    Delay(Duration),
    /// Every session ends; the request is answered as with an unknown token.
    EndSessions,
}

impl Fault {
    /// A fault of every request.
    pub(crate) fn new(action: Action) -> Self {
        Self { matcher: Matcher::default(), when: When::Always, seen: 0, action }
    }

    /// An answer in the REST API's form.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::answer(status, serde_json::json!([{"message": message, "errorCode": code}]).to_string())
    }

    pub(crate) fn answer(status: u16, body: impl Into<String>) -> Self {
        let content = ("content-type".to_owned(), "application/json;charset=UTF-8".to_owned());
        Self::new(Action::Answer { status, headers: vec![content], body: body.into() })
    }

    /// A SOAP fault with HTTP 500.
    pub(crate) fn soap(code: &str, message: &str) -> Self {
        let headers = vec![("content-type".to_owned(), "text/xml;charset=UTF-8".to_owned())];
        Self::new(Action::Answer { status: 500, headers, body: super::soap::fault(code, message) })
    }

    /// The page shown during maintenance, with this status (200 in the worst case).
    pub(crate) fn html(status: u16) -> Self {
        let headers = vec![("content-type".to_owned(), "text/html;charset=UTF-8".to_owned())];
        let body =
            "<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body>We'll be back</body></html>".to_owned();
        Self::new(Action::Answer { status, headers, body })
    }

    /// A redirect to this place.
    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        let headers = vec![("location".to_owned(), location.to_owned())];
        Self::new(Action::Answer { status, headers, body: String::new() })
    }

    /// With a header in the answer, such as `retry-after`.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        if let Action::Answer { headers, .. } = &mut self.action {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Only requests with this method.
    pub(crate) fn method(mut self, method: &str) -> Self {
        self.matcher.method = Some(method.to_owned());
        self
    }

    /// Only requests whose path with its (decoded) query contains this.
    pub(crate) fn on(mut self, part: &str) -> Self {
        self.matcher.target = Some(part.to_owned());
        self
    }

    /// Only requests whose body contains this.
    pub(crate) fn body(mut self, part: &str) -> Self {
        self.matcher.body = Some(part.to_owned());
        self
    }

    /// Only the first so many of the matching requests.
    pub(crate) fn first(mut self, n: u64) -> Self {
        self.when = When::First(n);
        self
    }

    /// Only the n-th of the matching requests, counted from 1.
    pub(crate) fn only(mut self, n: u64) -> Self {
        self.when = When::Only(n);
        self
    }

    /// All but the first so many of the matching requests.
    pub(crate) fn after(mut self, n: u64) -> Self {
        self.when = When::After(n);
        self
    }

    /// What happens to a request, counting it.
    pub(crate) fn hits(&mut self, request: &Received) -> Option<Action> {
        if !self.matcher.matches(request) {
            return None;
        }
        self.seen += 1;
        let hit = match self.when {
            When::Always => true,
            When::First(n) => self.seen <= n,
            When::Only(n) => self.seen == n,
            When::After(n) => self.seen > n,
        };
        hit.then(|| self.action.clone())
    }
}

impl Matcher {
    fn matches(&self, request: &Received) -> bool {
        let target = || super::rest::decode(&format!("{}?{}", request.path, request.query));
        self.method.as_ref().is_none_or(|method| *method == request.method)
            && self.target.as_ref().is_none_or(|part| target().contains(part))
            && self.body.as_ref().is_none_or(|part| request.body.contains(part))
    }
}
