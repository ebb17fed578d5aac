//! A server that answers what a test says and remembers what it was asked.
#![allow(dead_code, reason = "every test file uses a part of this")]

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use orgwarden::salesforce::login::Login;
use orgwarden::salesforce::{Client, Error, Options, Retry, Session};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) path: String,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// An answer.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
    cut: bool,
}

impl Reply {
    pub(crate) fn text(body: impl Into<Bytes>) -> Self {
        Self { status: 200, headers: Vec::new(), body: body.into(), cut: false }
    }

    pub(crate) fn json(body: &Value) -> Self {
        Self::text(body.to_string())
    }

    /// A REST error.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(&json!([{"errorCode": code, "message": message}])).status(status)
    }

    /// A page of rows that is the last one.
    pub(crate) fn rows(rows: &[&str]) -> Self {
        Self::json(&page(rows))
    }

    pub(crate) fn soap(body: &str) -> Self {
        Self::text(format!(
            r#"<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
               xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
               <soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"#
        ))
    }

    pub(crate) fn fault(code: &str, text: &str) -> Self {
        let fault = format!("<faultcode>sf:{code}</faultcode><faultstring>{code}: {text}</faultstring>");
        Self::soap(&format!("<soapenv:Fault xmlns=\"\">{fault}</soapenv:Fault>")).status(500)
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The connection ends in the middle of the body.
    pub(crate) fn cut(mut self) -> Self {
        self.cut = true;
        self
    }

    fn response(self) -> Response {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let body = if self.cut {
            let half = self.body.slice(..self.body.len() / 2);
            Body::from_stream(futures_util::stream::iter([Ok(half), Err(std::io::Error::other("cut"))]))
        } else {
            Body::from(self.body)
        };
        response.body(body).unwrap()
    }
}

/// Rows with these names, as a query answers them.
pub(crate) fn page(rows: &[&str]) -> Value {
    let records: Vec<Value> = rows.iter().map(|name| json!({"attributes": {"type": "X"}, "Name": name})).collect();
    json!({"totalSize": rows.len(), "done": true, "records": records})
}

/// The server. It ends with the test.
pub(crate) struct Org {
    pub(crate) url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Org {
    /// Answers one after the other; the last one again and again.
    pub(crate) async fn script(replies: Vec<Reply>) -> Self {
        Self::answering(move |_, at| replies[at.min(replies.len() - 1)].clone()).await
    }

    /// Answers by the request and how many came before it.
    pub(crate) async fn answering(answer: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
        let handle = move |request: Request| {
            let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
            async move {
                let (parts, body) = request.into_parts();
                let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
                let path = parts.uri.path_and_query().unwrap().to_string();
                let request = Seen { method: parts.method.to_string(), path, headers: parts.headers, body };
                let mut log = log.lock().unwrap();
                let reply = answer(&request, log.len());
                log.push(request);
                reply.response()
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(async { axum::serve(listener, axum::Router::new().fallback(handle)).await });
        Self { url, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// A client with a session that cannot be renewed.
    pub(crate) async fn client(&self) -> Client {
        self.client_with(&Sessions::of(&["00D1!first"]), hasty()).await
    }

    pub(crate) async fn client_with(&self, sessions: &Sessions, options: Options) -> Client {
        let login = LoginTo { url: self.url.clone(), sessions: sessions.clone() };
        Client::connect(Arc::new(login), options).await.unwrap()
    }
}

/// Options without pauses.
pub(crate) fn hasty() -> Options {
    let none = std::time::Duration::ZERO;
    let mut options = Options::default();
    options.retry = Retry { attempts: 3, first_pause: none, ..options.retry };
    (options.poll.soon, options.poll.pause, options.poll.longest) = (none, none, none);
    options
}

/// The tokens a login gives, one after the other, and how many it gave.
#[derive(Clone)]
pub(crate) struct Sessions {
    tokens: Vec<String>,
    given: Arc<AtomicUsize>,
}

impl Sessions {
    pub(crate) fn of(tokens: &[&str]) -> Self {
        Self { tokens: tokens.iter().map(|token| (*token).to_owned()).collect(), given: Arc::default() }
    }

    pub(crate) fn given(&self) -> usize {
        self.given.load(Ordering::SeqCst)
    }
}

struct LoginTo {
    url: Url,
    sessions: Sessions,
}

impl Login for LoginTo {
    fn session(&self) -> Pin<Box<dyn Future<Output = Result<Session, Error>> + Send + '_>> {
        let at = self.sessions.given.fetch_add(1, Ordering::SeqCst);
        let token = self.sessions.tokens[at].clone();
        // A token that is a URL is a session elsewhere.
        let instance_url = token.parse().unwrap_or_else(|_| self.url.clone());
        Box::pin(async move { Ok(Session { instance_url, access_token: SecretString::from(token), username: None }) })
    }

    fn can_renew(&self) -> bool {
        self.sessions.tokens.len() > 1
    }
}
