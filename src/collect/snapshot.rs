//! A saved inventory of a live org, to be audited again without asking.
//!
//! Gzip around JSON, so that `gunzip` shows what is in it. No secret can be: the inventory holds none.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use super::Collected;
use crate::diagnostic::{Diagnostic, Level};
use crate::inventory::Inventory;
use crate::source::Location;

/// What the key `schema` says.
pub const SCHEMA_ID: &str = "orgwarden/snapshot-v1";

/// Bytes a snapshot may unfold to: far more than any org has apps for, far less than would bring a machine down by surprise.
const LONGEST: u64 = 1 << 30;

/// What was saved, and when.
#[derive(Debug)]
pub struct Snapshot {
    /// When it was taken.
    pub taken: Timestamp,
    /// What was read from the org, and what could not be.
    pub collected: Collected,
}

/// Why a snapshot cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file cannot be opened or read.
    #[error("the snapshot {} cannot be read: {cause}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The file is no snapshot, or one that was cut off or changed.
    #[error("{} is no snapshot of orgwarden, or it is damaged: {problem}; take it anew with `orgwarden snapshot`", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A form of snapshot that this version does not know.
    #[error(
        "the snapshot {} is of the form `{schema}`, written by orgwarden {by}; this version reads {SCHEMA_ID} alone: \
         use the version that wrote it, or take it anew", .path.display()
    )]
    OtherForm {
        /// The file.
        path: PathBuf,
        /// What its key `schema` says.
        schema: String,
        /// The version that wrote it.
        by: String,
    },
    /// The file cannot be written.
    #[error("the snapshot {} cannot be written: {cause}", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
}

/// Saves what was read from orgs. The file is there whole or not at all, and on Unix for its owner alone: it tells who may do what.
///
/// # Errors
///
/// [`SnapshotError::Unwritable`].
pub fn write(path: &Path, collected: &Collected, taken: Timestamp) -> Result<(), SnapshotError> {
    let unwritable = |cause| SnapshotError::Unwritable { path: path.to_owned(), cause };
    let name = path.file_name().ok_or_else(|| unwritable(io::Error::from(io::ErrorKind::InvalidFilename)))?;
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = write_new(&beside, &Wire::of(collected, taken)).and_then(|()| fs::rename(&beside, path));
    written.map_err(|cause| {
        // What is wrong is told already; a file that was never made cannot be removed.
        let _ = fs::remove_file(&beside);
        unwritable(cause)
    })
}

/// Reads a snapshot.
///
/// # Errors
///
/// The file cannot be read, is no snapshot, or one of a form that this version does not know.
pub fn read(path: &Path) -> Result<Snapshot, SnapshotError> {
    // The form first: in another one the rest may look different.
    let text = unfold(path)?;
    let head: Head = parse(&text, path)?;
    if head.schema != SCHEMA_ID {
        return Err(SnapshotError::OtherForm { path: path.to_owned(), schema: head.schema, by: head.orgwarden });
    }
    let Saved { taken, inventory, gaps, warnings } = parse(&text, path)?;
    let diagnostics = [(Level::Error, gaps), (Level::Warning, warnings)]
        .into_iter()
        .flat_map(|(level, problems)| problems.into_iter().map(move |problem| problem.into_diagnostic(level)))
        .collect();
    Ok(Snapshot { taken, collected: Collected { inventory, diagnostics, ..Collected::default() } })
}

/// The document as it is written.
#[derive(Serialize)]
struct Wire<'a> {
    schema: &'static str,
    orgwarden: &'static str,
    taken: Timestamp,
    inventory: &'a Inventory,
    gaps: Vec<Problem>,
    warnings: Vec<Problem>,
}

/// What tells one form from another.
#[derive(Deserialize)]
struct Head {
    schema: String,
    orgwarden: String,
}

/// The document as it is read.
#[derive(Deserialize)]
struct Saved {
    taken: Timestamp,
    inventory: Inventory,
    gaps: Vec<Problem>,
    warnings: Vec<Problem>,
}

/// A diagnostic.
#[derive(Serialize, Deserialize)]
struct Problem {
    title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl<'a> Wire<'a> {
    fn of(collected: &'a Collected, taken: Timestamp) -> Self {
        let problems = |level| collected.diagnostics.iter().filter(move |it| it.level == level).map(Problem::from).collect();
        Self {
            schema: SCHEMA_ID,
            orgwarden: env!("CARGO_PKG_VERSION"),
            taken,
            inventory: &collected.inventory,
            gaps: problems(Level::Error),
            warnings: problems(Level::Warning),
        }
    }
}

impl From<&Diagnostic> for Problem {
    fn from(diagnostic: &Diagnostic) -> Self {
        let Diagnostic { title, location, label, help, .. } = diagnostic.clone();
        Self { title, location, label, help }
    }
}

impl Problem {
    fn into_diagnostic(self, level: Level) -> Diagnostic {
        Diagnostic { level, title: self.title, location: self.location, label: self.label, help: self.help }
    }
}

fn write_new(path: &Path, document: &Wire<'_>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut packed = GzEncoder::new(BufWriter::new(options.open(path)?), Compression::default());
    serde_json::to_writer(&mut packed, document)?;
    let mut file = packed.finish()?;
    file.flush()?;
    file.get_ref().sync_all()
}

/// The text of a file. It is held whole: reading it as it comes takes several times as long.
fn unfold(path: &Path) -> Result<String, SnapshotError> {
    let damaged = |problem: String| SnapshotError::Damaged { path: path.to_owned(), problem };
    let file = File::open(path).map_err(|cause| SnapshotError::Unreadable { path: path.to_owned(), cause })?;
    let mut unfolded = GzDecoder::new(BufReader::new(file)).take(LONGEST);
    let mut text = String::new();
    let read = unfolded.read_to_string(&mut text);
    if unfolded.limit() == 0 {
        return Err(damaged(format!("it unfolds to more than {} GiB", LONGEST >> 30)));
    }
    read.map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged("it ends too early".to_owned()),
        _ => damaged(error.to_string()),
    })?;
    Ok(text)
}

fn parse<'t, T: Deserialize<'t>>(text: &'t str, path: &Path) -> Result<T, SnapshotError> {
    serde_json::from_str(text).map_err(|error| {
        let problem = match error.classify() {
            Category::Eof => "it ends too early".to_owned(),
            // What serde says of a wrong value repeats the value, and the file may be anything.
            _ => format!("line {}, column {} is not as expected", error.line(), error.column()),
        };
        SnapshotError::Damaged { path: path.to_owned(), problem }
    })
}
