//! The client: one org, one session, and the rules every request goes by.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use secrecy::ExposeSecret as _;
use tokio::sync::Semaphore;
use url::Url;

use super::limits::{Meter, Usage, api_usage};
use super::login::Login;
use super::observe::Call;
use super::renewal::{Held, Renewal};
use super::request::{Request, RestPath};
use super::retry::{Failure, Pauses};
use super::transport::{Answer, Transport, acceptable, host};
use super::{ApiVersion, Error, Options, rest, soap};

/// Redirects followed for one request.
const MOST_REDIRECTS: usize = 2;
/// Longest answer, in bytes, except for zips.
const LONGEST_ANSWER: usize = 64 << 20;
/// Longest answer with a zip: 39 MB, which is about 50 in base64, and as much again.
const LONGEST_ZIP_ANSWER: usize = 128 << 20;

/// Talks to one org. Cheap to clone; clones share the session, the limits and the count of calls.
///
/// Every method that asks the org fails with what [`Error`] lists: passing troubles have been retried by then, and an expired
/// session has been replaced once.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    version: ApiVersion,
}

struct Shared {
    transport: Transport,
    base: Url,
    username: Option<String>,
    renewal: Renewal,
    permits: Semaphore,
    meter: Meter,
    options: Options,
    no_composite: AtomicBool,
}

impl Client {
    /// Asks for a session. No API call is made.
    ///
    /// # Errors
    ///
    /// What the login says; [`Error::Insecure`] if the org's URL is not [`acceptable`].
    pub async fn connect(login: Arc<dyn Login>, options: Options) -> Result<Self, Error> {
        let (renewal, session) = Renewal::begin(login).await?;
        acceptable(&session.instance_url)?;
        let mut base = session.instance_url.clone();
        // The host is all that counts; a user name in the URL would be sent along.
        let _ = base.set_username("").and_then(|()| base.set_password(None));
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        let shared = Shared {
            transport: Transport::new(&base, &options)?,
            base,
            username: session.username.clone(),
            renewal,
            permits: Semaphore::new(options.concurrency.max(1)),
            meter: Meter::new(options.max_api_calls),
            options,
            no_composite: AtomicBool::new(false),
        };
        Ok(Self { shared: Arc::new(shared), version: ApiVersion::NEWEST_KNOWN })
    }

    /// Where the org is.
    #[must_use]
    pub fn instance_url(&self) -> Url {
        self.shared.base.clone()
    }

    /// The org's host, with the port where it is not the usual one.
    #[must_use]
    pub fn host(&self) -> String {
        host(&self.shared.base)
    }

    /// Who is logged in, where the way of logging in told it.
    #[must_use]
    pub fn username(&self) -> Option<String> {
        self.shared.username.clone()
    }

    /// The same connection, asking at another API version.
    #[must_use]
    pub fn at(&self, version: ApiVersion) -> Self {
        Self { shared: Arc::clone(&self.shared), version }
    }

