//! Many components at once, as a zip.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::time::{Instant, sleep};

use super::super::{Client, Error};
use super::Operation;
use super::list::{FileProperties, file_properties};
use super::xml::Node;

/// Jobs started for one answer: a second one if the first one's zip was lost on its way.
const MOST_JOBS: usize = 2;

/// What to retrieve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Types, each with its members: full names, or `*`.
    pub types: Vec<(String, Vec<String>)>,
}

/// What was retrieved.
#[derive(Clone, PartialEq, Eq)]
pub struct Retrieved {
    /// The zip.
    pub zip: Vec<u8>,
    /// What is in it.
    pub properties: Vec<FileProperties>,
    /// What is not, and why.
    pub messages: Vec<RetrieveMessage>,
}

/// A component that was asked for and not delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrieveMessage {
    /// The file it is about.
    pub file_name: String,
    /// Salesforce's text.
    pub problem: String,
}

/// What a look at the job told.
enum Status {
    Running,
    Failed(String),
    /// Done, and the zip had been given out before.
    ZipGone,
    Delivered(Retrieved),
}

impl std::fmt::Debug for Retrieved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Retrieved").field("zip_bytes", &self.zip.len()).field("messages", &self.messages).finish_non_exhaustive()
    }
}

impl Client {
    /// Has a package packed and fetches it.
    ///
    /// # Errors
    ///
    /// [`Error::Retrieve`] if the job fails, or is not done in time; else [`Error`].
    pub async fn retrieve(&self, package: &Package) -> Result<Retrieved, Error> {
        let deadline = Instant::now() + self.options().retrieve_patience;
        for _ in 0..MOST_JOBS {
            if let Some(retrieved) = self.job(package, deadline).await? {
                return Ok(retrieved);
            }
        }
        Err(Error::Retrieve("the zip was lost on its way, twice".to_owned()))
    }

    /// Runs one job. Nothing if its zip is gone.
    async fn job(&self, package: &Package, deadline: Instant) -> Result<Option<Retrieved>, Error> {
        let started = |payload: &Node<'_>| payload.child("result").and_then(|result| result.text_of("id")).ok_or("no id of a job");
        let id = self.soap(Operation::Retrieve(package.clone()), started).await?;
        let poll = self.options().poll;
        let (mut pause, mut next) = (poll.soon, poll.pause);
        loop {
            if Instant::now() + pause > deadline {
                let patience = self.options().retrieve_patience.as_secs();
                return Err(Error::Retrieve(format!("not done after {patience} seconds")));
            }
            sleep(pause).await;
            // Each look asks for the zip. Asking for it only when it is there would cost a call more, and would not save it:
            // the org forgets a zip once it has sent it, whether it arrived or not.
            let look = match self.soap(Operation::CheckRetrieveStatus(id.clone()), status).await {
                // The org has forgotten the job, as it may once the zip is sent.
                Err(error) if error.code() == Some("INVALID_CROSS_REFERENCE_KEY") => Status::ZipGone,
                look => look?,
            };
            match look {
                Status::Running => {}
                Status::Failed(cause) => return Err(Error::Retrieve(cause)),
                Status::ZipGone => return Ok(None),
                Status::Delivered(retrieved) => return Ok(Some(retrieved)),
            }
            pause = next.min(poll.longest);
            next = next.mul_f32(1.5).min(poll.longest);
        }
    }
}

fn status(payload: &Node<'_>) -> Result<Status, &'static str> {
    let result = payload.child("result").ok_or("no result")?;
    if !result.flag("done") {
        return Ok(Status::Running);
    }
    if !result.flag("success") {
        let parts = ["errorStatusCode", "errorMessage"].map(|name| result.text_of(name));
        let said: Vec<String> = parts.into_iter().flatten().collect();
        let cause = if said.is_empty() { "it failed without saying why".to_owned() } else { said.join(": ") };
        return Ok(Status::Failed(super::super::transport::quote(&cause, &[])));
    }
    let Some(zip) = result.child("zipFile").filter(|zip| !zip.text.trim().is_empty()) else { return Ok(Status::ZipGone) };
    let message = |node: &Node<'_>| RetrieveMessage {
        file_name: node.text_of("fileName").unwrap_or_default(),
        problem: node.text_of("problem").unwrap_or_default(),
    };
    Ok(Status::Delivered(Retrieved {
        zip: decode(&zip.text).ok_or("a zip that is not base64")?,
        properties: result.all("fileProperties").map(file_properties).collect::<Result<_, _>>()?,
        messages: result.all("messages").map(message).collect(),
    }))
}

/// Base64, with or without line breaks.
fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        return STANDARD.decode(packed).ok();
    }
    STANDARD.decode(text).ok()
}
