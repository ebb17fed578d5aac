//! The HTTP side: requests in, answers out, faults in between.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::serve::ListenerExt as _;
use futures_util::stream;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::faults::Action;
use super::org::FakeOrg;
use super::record::{Received, Record};
use super::reply::Reply;
use super::{oauth, rest, soap};

/// An org that answers on a loopback port until this is dropped.
pub(crate) struct Running {
    org: Arc<Mutex<FakeOrg>>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts answering on a port, 0 for a free one.
    pub(super) fn start(mut org: FakeOrg, port: u16) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        org.own_url = format!("http://{address}");
        let org = Arc::new(Mutex::new(org));
        let (stop, stopped) = oneshot::channel();
        let state = Arc::clone(&org);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener").tap_io(|io| {
                    // Answers are small and on the way at once: no waiting for more.
                    let _ = io.set_nodelay(true);
                });
                let router = Router::new().fallback(answer).with_state(state);
                // Whatever is still being answered ends with the runtime.
                tokio::select! {
                    _ = axum::serve(listener, router) => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        });
        Ok(Self { org, address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it answers, such as `http://127.0.0.1:40123`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A token that is good at the moment.
    pub(crate) fn token(&self) -> String {
        self.with(|org| org.token())
    }

    /// All requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.record().received
    }

    /// Everything noted so far.
    pub(crate) fn record(&self) -> Record {
        self.with(|org| org.record.clone())
    }

    /// Changes the org while it answers.
    pub(crate) fn set(&self, change: impl FnOnce(&mut FakeOrg)) {
        self.with(|org| {
            change(org);
            org.held.take();
        });
    }

    /// Puts another org in the place of this one.
    pub(crate) fn replace(&self, mut org: FakeOrg) {
        self.with(|old| {
            org.own_url.clone_from(&old.own_url);
            *old = org;
        });
    }

    /// The environment that leads a program here.
    pub(crate) fn environment(&self) -> [(&'static str, String); 2] {
        [("SF_ORG_INSTANCE_URL", self.url()), ("SF_ACCESS_TOKEN", self.token())]
    }

    fn with<T>(&self, work: impl FnOnce(&mut FakeOrg) -> T) -> T {
        work(&mut self.org.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn answer(State(org): State<Arc<Mutex<FakeOrg>>>, request: Request) -> Response {
    let request = receive(request).await;
    let (reply, action, delay) = {
        let mut org = org.lock().unwrap_or_else(PoisonError::into_inner);
        org.record.received.push(request.clone());
        let action = org.faults.iter_mut().find_map(|fault| fault.hits(&request));
        let reply = match &action {
            Some(Action::Answer { status, headers, body }) => {
                Reply { status: *status, headers: headers.clone(), body: body.clone().into_bytes() }
            }
            Some(Action::EndSessions) => {
                org.end_sessions();
                dispatch(&mut org, &request)
            }
            _ => dispatch(&mut org, &request),
        };
        (reply, action, org.delay)
    };
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    respond(reply, action).await
}

fn dispatch(org: &mut FakeOrg, request: &Received) -> Reply {
    if request.path.starts_with("/services/Soap/m/") {
        soap::answer(org, request)
    } else if request.path.starts_with("/services/oauth2/") {
        oauth::answer(org, request)
    } else if request.path == "/services/data" || request.path.starts_with("/services/data/") {
        rest::answer(org, request)
    } else {
        if request.method != "GET" {
            org.record.writes.push(format!("{} {}", request.method, request.path));
        }
        Reply::new(404, "text/html;charset=UTF-8", "<html><body>URL No Longer Exists</body></html>")
    }
}

async fn receive(request: Request) -> Received {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 64 << 20).await.unwrap_or_default();
    let headers =
        parts.headers.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    Received {
        method: parts.method.to_string(),
        // Salesforce does not mind a slash too many, and its own tools send one.
        path: format!("/{}", parts.uri.path().trim_start_matches('/')),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

async fn respond(reply: Reply, action: Option<Action>) -> Response {
    let Reply { status, headers, mut body } = reply;
    let half = body.len() / 2;
    let length = body.len();
    let body = match action {
        Some(Action::Cut) => {
            body.truncate(half);
            halves(body, Duration::ZERO, Err(std::io::ErrorKind::ConnectionReset.into()))
        }
        Some(Action::Slow(pause)) => {
            let rest = body.split_off(half);
            halves(body, pause, Ok(rest))
        }
        Some(Action::Truncate) => {
            body.truncate(half);
            Body::from(body)
        }
        Some(Action::Delay(delay)) => {
            tokio::time::sleep(delay).await;
            Body::from(body)
        }
        _ => Body::from(body),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    for (name, value) in &headers {
        let header = (name.parse::<axum::http::HeaderName>(), value.parse::<axum::http::HeaderValue>());
        if let (Ok(name), Ok(value)) = header {
            response.headers_mut().append(name, value);
        }
    }
    if matches!(action, Some(Action::Cut | Action::Slow(_))) {
        response.headers_mut().insert("content-length", length.into());
    }
    response
}

/// A body in two parts with a pause before the second, which may be the end of the connection.
fn halves(first: Vec<u8>, pause: Duration, second: std::io::Result<Vec<u8>>) -> Body {
    let parts = [(Duration::ZERO, Ok(first)), (pause, second)].into_iter();
    Body::from_stream(stream::unfold(parts, |mut parts| async move {
        let (pause, part) = parts.next()?;
        if pause.is_zero() {
            // Lets what is there already go out.
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(pause).await;
        }
        Some((part, parts))
    }))
}
