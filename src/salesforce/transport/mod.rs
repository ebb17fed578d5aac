//! One HTTP client for one host: time limits, size limits, no redirects.

mod token;

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use url::{Host, Url};

use super::observe::{Call, Observer};
use super::{Error, Options};

pub use token::{TokenAnswer, TokenEndpoint};

/// Longest text of a server that is passed on, in characters.
const LONGEST_MESSAGE: usize = 500;

/// Shortest text that can be a token, in bytes.
const SHORTEST_SECRET: usize = 8;

/// Whether credentials may go there: https, or http to this very machine.
///
/// # Errors
///
/// [`Error::Insecure`] for any other URL.
pub fn acceptable(url: &Url) -> Result<(), Error> {
    let secure = url.scheme() == "https" && url.host().is_some();
    if secure || (url.scheme() == "http" && is_loopback(url)) { Ok(()) } else { Err(Error::Insecure(origin(url))) }
}

/// Sends to one host.
pub(super) struct Transport {
    http: reqwest::Client,
    host: String,
    observer: Arc<dyn Observer>,
}

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// A header's text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Takes a secret out of the body. What is too short to be one stays: it would be found everywhere.
    pub(super) fn hide(&mut self, secret: &str) {
        if secret.len() < SHORTEST_SECRET {
            return;
        }
        let (mut clean, mut from) = (Vec::new(), 0);
        for at in memchr::memmem::find_iter(&self.body, secret.as_bytes()) {
            clean.extend_from_slice(self.body.get(from..at).unwrap_or_default());
            clean.extend_from_slice("…".as_bytes());
            from = at + secret.len();
        }
        if from > 0 {
            clean.extend_from_slice(self.body.get(from..).unwrap_or_default());
            self.body = clean;
        }
    }
}

/// No whole answer.
pub(super) struct Broken {
    pub(super) error: Error,
    /// Whether the server never saw the request.
    pub(super) unsent: bool,
    /// Whether another attempt can help.
    pub(super) passing: bool,
}

impl Transport {
    /// A client for the host of `url`, which must be [`acceptable`].
    pub(super) fn new(url: &Url, options: &Options) -> Result<Self, Error> {
        acceptable(url)?;
        let host = host(url);
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("orgwarden/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(options.timeout)
            .connect_timeout(options.connect_timeout)
            .read_timeout(options.read_timeout);
        if url.scheme() == "http" {
            // Plain http is for this machine alone; a proxy would read the token on its way.
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| broken(&host, error).error)?;
        Ok(Self { http, host, observer: Arc::clone(&options.observer) })
    }

    /// The client requests are built with.
    pub(super) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Sends one request once and reads its whole answer, `limit` bytes at most.
    pub(super) async fn send(&self, request: reqwest::Request, call: &Call, limit: usize) -> Result<Answer, Broken> {
        self.observer.sent(call);
        let start = Instant::now();
        let answer = self.exchange(request, call, limit).await;
        let outcome = match &answer {
            Ok(answer) => answer.status.to_string(),
            Err(broken) => broken.error.to_string(),
        };
        self.observer.answered(call, &outcome, start.elapsed());
        answer
    }

    /// Tells that the request goes out once more.
    pub(super) fn retrying(&self, call: &Call, error: &Error, pause: Duration) {
        self.observer.retrying(call, &error.to_string(), pause);
    }

    async fn exchange(&self, request: reqwest::Request, call: &Call, limit: usize) -> Result<Answer, Broken> {
        let mut response = self.http.execute(request).await.map_err(|error| broken(&self.host, error))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| broken(&self.host, error))? {
            // Counted after decompression, so that a small answer cannot unfold without end.
            if body.len() + chunk.len() > limit {
                let error = Error::Unreadable(format!("more than {} MiB for {}", limit >> 20, call.what));
                return Err(Broken { error, unsent: false, passing: false });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), body })
    }
}

/// Host and, where it is not the usual one, port.
pub(super) fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

/// Scheme, host and port, as shown to people.
pub(super) fn origin(url: &Url) -> String {
    if url.has_host() { format!("{}://{}", url.scheme(), host(url)) } else { format!("{}:", url.scheme()) }
}

/// A server's text, short enough to pass on and without any of the secrets it may echo.
pub(super) fn quote(text: &str, secrets: &[&str]) -> String {
    let mut text = text.trim().to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "…");
    }
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Whether a URL names this machine: the one place plain http may go to.
pub(in crate::salesforce) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn broken(host: &str, error: reqwest::Error) -> Broken {
    let error = error.without_url();
    let kind = if error.is_timeout() {
        "timed out"
    } else if error.is_connect() {
        "could not connect"
    } else if error.is_body() || error.is_decode() {
        "the answer was cut off"
    } else {
        "the request failed"
    };
    // The innermost error is the one that tells something; the ones around it only repeat where it passed.
    let mut root = error.source();
    while let Some(inner) = root.and_then(std::error::Error::source) {
        root = Some(inner);
    }
    let cause = root.map_or_else(|| kind.to_owned(), |root| format!("{kind}: {}", quote(&root.to_string(), &[])));
    let (unsent, passing) = (error.is_connect() || error.is_builder(), !error.is_builder());
    Broken { error: Error::Network { host: host.to_owned(), cause: cause.into() }, unsent, passing }
}
