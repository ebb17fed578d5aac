//! Files of a tree that can hold private keys.

use serde::{Deserialize, Serialize};

use crate::source::Location;

/// How a file holds keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyFormat {
    /// Text between `-----BEGIN` and `-----END` lines.
    Pem,
    /// A PKCS#12 container.
    Pkcs12,
    /// A keystore of Java.
    JavaKeystore,
}

impl KeyFormat {
    /// The words of conditions, in the order of the variants.
    pub const WORDS: &'static [&'static str] = &["pem", "pkcs12", "java-keystore"];

    /// The word used in conditions and output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pem => "pem",
            Self::Pkcs12 => "pkcs12",
            Self::JavaKeystore => "java-keystore",
        }
    }
}

/// A file of a tree that, by its name, can hold a private key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFile {
    /// Index into [`super::Inventory::sources`].
    pub source: usize,
    /// The file.
    pub location: Location,
    /// The same path, seen from the root of its tree.
    pub path_in_source: String,
    /// How it holds keys.
    pub format: KeyFormat,
    /// Whether it holds a private key. Containers count as holding one: that is what they are made for, and only their password would tell.
    pub private: bool,
    /// Whether a password protects it.
    pub encrypted: bool,
}
