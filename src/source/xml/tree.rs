use quick_xml::Reader;
use quick_xml::errors::{Error as QuickError, IllFormedError, SyntaxError};
use quick_xml::events::{BytesDecl, Event};

use super::error::{XmlError, XmlErrorKind};
use super::lexical::{WHITE_SPACE, check_attributes, forbidden_character, is_name, resolve, short};
use super::{Element, Keep, MAX_DEPTH};
use crate::source::{SourceText, Span};

/// Reads the text as one XML document. Spans count from the start of the whole text, its byte order mark included.
///
/// # Errors
///
/// The first thing that is not well-formed, or not read on purpose: a DOCTYPE, an entity other than XML's own five, an
/// encoding other than UTF-8, more than [`MAX_DEPTH`] levels. Forbidden characters anywhere are told before all else.
pub fn parse(source: &SourceText, keep: Keep<'_>) -> Result<Element, XmlError> {
    let text = source.text();
    if let Some(error) = forbidden_character(text) {
        return Err(error);
    }
    // quick-xml would skip the mark without counting it, so it never gets to see one.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let base = text.len() - body.len();
    if body.starts_with('\u{feff}') {
        return Err(XmlError::new(XmlErrorKind::TextOutsideRoot, Span::new(base, base * 2)));
    }
    let mut reader = Reader::from_reader(body.as_bytes());
    let config = reader.config_mut();
    config.check_comments = true;
    // End tags are checked here, to say where the open element began.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;

    let mut tree = Tree { source, text, base, keep, open: Vec::new(), root: None };
    loop {
        let start = base + offset(reader.buffer_position());
        let event = reader.read_event().map_err(|error| tree.explain(&error, start, base + offset(reader.error_position())))?;
        let span = Span::new(start, base + offset(reader.buffer_position()));
        match event {
            Event::Start(tag) => tree.start(span, tag.name().as_ref(), tag.attributes_raw())?,
            Event::Empty(tag) => {
                tree.start(span, tag.name().as_ref(), tag.attributes_raw())?;
                tree.close(Span::at(span.end));
            }
            Event::End(tag) => tree.end(span, tag.name().as_ref())?,
            Event::Text(text) => tree.text(span, &text, &text.xml10_content())?,
            Event::CData(text) => tree.cdata(span, &text.xml10_content())?,
            Event::GeneralRef(name) => tree.reference(span, &name)?,
            Event::Decl(declaration) => tree.declaration(span, &declaration)?,
            Event::DocType(_) => return Err(XmlError::new(XmlErrorKind::Doctype, span)),
            Event::PI(_) => tree.instruction(span)?,
            Event::Comment(_) => {}
            Event::Eof => return tree.finish(),
        }
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The elements that are open, and the outermost one when it is closed.
struct Tree<'a> {
    source: &'a SourceText,
    text: &'a str,
    /// Bytes of the byte order mark.
    base: usize,
    keep: Keep<'a>,
    open: Vec<Open<'a>>,
    root: Option<Element>,
}

/// An element whose end tag has not come yet.
struct Open<'a> {
    /// With its prefix.
    name: &'a str,
    tag: Span,
    kept: bool,
    text: String,
    children: Vec<Element>,
}

