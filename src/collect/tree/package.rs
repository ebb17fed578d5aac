//! Zipped metadata packages, read in memory.
//!
//! Packages come from others, so nothing in one is believed: not its names, not its sizes. What is refused is told by name and
//! the rest is read; nothing is ever written to disk.

use std::collections::HashSet;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use thiserror::Error;
use zip::read::ZipFileEntry;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

const MEBIBYTE: u64 = 1 << 20;

/// How much of a package is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Entries in the package, wanted or not.
    pub entries: usize,
    /// Bytes of one entry.
    pub entry_bytes: u64,
    /// Bytes of all entries that are read.
    pub total_bytes: u64,
    /// How many times its compressed size an entry may have once it is larger than 1 MiB.
    pub ratio: u64,
}

impl Default for Limits {
    /// Far above what Salesforce takes, whose packages are at most 39 MB compressed.
    fn default() -> Self {
        Self { entries: 200_000, entry_bytes: 64 * MEBIBYTE, total_bytes: 512 * MEBIBYTE, ratio: 200 }
    }
}

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path in the package: relative, with `/`, without `.` and `..`.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// An entry that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its path as the package has it, with what cannot be printed escaped, and cut if very long.
    pub name: String,
    /// Why it was not read, as a clause.
    pub reason: String,
}

