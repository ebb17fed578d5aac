//! What code scanning of GitHub takes; it refuses the whole file where there is more of something.

use std::cmp::Reverse;
use std::io;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::wire::Result as Outcome;
use crate::finding::Severity;

/// Results of a run.
pub(super) const RESULTS: usize = 25_000;
/// Rules of a run.
pub(super) const RULES: usize = 25_000;
/// Places of a result that are shown.
pub(super) const PLACES: usize = 100;
/// Characters of a message. There is no limit for one, but there is for the file.
pub(super) const MESSAGE: usize = 1000;
/// Bytes of the file after compression. GitHub calls it 10 MB.
const BYTES: usize = 10_000_000;

/// How much a result matters; the least is the first to go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank(Reverse<Kind>, Reverse<Option<Severity>>);

/// What a result is, the least important first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    OpenAndKnown,
    Waived,
    Known,
    Open,
    Counting,
}

impl Rank {
    pub(super) const fn new(kind: Kind, severity: Option<Severity>) -> Self {
        Self(Reverse(kind), Reverse(severity))
    }
}

/// So many of the results that matter most, in the order they have.
pub(super) fn most_important(results: &[(Rank, Outcome)], most: usize) -> Vec<&Outcome> {
    let mut order: Vec<usize> = (0..results.len()).collect();
    if results.len() > most {
        order.sort_by_key(|at| results.get(*at).map(|(rank, _)| *rank));
        order.truncate(most);
        order.sort_unstable();
    }
    order.into_iter().filter_map(|at| results.get(at)).map(|(_, result)| result).collect()
}

/// Whether a file would be refused for its size. Compression makes nothing notably larger, so that few files have to be tried.
pub(super) fn is_too_large(text: &str) -> io::Result<bool> {
    if text.len() < BYTES {
        return Ok(false);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    io::Write::write_all(&mut encoder, text.as_bytes())?;
    Ok(encoder.finish()?.len() > BYTES)
}
