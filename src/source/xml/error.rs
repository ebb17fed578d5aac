use std::sync::Arc;

use thiserror::Error;

use super::MAX_DEPTH;
use crate::diagnostic::Diagnostic;
use crate::source::{Location, SourceText, Span};

/// Why a text is not XML that can be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct XmlError {
    /// What is wrong.
    pub kind: XmlErrorKind,
    /// The bytes it is about, counted in the whole text with its byte order mark.
    pub span: Span,
}

impl XmlError {
    pub(super) const fn new(kind: XmlErrorKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// The problem with its place in `source`, which must be the text that was parsed.
    #[must_use]
    pub fn diagnostic(&self, source: &Arc<SourceText>) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.kind.to_string()).at(Location::new(source, self.span));
        match self.kind.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// The ways in which a text can fail to be XML that is read here. Names in it are cut after 60 characters.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum XmlErrorKind {
    /// Nothing, or nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// Comments or processing instructions, but no element.
    #[error("there is no element in the file")]
    NoRoot,
    /// Text before or after the outermost element.
    #[error("there is text outside of the outermost element")]
    TextOutsideRoot,
    /// The same, but the text says that the file's content is stored elsewhere.
    #[error("the file is a Git LFS pointer; its content is not here")]
    LfsPointer,
    /// Another element after the outermost one.
    #[error("there is a second outermost element, `<{0}>`")]
    SecondRoot(String),
    /// What version control leaves behind when it cannot merge.
    #[error("there is an unresolved merge conflict")]
    MergeConflict,
    /// A document type declaration.
    #[error("there is a DOCTYPE, which is not read")]
    Doctype,
    /// An entity other than the five that XML itself has.
    #[error("`&{0};` is not known")]
    UnknownEntity(String),
    /// A number that stands for no character, or for one that XML forbids.
    #[error("`&{0};` stands for no character that XML allows")]
    BadCharacterReference(String),
    /// An `&` that begins nothing.
    #[error("an `&` stands alone")]
    BareAmpersand,
    /// A character that XML 1.0 forbids.
    #[error("the character U+{0:04X} is not allowed in XML")]
    ForbiddenCharacter(u32),
    /// A tag or attribute whose name is none.
    #[error("`{0}` is not a name for an element or attribute")]
    BadName(String),
    /// An attribute without `="…"`, or with nothing between it and the one before.
    #[error("the attribute `{0}` is not written as name=\"value\"")]
    BadAttribute(String),
    /// One attribute given twice.
    #[error("the attribute `{0}` is given twice")]
    RepeatedAttribute(String),
    /// A start tag that runs into the next one.
    #[error("the tag `<{0}` has no `>`")]
    UnclosedTag(String),
    /// An element that never ends.
    #[error("`<{0}>` is never closed")]
    UnclosedElement(String),
    /// An end tag that closes another element than the one that is open.
    #[error("`</{found}>` stands where `</{open}>` is due; `<{open}>` was opened in line {line}")]
    WrongEndTag {
        /// The name in the end tag.
        found: String,
        /// The element that is open.
        open: String,
        /// The line of its start tag, from 1.
        line: usize,
    },
    /// An end tag with nothing open.
    #[error("`</{0}>` closes nothing")]
    StrayEndTag(String),
    /// A comment, CDATA section, processing instruction or declaration without its end.
    #[error("the {construct} does not end with `{end}`")]
    Unclosed {
        /// What it is.
        construct: &'static str,
        /// What would end it.
        end: &'static str,
    },
    /// `--` in a comment.
    #[error("`--` is not allowed inside a comment")]
    DoubleHyphen,
    /// `]]>` outside of a CDATA section.
    #[error("`]]>` is not allowed in text")]
    CdataEndInText,
    /// `<!` or `<?` followed by what neither allows.
    #[error("this is no comment, CDATA section, tag or processing instruction")]
    BadMarkup,
    /// An XML declaration that is not the first thing.
    #[error("the XML declaration is not the first thing in the file")]
    LateDeclaration,
    /// An XML declaration that does not begin with a version.
    #[error("the XML declaration does not begin with version=\"1.0\"")]
    BadDeclaration,
    /// A declared encoding that is not UTF-8 or a part of it.
    #[error("the file declares the encoding `{0}`; only UTF-8 is read")]
    Encoding(String),
    /// Too many elements inside each other.
    #[error("elements are nested more than {MAX_DEPTH} deep")]
    TooDeep,
}

impl XmlErrorKind {
    const fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::Empty | Self::NoRoot | Self::UnclosedElement(_) | Self::Unclosed { .. } => {
                "the file may be cut off; retrieve it again"
            }
            Self::LfsPointer => "run `git lfs pull`",
            Self::MergeConflict => "resolve the conflict that begins here and remove its markers",
            Self::Doctype => "metadata has no DOCTYPE; remove it",
            Self::UnknownEntity(_) => {
                "XML itself knows `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` and numbers such as `&#228;`; write the character instead"
            }
            Self::BareAmpersand => "write `&amp;`",
            Self::ForbiddenCharacter(_) | Self::BadCharacterReference(_) => "remove the character",
            Self::CdataEndInText => "write `]]&gt;`",
            Self::LateDeclaration => "remove what stands before `<?xml`, blank lines too",
            Self::Encoding(_) => "save the file as UTF-8 and declare `encoding=\"UTF-8\"`",
            _ => return None,
        })
    }
}