    /// The API version asked at.
    #[must_use]
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// What has been used so far.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.shared.meter.usage()
    }

    pub(super) fn base(&self) -> &Url {
        &self.shared.base
    }

    pub(super) fn options(&self) -> &Options {
        &self.shared.options
    }

    pub(super) fn meter(&self) -> &Meter {
        &self.shared.meter
    }

    /// Whether the org has refused the composite resource as such.
    pub(super) fn no_composite(&self) -> &AtomicBool {
        &self.shared.no_composite
    }

    /// A GET, read with `read`.
    pub(super) fn get<T>(
        &self,
        path: RestPath,
        what: &str,
        read: impl Fn(&Answer) -> Result<T, Failure>,
    ) -> impl Future<Output = Result<T, Error>> {
        self.ask(Request::Get(path), what, read)
    }

    /// Sends a request until it is answered, refused for good, or patience ends. `read` says whether an answer is one.
    pub(super) async fn ask<T>(
        &self,
        request: Request,
        what: &str,
        read: impl Fn(&Answer) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        let path = request.path();
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let call = Call { method: request.method(), path, what: what.to_owned() };
        let mut pauses = Pauses::new(self.shared.options.retry);
        let mut held = self.shared.renewal.current().await;
        loop {
            let answer = self.attempt(&request, &call, &held).await;
            match answer.and_then(|answer| read(&answer)) {
                Ok(read) => return Ok(read),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Expired(text)) => held = self.shared.renewal.after(&held, text).await?,
                Err(Failure::Passing(failure)) => {
                    let Some(pause) = pauses.next(&failure) else { return Err(failure.error) };
                    self.shared.transport.retrying(&call, &failure.error, pause);
                    tokio::time::sleep(pause).await;
                    held = self.shared.renewal.current().await;
                }
            }
        }
    }

    /// Sends a request once, and follows a redirect that stays on the host.
    async fn attempt(&self, request: &Request, call: &Call, held: &Held) -> Result<Answer, Failure> {
        let mut target = request.path();
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.send(request, &target, call, held).await?;
            if !(300..400).contains(&answer.status) {
                return Ok(answer);
            }
            let location = answer.headers.get(LOCATION).and_then(|location| location.to_str().ok()).unwrap_or_default();
            let next = RestPath::given(&self.shared.base, location).map_err(Failure::Final)?;
            if !matches!(request, Request::Get(_)) || location.is_empty() {
                break;
            }
            next.as_str().clone_into(&mut target);
        }
        Err(Failure::Final(Error::Unreadable(format!("a redirect instead of {}", call.what))))
    }

    async fn send(&self, request: &Request, target: &str, call: &Call, held: &Held) -> Result<Answer, Failure> {
        let http = self.http_request(request, target, held).map_err(Failure::Final)?;
        let limit = match request {
            Request::Soap(_, soap::Operation::CheckRetrieveStatus(_)) => LONGEST_ZIP_ANSWER,
            _ => LONGEST_ANSWER,
        };
        // The semaphore is never closed; were it, going on without a permit would be the lesser evil.
        let permit = self.shared.permits.acquire().await.ok();
        self.shared.meter.count().map_err(Failure::Final)?;
        let sent = self.shared.transport.send(http, call, limit).await;
        drop(permit);
        let mut answer =
            sent.map_err(|broken| if broken.passing { Failure::passing(broken.error) } else { Failure::Final(broken.error) })?;
        if let Some((used, max)) = answer.header("sforce-limit-info").and_then(api_usage) {
            self.shared.meter.note(used, max);
        }
        // Some servers echo the token in an error text. It ends here, whatever becomes of the answer.
        answer.hide(held.session.access_token.expose_secret());
        Ok(answer)
    }

    fn http_request(&self, request: &Request, target: &str, held: &Held) -> Result<reqwest::Request, Error> {
        let session = &held.session;
        let url = self.shared.base.join(target).map_err(|_| Error::Unreadable("a path that is none".to_owned()))?;
        let http = self.shared.transport.http();
        let token = session.access_token.expose_secret();
        let bearer = || {
            let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))
                .map_err(|_| Error::SessionInvalid("the access token has characters that no token has".to_owned()))?;
            bearer.set_sensitive(true);
            Ok::<_, Error>(bearer)
        };
        let built = match request {
            Request::Get(_) => http.get(url).header(AUTHORIZATION, bearer()?).header(ACCEPT, "application/json"),
            Request::Composite(_, parts) => {
                let post = http.post(url).header(AUTHORIZATION, bearer()?).header(ACCEPT, "application/json");
                post.json(&rest::composite_body(parts))
            }
            Request::Soap(version, operation) => {
                if session.is_jwt() && *version < ApiVersion::JWT_OVER_SOAP {
                    return Err(Error::JwtOverSoap(*version));
                }
                http.post(url)
                    .header(CONTENT_TYPE, "text/xml; charset=UTF-8")
                    .header("SOAPAction", "\"\"")
                    .body(soap::envelope(operation, *version, token))
            }
        };
        built.build().map_err(|_| Error::Unreadable("a request that cannot be built".to_owned()))
    }
}
