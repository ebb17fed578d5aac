//! Which org is meant when none is named: the one the Salesforce CLI would take.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::LoginError;

/// The variables, the present name first.
const VARIABLES: [&str; 2] = ["SF_TARGET_ORG", "SFDX_DEFAULTUSERNAME"];
/// Configuration files and their keys, the present form first.
const FILES: [(&str, &str); 2] = [(".sf/config.json", "target-org"), (".sfdx/sfdx-config.json", "defaultusername")];
/// What makes a folder a project.
const PROJECT_FILE: &str = "sfdx-project.json";

/// An alias or user name, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultOrg {
    /// Alias or user name.
    pub name: String,
    /// Who says so.
    pub from: NamedBy,
}

/// Who names the default org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// An environment variable.
    Variable(&'static str),
    /// A configuration file of the Salesforce CLI.
    File(PathBuf),
}

impl fmt::Display for NamedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// The default org: of the environment, else of the project that `directory` is in, else of the user whose home is `home`.
///
/// # Errors
///
/// A configuration file exists and cannot be read or understood: the org it names might be another than the next file's.
pub fn default_org(
    get: impl Fn(&str) -> Option<String>,
    directory: &Path,
    home: Option<&Path>,
) -> Result<Option<DefaultOrg>, LoginError> {
    let variable = VARIABLES.into_iter().find_map(|variable| {
        let name = get(variable).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())?;
        Some(DefaultOrg { name, from: NamedBy::Variable(variable) })
    });
    if variable.is_some() {
        return Ok(variable);
    }
    let project = directory.ancestors().find(|folder| folder.join(PROJECT_FILE).is_file());
    for folder in project.into_iter().chain(home) {
        for (file, key) in FILES {
            let path = folder.join(file);
            if let Some(name) = configured(&path, key)? {
                return Ok(Some(DefaultOrg { name, from: NamedBy::File(path) }));
            }
        }
    }
    Ok(None)
}

fn configured(path: &Path, key: &str) -> Result<Option<String>, LoginError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if matches!(cause.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
        Err(cause) => return Err(LoginError::File { what: "the default org", path: path.to_owned(), cause }),
    };
    let wrong = |problem| LoginError::Configuration { path: path.to_owned(), problem };
    let mut config: Map<String, Value> = serde_json::from_str(&text).map_err(|_| wrong("it holds no JSON object"))?;
    match config.remove(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) => Ok(Some(name.trim().to_owned()).filter(|name| !name.is_empty())),
        Some(_) => Err(wrong("what it gives as default org is no text")),
    }
}
