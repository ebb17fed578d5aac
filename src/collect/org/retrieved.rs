//! The files of a retrieve job, by the full names of what they hold.

use std::collections::BTreeMap;
use std::io::Cursor;

use crate::collect::tree::package::{self, Limits, PackageError, Problem};
use crate::collect::tree::recognise::full_name;
use crate::salesforce::Retrieved;

/// A file of the zip.
pub(super) struct File {
    /// Path in the zip.
    pub(super) path: String,
    /// Full name of its component: the job's properties tell it, else the file name does.
    pub(super) full_name: String,
    pub(super) bytes: Vec<u8>,
}

/// The files that are `wanted` by their paths, and those that could not be unpacked.
pub(super) fn files(retrieved: &Retrieved, wanted: impl Fn(&str) -> bool) -> Result<(Vec<File>, Vec<Problem>), PackageError> {
    let (entries, problems) = package::read(Cursor::new(retrieved.zip.as_slice()), &Limits::default(), wanted)?;
    let names: BTreeMap<&str, &str> =
        retrieved.properties.iter().filter_map(|it| Some((it.file_name.as_deref()?, it.full_name.as_str()))).collect();
    let file = |entry: package::Entry| {
        let full_name = names.get(entry.name.as_str()).map_or_else(|| full_name(&entry.name), |name| (*name).to_owned());
        File { path: entry.name, full_name, bytes: entry.bytes }
    };
    Ok((entries.into_iter().map(file).collect(), problems))
}
