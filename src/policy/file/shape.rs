//! Values that can be written in more than one form.
//!
//! Visitors, because serde buffers what derived untagged enums hold, and places are lost with that.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::source::yaml::Spanned;

/// Names of profiles or permission sets: a plain list, `{exactly: […]}` or `{at-least: […]}`.
#[derive(Debug)]
pub(in crate::policy) enum NamesEntry {
    Exactly(Vec<Spanned<String>>),
    AtLeast(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for NamesEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamesVisitor)
    }
}

struct NamesVisitor;

/// The keys of [`NamesEntry`].
#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "kebab-case")]
enum NamesKey {
    Exactly,
    AtLeast,
}

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = NamesEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names, or `exactly` or `at-least` with a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<NamesEntry, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = seq.next_element()? {
            names.push(name);
        }
        Ok(NamesEntry::Exactly(names))
    }

    fn visit_unit<E: Error>(self) -> Result<NamesEntry, E> {
        Err(E::custom("a list of names is expected here; `[]` is the empty list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NamesEntry, A::Error> {
        let mut entry = None;
        while let Some(key) = map.next_key::<NamesKey>()? {
            if entry.is_some() {
                return Err(A::Error::custom("`exactly` and `at-least` exclude each other"));
            }
            let names = map.next_value()?;
            entry = Some(match key {
                NamesKey::Exactly => NamesEntry::Exactly(names),
                NamesKey::AtLeast => NamesEntry::AtLeast(names),
            });
        }
        entry.ok_or_else(|| A::Error::custom("`exactly` or `at-least` is missing; write `[]` for none"))
    }
}

/// The name of a file, or several.
#[derive(Debug)]
pub(in crate::policy) enum FilesEntry {
    One(String),
    Several(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for FilesEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FilesVisitor)
    }
}

struct FilesVisitor;

impl<'de> Visitor<'de> for FilesVisitor {
    type Value = FilesEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a file, or a list of such names")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<FilesEntry, E> {
        Ok(FilesEntry::One(name.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<FilesEntry, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = seq.next_element()? {
            names.push(name);
        }
        Ok(FilesEntry::Several(names))
    }

    fn visit_unit<E: Error>(self) -> Result<FilesEntry, E> {
        Err(E::custom("the name of a file is expected here"))
    }
}

/// Reads a value whose key is there. A key with nothing after it is a mistake: someone meant to expect something, and `None`
/// would quietly expect nothing.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
