//! The session in use, and the one time it is replaced.

use std::sync::Arc;

use tokio::sync::Mutex;
use url::Url;

use super::login::Login;
use super::transport::origin;
use super::{Error, Session};

/// Keeps the session. Whoever asks while a new one is being got waits for that one.
pub(super) struct Renewal {
    login: Arc<dyn Login>,
    state: Mutex<State>,
}

/// A session, and which one it is.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) session: Arc<Session>,
    number: u32,
}

struct State {
    held: Held,
    /// What came of the one attempt to get another, if it was made and failed.
    failed: Option<Error>,
}

impl Renewal {
    /// Asks for the first session.
    pub(super) async fn begin(login: Arc<dyn Login>) -> Result<(Self, Arc<Session>), Error> {
        let session = Arc::new(login.session().await?);
        let held = Held { session: Arc::clone(&session), number: 0 };
        Ok((Self { login, state: Mutex::new(State { held, failed: None }) }, session))
    }

    pub(super) async fn current(&self) -> Held {
        self.state.lock().await.held.clone()
    }

    /// The session to use after one was `refused` with `text`: one that somebody else got meanwhile, or the second and last.
    pub(super) async fn after(&self, refused: &Held, text: String) -> Result<Held, Error> {
        let mut state = self.state.lock().await;
        if state.held.number > refused.number {
            return Ok(state.held.clone());
        }
        if let Some(error) = &state.failed {
            return Err(error.clone());
        }
        if state.held.number > 0 || !self.login.can_renew() {
            return Err(Error::SessionInvalid(text));
        }
        let renewed = self.login.session().await.and_then(|session| same_host(&state.held.session.instance_url, session));
        match renewed {
            Ok(session) => state.held = Held { session: Arc::new(session), number: 1 },
            Err(error) => {
                state.failed = Some(error.clone());
                return Err(error);
            }
        }
        Ok(state.held.clone())
    }
}

fn same_host(instance: &Url, session: Session) -> Result<Session, Error> {
    if session.instance_url.origin() == instance.origin() {
        Ok(session)
    } else {
        Err(Error::ForeignHost(origin(&session.instance_url)))
    }
}