/// Why a package could not be read at all.
#[derive(Debug, Error)]
pub enum PackageError {
    /// No zip file, one that is cut off, or one whose directory is damaged.
    #[error("this is not a zip file that can be read, or it is cut off")]
    NotZip(#[source] ZipError),
    /// Entries of one name that cannot be told apart.
    #[error("the package holds paths more than once in a way that cannot be told apart")]
    RepeatedNames,
    /// More entries than [`Limits::entries`].
    #[error("the package has {found} entries; at most {limit} are read")]
    TooManyEntries {
        /// How many it says it has.
        found: usize,
        /// How many it may have.
        limit: usize,
    },
}

/// Reads those files of a package whose path is `wanted`, in the package's order.
///
/// A path that could lead out of the package is a problem whether it is wanted or not; other problems are told of wanted
/// files only. A path that is there more than once is not read: tools differ on which of the files counts.
///
/// # Errors
///
/// A file that is no zip file, or has too many entries.
pub fn read(
    mut package: impl Read + Seek,
    limits: &Limits,
    wanted: impl Fn(&str) -> bool,
) -> Result<(Vec<Entry>, Vec<Problem>), PackageError> {
    let mut archive = ZipArchive::new(&mut package).map_err(PackageError::NotZip)?;
    let repeated = if archive.has_duplicate_names() {
        let directory = archive.central_directory_start();
        let names = repeated_names(archive.into_inner(), directory).map_err(|error| PackageError::NotZip(error.into()))?;
        archive = ZipArchive::new(&mut package).map_err(PackageError::NotZip)?;
        if names.is_empty() {
            return Err(PackageError::RepeatedNames);
        }
        names
    } else {
        HashSet::new()
    };
    if archive.len() > limits.entries {
        return Err(PackageError::TooManyEntries { found: archive.len(), limit: limits.entries });
    }

    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let mut left = limits.total_bytes;
    for index in 0..archive.len() {
        let file = archive.by_index_data(index).map_err(PackageError::NotZip)?;
        let name = match name(&file) {
            Ok(name) => name,
            Err(reason) => {
                problems.push(Problem::new(&String::from_utf8_lossy(file.name_raw()), reason));
                continue;
            }
        };
        if file.is_dir() || !wanted(&name) {
            continue;
        }
        let checked = if repeated.contains(file.name_raw()) {
            Err("the package holds this path more than once".to_owned())
        } else {
            check(&file)
        };
        match checked.and_then(|()| contents(&mut archive, index, limits, left)) {
            Ok(bytes) => {
                left = left.saturating_sub(length(&bytes));
                entries.push(Entry { name, bytes });
            }
            Err(reason) => problems.push(Problem::new(&name, reason)),
        }
    }
    Ok((entries, problems))
}

impl Problem {
    fn new(name: &str, reason: impl Into<String>) -> Self {
        const SHOWN: usize = 200;
        let mut shown: String = name.chars().take(SHOWN).flat_map(char::escape_debug).collect();
        if name.chars().nth(SHOWN).is_some() {
            shown.push('…');
        }
        Self { name: shown, reason: reason.into() }
    }
}

/// The path of an entry, if it stays inside of the package however it is read.
fn name(file: &ZipFileEntry<'_>) -> Result<String, &'static str> {
    let name = file.name().map_err(|_| "its path is not text")?;
    if name.contains(char::is_control) {
        return Err("its path holds a control character");
    }
    if name.contains('\\') {
        return Err("its path holds a backslash");
    }
    if name.starts_with('/') || name.chars().nth(1) == Some(':') {
        return Err("its path is absolute");
    }
    let folders = name.strip_suffix('/').unwrap_or(&name);
    if folders.split('/').any(|part| part == "..") {
        return Err("its path leads out of the package");
    }
    if folders.split('/').any(|part| part.is_empty() || part == ".") {
        return Err("its path has a part without a name");
    }
    Ok(name.into_owned())
}

/// Whether an entry can be a file of metadata, by what the package's directory says of it.
fn check(file: &ZipFileEntry<'_>) -> Result<(), String> {
    if file.is_symlink() {
        return Err("it is a symbolic link".to_owned());
    }
    if file.encrypted() {
        return Err("it is encrypted".to_owned());
    }
    match file.compression() {
        CompressionMethod::Stored | CompressionMethod::Deflated => Ok(()),
        other => Err(format!("it is compressed by a method that is not read ({other})")),
    }
}

/// Decompresses an entry. The sizes that the package states are not believed: reading stops at what is allowed.
fn contents(archive: &mut ZipArchive<impl Read + Seek>, index: usize, limits: &Limits, left: u64) -> Result<Vec<u8>, String> {
    let unreadable = |error: &dyn std::fmt::Display| format!("it cannot be read: {error}");
    let file = archive.by_index(index).map_err(|error| unreadable(&error))?;
    let by_ratio = file.compressed_size().saturating_mul(limits.ratio).max(MEBIBYTE);
    let most = limits.entry_bytes.min(left).min(by_ratio);

    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if length(&bytes) <= most {
        return Ok(bytes);
    }
    Err(if most == limits.entry_bytes {
        format!("it holds more than {most} bytes")
    } else if most == by_ratio {
        format!("it is compressed more than {}-fold, as only attacks are", limits.ratio)
    } else {
        format!("with it, the package holds more than {} bytes", limits.total_bytes)
    })
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// The names that the package's directory has more than once. `ZipArchive` keeps the last of them only, and does not say which
/// they are. Headers are laid out as in section 4.3.12 of APPNOTE.TXT.
fn repeated_names(mut package: impl Read + Seek, directory: u64) -> io::Result<HashSet<Vec<u8>>> {
    package.seek(SeekFrom::Start(directory))?;
    let mut package = BufReader::new(package);
    let (mut seen, mut repeated) = (HashSet::new(), HashSet::new());
    loop {
        let (mut signature, mut before, mut lengths, mut after) = ([0; 4], [0; 24], [0; 6], [0; 12]);
        package.read_exact(&mut signature)?;
        if signature != *b"PK\x01\x02" {
            return Ok(repeated);
        }
        package.read_exact(&mut before)?;
        package.read_exact(&mut lengths)?;
        package.read_exact(&mut after)?;
        let [name0, name1, extra0, extra1, comment0, comment1] = lengths;
        let mut name = vec![0; u16::from_le_bytes([name0, name1]).into()];
        package.read_exact(&mut name)?;
        package.seek_relative(u16::from_le_bytes([extra0, extra1]).into())?;
        package.seek_relative(u16::from_le_bytes([comment0, comment1]).into())?;
        if !seen.insert(name.clone()) {
            repeated.insert(name);
        }
    }
}
