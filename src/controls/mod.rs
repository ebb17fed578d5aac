//! Published benchmarks, and how far the rules answer their controls.
//!
//! What a benchmark asks is data, the files of `controls/`. The rules behind a control are those that carry its id.

mod verdict;

use std::sync::LazyLock;

use serde::Deserialize;

pub use verdict::{Verdict, findings, verdict};

use crate::builtin::{self, BuiltinError, EmbeddedFile};

/// A published benchmark.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// The word under `controls` of rule files.
    pub id: String,
    /// Its name.
    pub title: String,
    /// The version whose ids rules carry; empty where it has none.
    #[serde(default)]
    pub version: String,
    /// Where it is published.
    pub address: String,
    /// What to keep in mind of it.
    #[serde(default)]
    pub note: String,
    /// Its controls that are about what orgwarden reads; empty where the ids of rules are all that is known.
    #[serde(skip)]
    pub controls: Vec<Control>,
}

/// A control of a benchmark.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Control {
    /// Its id in the benchmark.
    pub id: String,
    /// What it asks, in our words.
    pub title: String,
    /// What it is about.
    pub area: String,
    /// How far rules answer it.
    pub coverage: Coverage,
    /// What rules leave open; empty where they answer all of it.
    #[serde(default)]
    pub rest: String,
    /// How to look at the rest by hand.
    #[serde(default)]
    pub by_hand: String,
}

/// How far rules answer a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// Wholly.
    Covered,
    /// In part.
    Partly,
    /// Not at all.
    Manual,
}

impl Coverage {
    /// The words used in files and output, in the order of the variants.
    pub const WORDS: [&'static str; 3] = ["covered", "partly", "manual"];

    /// The word used in files and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Partly => "partly",
            Self::Manual => "manual",
        }
    }
}

/// Path and text of every file under `controls/`, made by `build.rs`.
static FILES: &[EmbeddedFile] = include!(concat!(env!("OUT_DIR"), "/builtin_controls.rs"));

/// The list of benchmarks.
const BENCHMARKS: &str = "controls/benchmarks.yaml";

/// Every benchmark, read once.
///
/// # Errors
///
/// What is wrong with the files, which the tests of this crate rule out.
pub fn catalogue() -> Result<&'static [Benchmark], &'static BuiltinError> {
    static CATALOGUE: LazyLock<Result<Vec<Benchmark>, BuiltinError>> = LazyLock::new(read);
    CATALOGUE.as_deref()
}

fn read() -> Result<Vec<Benchmark>, BuiltinError> {
    let file = |path: &str| FILES.iter().copied().find(|(known, _)| *known == path);
    let mut benchmarks: Vec<Benchmark> = builtin::list(file(BENCHMARKS).unwrap_or((BENCHMARKS, "")))?;
    for benchmark in &mut benchmarks {
        if let Some(listed) = file(&format!("controls/{}.yaml", benchmark.id)) {
            benchmark.controls = builtin::list(listed)?;
        }
    }
    Ok(benchmarks)
}
