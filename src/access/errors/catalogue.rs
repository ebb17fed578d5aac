//! The catalogue, read from what is built in.

use std::sync::LazyLock;

use super::{Cause, Condition};

/// Every known condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    conditions: Vec<Condition>,
}

/// The built-in catalogue cannot be read: a mistake of the build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the built-in catalogue of errors, {file}, cannot be read: {problem}")]
pub struct CatalogueError {
    /// Its file.
    pub file: &'static str,
    /// What is wrong.
    pub problem: String,
}

/// The built-in files, by path.
static FILES: &[(&str, &str)] = &[];

/// The built-in catalogue, read once.
///
/// # Errors
///
/// What is wrong with its files, which the tests of this crate rule out.
pub fn catalogue() -> Result<&'static Catalogue, &'static CatalogueError> {
    static CATALOGUE: LazyLock<Result<Catalogue, CatalogueError>> = LazyLock::new(read);
    CATALOGUE.as_ref()
}

fn read() -> Result<Catalogue, CatalogueError> {
    let mut conditions = Vec::new();
    for (file, text) in FILES {
        let read: Vec<Condition> =
            serde_saphyr::from_str(text).map_err(|error| CatalogueError { file, problem: error.to_string() })?;
        conditions.extend(read);
    }
    Ok(Catalogue { conditions })
}

impl Catalogue {
    /// All conditions, in the order of their files.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// A condition by its id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.id == id)
    }

    /// What is said of a condition that preflight has found.
    #[must_use]
    pub fn of(&self, cause: Cause) -> Option<&Condition> {
        self.get(cause.as_str())
    }
}