impl Tree<'_> {
    fn start(&mut self, tag: Span, name: &str, attributes: &str) -> Result<(), XmlError> {
        let name_span = Span::new(tag.start + 1, tag.start + 1 + name.len());
        if !is_name(name) {
            return Err(self.conflict_at(tag.start).unwrap_or_else(|| Self::bad_name(name, name_span)));
        }
        if !attributes.is_empty() {
            check_attributes(name, attributes, name_span.end)?;
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(XmlError::new(XmlErrorKind::SecondRoot(short(name)), tag));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(XmlError::new(XmlErrorKind::TooDeep, tag));
        }
        let kept = match (&self.open[..], self.keep) {
            ([], _) | (_, Keep::All) => true,
            ([_], Keep::TopLevel(wanted)) => wanted.contains(&local(name)),
            ([.., parent], Keep::TopLevel(_)) => parent.kept,
        };
        let name = self.text.get(name_span.range()).unwrap_or_default();
        self.open.push(Open { name, tag, kept, text: String::new(), children: Vec::new() });
        Ok(())
    }

    /// A processing instruction says nothing here, but its target must be a name.
    fn instruction(&self, span: Span) -> Result<(), XmlError> {
        let inner = self.source.slice(Span::new(span.start + 2, span.end.saturating_sub(2)));
        let target = inner.split(WHITE_SPACE).next().unwrap_or_default();
        if is_name(target) { Ok(()) } else { Err(XmlError::new(XmlErrorKind::BadMarkup, span)) }
    }

    fn bad_name(name: &str, span: Span) -> XmlError {
        let kind = match name.split_once('<') {
            Some((tag, _)) if is_name(tag) => {
                let shown = Span::new(span.start - 1, span.start + tag.len());
                return XmlError::new(XmlErrorKind::UnclosedTag(short(tag)), shown);
            }
            _ if name.is_empty() => return XmlError::new(XmlErrorKind::BadMarkup, Span::new(span.start - 1, span.end)),
            _ => XmlErrorKind::BadName(short(name)),
        };
        XmlError::new(kind, span)
    }

    fn end(&mut self, tag: Span, name: &str) -> Result<(), XmlError> {
        match self.open.last() {
            Some(open) if open.name == name => self.close(tag),
            Some(open) => {
                let (found, line) = (short(name), self.source.position(open.tag.start).line);
                return Err(XmlError::new(XmlErrorKind::WrongEndTag { found, open: short(open.name), line }, tag));
            }
            None => return Err(XmlError::new(XmlErrorKind::StrayEndTag(short(name)), tag)),
        }
        Ok(())
    }

    /// Closes the innermost element. `tag` is the end tag; empty, at the end, for `<x/>`.
    fn close(&mut self, tag: Span) {
        let Some(open) = self.open.pop().filter(|open| open.kept) else { return };
        let start = open.tag.start + 1;
        let element = Element {
            name: local(open.name).to_owned(),
            span: Span::new(open.tag.start, tag.end),
            name_span: Span::new(start, start + open.name.len()),
            inner: Span::new(open.tag.end, tag.start),
            text: open.text,
            children: open.children,
        };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, span: Span, raw: &str, text: &str) -> Result<(), XmlError> {
        if let Some(at) = memchr::memmem::find(raw.as_bytes(), b"]]>") {
            let start = span.start + at;
            return Err(XmlError::new(XmlErrorKind::CdataEndInText, Span::new(start, start + 3)));
        }
        if self.open.is_empty() {
            let inside = raw.trim_matches(WHITE_SPACE);
            return if inside.is_empty() { Ok(()) } else { Err(self.outside(span, raw, inside)) };
        }
        self.append(text);
        Ok(())
    }

    fn cdata(&mut self, span: Span, text: &str) -> Result<(), XmlError> {
        if self.open.is_empty() {
            return Err(XmlError::new(XmlErrorKind::TextOutsideRoot, span));
        }
        self.append(text);
        Ok(())
    }

    fn reference(&mut self, span: Span, name: &str) -> Result<(), XmlError> {
        if self.open.is_empty() {
            return Err(XmlError::new(XmlErrorKind::TextOutsideRoot, span));
        }
        let character = resolve(name, span.start)?;
        self.append(character.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn append(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut().filter(|open| open.kept) {
            open.text.push_str(text);
        }
    }

    fn outside(&self, span: Span, raw: &str, inside: &str) -> XmlError {
        let start = span.start + raw.len() - raw.trim_start_matches(WHITE_SPACE).len();
        let lfs = start == self.base && inside.starts_with("version https://git-lfs");
        let kind = if lfs { XmlErrorKind::LfsPointer } else { XmlErrorKind::TextOutsideRoot };
        XmlError::new(kind, Span::new(start, start + inside.len()))
    }

    fn declaration(&self, span: Span, declaration: &BytesDecl<'_>) -> Result<(), XmlError> {
        if span.start != self.base {
            return Err(XmlError::new(XmlErrorKind::LateDeclaration, span));
        }
        let raw = self.text.get(span.range()).unwrap_or_default();
        let inside = raw.trim_start_matches("<?xml").trim_end_matches("?>");
        check_attributes("?xml", inside, span.start + "<?xml".len())?;
        if declaration.version().is_err() {
            return Err(XmlError::new(XmlErrorKind::BadDeclaration, span));
        }
        let Some(Ok(encoding)) = declaration.encoding() else { return Ok(()) };
        if ["UTF-8", "UTF8", "US-ASCII", "ASCII"].iter().any(|known| encoding.eq_ignore_ascii_case(known)) {
            return Ok(());
        }
        let start = span.start + raw.rfind(encoding.as_ref()).unwrap_or_default();
        Err(XmlError::new(XmlErrorKind::Encoding(short(&encoding)), Span::new(start, start + encoding.len())))
    }

    fn finish(mut self) -> Result<Element, XmlError> {
        if let Some(open) = self.open.pop() {
            return Err(XmlError::new(XmlErrorKind::UnclosedElement(short(open.name)), open.tag));
        }
        self.root.ok_or_else(|| {
            let empty = self.text.trim_start_matches('\u{feff}').trim_matches(WHITE_SPACE).is_empty();
            XmlError::new(if empty { XmlErrorKind::Empty } else { XmlErrorKind::NoRoot }, Span::at(self.base))
        })
    }

    fn conflict_at(&self, start: usize) -> Option<XmlError> {
        const MARKER: &str = "<<<<<<<";
        self.text
            .get(start..)?
            .starts_with(MARKER)
            .then(|| XmlError::new(XmlErrorKind::MergeConflict, Span::new(start, start + MARKER.len())))
    }

    /// What the event reader's error means. `start` is where the event began, `at` where the reader saw the trouble.
    fn explain(&self, error: &QuickError, start: usize, at: usize) -> XmlError {
        if let Some(conflict) = self.conflict_at(start) {
            return conflict;
        }
        let unclosed = |construct, end| XmlErrorKind::Unclosed { construct, end };
        let kind = match error {
            QuickError::Syntax(SyntaxError::UnclosedComment) => unclosed("comment", "-->"),
            QuickError::Syntax(SyntaxError::UnclosedCData) => unclosed("CDATA section", "]]>"),
            QuickError::Syntax(SyntaxError::UnclosedPI) => unclosed("processing instruction", "?>"),
            QuickError::Syntax(SyntaxError::UnclosedXmlDecl) => unclosed("XML declaration", "?>"),
            QuickError::Syntax(SyntaxError::UnclosedTag) => unclosed("tag", ">"),
            QuickError::Syntax(SyntaxError::UnclosedSingleQuotedAttributeValue) => unclosed("attribute value", "'"),
            QuickError::Syntax(SyntaxError::UnclosedDoubleQuotedAttributeValue) => unclosed("attribute value", "\""),
            QuickError::Syntax(SyntaxError::UnclosedDoctype) | QuickError::IllFormed(IllFormedError::MissingDoctypeName) => {
                XmlErrorKind::Doctype
            }
            QuickError::IllFormed(IllFormedError::DoubleHyphenInComment) => XmlErrorKind::DoubleHyphen,
            QuickError::IllFormed(IllFormedError::UnclosedReference) if self.open.is_empty() => XmlErrorKind::TextOutsideRoot,
            QuickError::IllFormed(IllFormedError::UnclosedReference) => XmlErrorKind::BareAmpersand,
            _ => XmlErrorKind::BadMarkup,
        };
        // The reader counts the place of the two hyphens from the last single one before them, not from the comment's start.
        let at = match kind {
            XmlErrorKind::DoubleHyphen => {
                let inside = start + "<!--".len();
                self.text.get(inside..).and_then(|text| text.find("--")).map_or(start, |at| inside + at)
            }
            _ => at,
        };
        let width = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        XmlError::new(kind, Span::new(at, at + width))
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}
