//! Running the Salesforce CLI.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::Stdio;
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use tokio::process::Command;
use tokio::time::timeout;

/// The name of the program; npm makes a batch file of it on Windows.
const NAME: &str = if cfg!(windows) { "sf.cmd" } else { "sf" };
/// Starting Node and renewing a session take seconds; what takes longer waits for somebody.
const TIME_LIMIT: Duration = Duration::from_mins(1);
/// Characters of a text of the CLI that are passed on.
const LONGEST: usize = 400;

/// The Salesforce CLI: `sf` on the path, asked for JSON.
#[derive(Clone, Debug)]
pub struct Program {
    path: OsString,
    time_limit: Duration,
}

impl Default for Program {
    fn default() -> Self {
        Self { path: NAME.into(), time_limit: TIME_LIMIT }
    }
}

impl Program {
    /// The CLI at another place than the path, or with a time limit other than 60 seconds for each command.
    #[must_use]
    pub fn new(path: impl Into<OsString>, time_limit: Duration) -> Self {
        Self { path: path.into(), time_limit }
    }

    /// The `result` of a command that ends in `--json`.
    ///
    /// Only standard output is read: warnings and news of updates go to standard error.
    pub(super) async fn run<T, A>(&self, args: impl IntoIterator<Item = A>) -> Result<T, Failure>
    where
        T: for<'de> Deserialize<'de>,
        A: AsRef<OsStr>,
    {
        let mut command = Command::new(&self.path);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.env("SF_DISABLE_TELEMETRY", "true").env("SF_AUTOUPDATE_DISABLE", "true");
        // Set in many pipelines, where it would colour the JSON.
        command.env("FORCE_COLOR", "0");
        // Whoever gives up waiting must not leave it behind.
        command.kill_on_drop(true);
        let child = command.spawn().map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => Failure::NotInstalled,
            kind => Failure::NotStarted(kind),
        })?;
        let output = timeout(self.time_limit, child.wait_with_output())
            .await
            .map_err(|_| Failure::TimedOut(self.time_limit))?
            .map_err(|cause| Failure::NotStarted(cause.kind()))?;
        // A failed command says why in JSON, too, so that the exit code does not matter.
        result(&Zeroizing::new(output.stdout))
    }
}

/// Why a command gave no result. Holds no output of the CLI but its error texts, shortened.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(
        "the Salesforce CLI (`{NAME}`) is not on the path: install it with `npm install --global @salesforce/cli`, or log in without it, \
         with SF_ACCESS_TOKEN and SF_ORG_INSTANCE_URL, with a key file (JWT bearer), with client credentials, or with an SFDX auth URL"
    )]
    NotInstalled,
    #[error("the Salesforce CLI (`{NAME}`) cannot be run: {0}")]
    NotStarted(io::ErrorKind),
    #[error("the Salesforce CLI did not answer within {} seconds; try `sf org display` by hand", .0.as_secs_f32())]
    TimedOut(Duration),
    #[error("the Salesforce CLI answered something that is not the JSON asked for; update it with `sf update`")]
    Unreadable,
    #[error("the Salesforce CLI failed: {message} ({name})")]
    Answered { name: String, message: String },
}

/// A text of the CLI made fit for a message: one line, not too long, without anything that looks like a token.
pub(super) fn presentable(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let words: Vec<&str> = words.into_iter().map(|word| if is_secret(word) { "[secret]" } else { word }).collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    status: i64,
    name: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Answer<T> {
    result: T,
}

fn result<T: for<'de> Deserialize<'de>>(output: &[u8]) -> Result<T, Failure> {
    let envelope: Envelope = first_object(output).ok_or(Failure::Unreadable)?;
    if envelope.status != 0 {
        let name = presentable(envelope.name.as_deref().unwrap_or("no name"));
        return Err(Failure::Answered { name, message: presentable(&said(envelope.message.as_deref().unwrap_or("no message"))) });
    }
    first_object::<Answer<T>>(output).map(|answer| answer.result).ok_or(Failure::Unreadable)
}

/// An error text without the lines that newer versions put around it when they do not know an org: which option they were reading,
/// and that they have a `--help`. Both would be taken for options of this program.
fn said(message: &str) -> String {
    let is_frame = |line: &&str| line.trim().starts_with("Parsing --") || line.trim() == "See more help with --help";
    message.lines().filter(|line| !is_frame(line)).collect::<Vec<_>>().join("\n")
}

/// The JSON object in an output, past anything printed before it. What serde says of a wrong value is dropped: it repeats the value.
fn first_object<T: for<'de> Deserialize<'de>>(output: &[u8]) -> Option<T> {
    let start = output.iter().position(|byte| *byte == b'{')?;
    serde_json::Deserializer::from_slice(output.get(start..)?).into_iter().next()?.ok()
}

/// Access tokens, JWT, refresh tokens and auth URLs, by how they begin.
fn is_secret(word: &str) -> bool {
    let opaque = word.split_once("00D").is_some_and(|(_, rest)| rest.contains('!'));
    opaque || ["eyJ", "5Aep", "force://"].iter().any(|beginning| word.contains(beginning))
}
