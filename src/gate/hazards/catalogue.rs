//! The hazards as they are told: the files of `hazards/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::HazardKind;
use crate::builtin::{self, BuiltinError, EmbeddedFile};
use crate::inventory::app::AppKind;

/// Path and text of every file under `hazards/`, made by `build.rs`.
static FILES: &[EmbeddedFile] = include!(concat!(env!("OUT_DIR"), "/builtin_hazards.rs"));

/// The file of settings that go back to their defaults.
const RESETS: &str = "hazards/resets.yaml";

/// What there is to say of hazards.
#[derive(Debug)]
pub(super) struct Catalogue {
    texts: BTreeMap<HazardKind, Text>,
    pub(super) resets: Vec<Reset>,
}

/// How a hazard is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    id: HazardKind,
    /// With `{app}`, `{what}`, `{was}` and `{becomes}` to be filled in.
    pub(super) message: String,
    /// What is not known.
    pub(super) reservation: String,
    /// Pages to read.
    pub(super) references: Vec<String>,
}

/// A setting that matters when a file does not state it any more.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Reset {
    /// Path of the fact.
    pub(super) fact: String,
    connected_app: String,
    external_client_app: String,
}

impl Reset {
    /// The element that states it.
    pub(super) fn element(&self, kind: AppKind) -> &str {
        match kind {
            AppKind::ConnectedApp => &self.connected_app,
            AppKind::ExternalClientApp => &self.external_client_app,
        }
    }
}

impl Catalogue {
    pub(super) fn text(&self, kind: HazardKind) -> Option<&Text> {
        self.texts.get(&kind)
    }
}

/// The catalogue, read once.
///
/// # Errors
///
/// What is wrong with the files, which the tests of this crate rule out.
pub(super) fn catalogue() -> Result<&'static Catalogue, &'static BuiltinError> {
    static CATALOGUE: LazyLock<Result<Catalogue, BuiltinError>> = LazyLock::new(read);
    CATALOGUE.as_ref()
}

fn read() -> Result<Catalogue, BuiltinError> {
    let mut catalogue = Catalogue { texts: BTreeMap::new(), resets: Vec::new() };
    for file in FILES {
        if file.0 == RESETS {
            catalogue.resets = builtin::list(*file)?;
        } else {
            catalogue.texts.extend(builtin::list::<Text>(*file)?.into_iter().map(|text| (text.id, text)));
        }
    }
    let missing = HazardKind::ALL.iter().find(|kind| !catalogue.texts.contains_key(kind));
    let unknown = catalogue.resets.iter().find(|reset| crate::rules::facts::find(&reset.fact).is_none());
    match (missing, unknown) {
        (Some(kind), _) => Err(BuiltinError { file: "hazards", problem: format!("nothing is said of {}", kind.as_str()) }),
        (_, Some(reset)) => Err(BuiltinError { file: RESETS, problem: format!("there is no fact `{}`", reset.fact) }),
        (None, None) => Ok(catalogue),
    }
}
