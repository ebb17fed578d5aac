//! XML as a small tree that knows where everything stands.
//!
//! The tokens come from quick-xml, which forgives more than Salesforce does; what is checked here on top makes the reader
//! strict: one outermost element, no DOCTYPE, no unknown entities, nothing that XML 1.0 forbids. Namespaces are not
//! resolved: a prefix is dropped, declared or not.

mod comments;
mod decode;
mod error;
mod lexical;
mod tree;

pub use comments::{Comment, comments};
pub use decode::{DecodeError, decode};
pub use error::{XmlError, XmlErrorKind};
pub use tree::parse;

use super::Span;

/// How deep elements may be nested, the outermost counted.
pub const MAX_DEPTH: usize = 128;

/// An element with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name without a namespace prefix.
    pub name: String,
    /// From `<` of the start tag to `>` of the end tag.
    pub span: Span,
    /// The name in the start tag, a prefix included.
    pub name_span: Span,
    /// What stands between start and end tag; empty, at the end, for `<x/>`.
    pub inner: Span,
    /// Text directly inside, entities resolved, comments left out, white space as it stands except that every line break is
    /// `\n`, as XML has it.
    pub text: String,
    /// The elements directly inside, in file order.
    pub children: Vec<Element>,
}

impl Element {
    /// The text without white space around it.
    #[must_use]
    pub fn trimmed(&self) -> &str {
        self.text.trim()
    }

    /// The children of this name, in file order.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Which elements to keep.
#[derive(Clone, Copy, Debug)]
pub enum Keep<'a> {
    /// All of them.
    All,
    /// Of the root's children only those with these names, whole. The rest is checked for being well-formed and dropped, so
    /// that a profile of several megabytes takes little memory.
    TopLevel(&'a [&'a str]),
}
