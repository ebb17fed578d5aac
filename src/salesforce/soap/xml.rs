//! A SOAP answer as a tree: names without prefixes, namespaces told apart, white space between elements dropped.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

/// Elements inside each other; metadata needs a dozen.
const MOST_LEVELS: usize = 100;
/// Elements in all: an answer within the size limit must not become a tree far beyond it.
const MOST_ELEMENTS: usize = 2_000_000;
/// Where `xsi:type` and `xsi:nil` come from.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Whose word an element's name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// SOAP 1.1.
    Envelope,
    /// The Metadata API.
    Metadata,
    /// Nobody's, or somebody else's.
    Other,
}

/// An element.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) space: Space,
    /// Without prefix.
    pub(super) name: String,
    /// `xsi:nil`.
    pub(super) nil: bool,
    /// `xsi:type` without prefix.
    pub(super) kind: Option<String>,
    pub(super) text: Cow<'a, str>,
    pub(super) children: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    /// The children of this name, of the same namespace as their parent.
    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node<'a>> {
        self.children.iter().filter(move |child| child.name == name && child.space == self.space && !child.nil)
    }

    pub(super) fn child(&self, name: &str) -> Option<&Node<'a>> {
        self.children.iter().find(|child| child.name == name && child.space == self.space && !child.nil)
    }

    /// A child's text without the white space around it; nothing if it is missing, nil or empty.
    pub(super) fn text_of(&self, name: &str) -> Option<String> {
        let text = self.child(name)?.text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.child(name).is_some_and(|child| matches!(child.text.trim(), "true" | "1"))
    }
}

/// Reads a document. Nothing if it is not one, not all of one, or none that SOAP allows.
pub(super) fn parse(body: &[u8]) -> Option<Node<'_>> {
    let text = std::str::from_utf8(body).ok()?;
    let mut reader = NsReader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut open: Vec<Node<'_>> = Vec::new();
    let mut root = None;
    let mut elements = 0;
    loop {
        let event = reader.read_event().ok()?;
        match event {
            Event::Start(tag) => {
                open.push(node(&reader, &tag)?);
                elements += 1;
            }
            Event::Empty(tag) => {
                let node = node(&reader, &tag)?;
                place(node, &mut open, &mut root)?;
                elements += 1;
            }
            Event::End(_) => {
                let mut node = open.pop()?;
                if !node.children.is_empty() {
                    node.text = Cow::Borrowed("");
                }
                place(node, &mut open, &mut root)?;
            }
            Event::Text(text) => append(&mut open, text.xml10_content())?,
            Event::CData(text) => append(&mut open, text.xml10_content())?,
            Event::GeneralRef(name) => append(&mut open, Cow::Owned(resolve(&name)?.to_string()))?,
            Event::Decl(_) | Event::Comment(_) => {}
            // SOAP forbids both.
            Event::DocType(_) | Event::PI(_) => return None,
            Event::Eof => return root.filter(|_| open.is_empty()),
        }
        if open.len() > MOST_LEVELS || elements > MOST_ELEMENTS {
            return None;
        }
    }
}

fn node<'a>(reader: &NsReader<&[u8]>, tag: &BytesStart<'_>) -> Option<Node<'a>> {
    let (namespace, name) = reader.resolver().resolve_element(tag.name());
    let space = match namespace {
        ResolveResult::Bound(Namespace("http://schemas.xmlsoap.org/soap/envelope/")) => Space::Envelope,
        ResolveResult::Bound(Namespace("http://soap.sforce.com/2006/04/metadata")) => Space::Metadata,
        _ => Space::Other,
    };
    let name = name.as_ref().to_owned();
    let mut node = Node { space, name, nil: false, kind: None, text: Cow::Borrowed(""), children: Vec::new() };
    // Looking for duplicates compares each with all others, and there may be millions.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.ok()?;
        let (namespace, name) = reader.resolver().resolve_attribute(attribute.key);
        if namespace != ResolveResult::Bound(Namespace(INSTANCE)) {
            continue;
        }
        let value = attribute.value.trim();
        match name.as_ref() {
            "nil" => node.nil = matches!(value, "true" | "1"),
            "type" => node.kind = Some(value.rsplit(':').next().unwrap_or(value).to_owned()),
            _ => {}
        }
    }
    Some(node)
}

fn place<'a>(node: Node<'a>, open: &mut [Node<'a>], root: &mut Option<Node<'a>>) -> Option<()> {
    match open.last_mut() {
        Some(parent) => parent.children.push(node),
        None if root.is_none() => *root = Some(node),
        None => return None,
    }
    Some(())
}

/// Text of the innermost element. A single piece stays where it is: a zip is many megabytes of it.
fn append<'a>(open: &mut [Node<'a>], text: Cow<'a, str>) -> Option<()> {
    match open.last_mut() {
        Some(node) if node.text.is_empty() => node.text = text,
        Some(node) => node.text.to_mut().push_str(&text),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

fn resolve(name: &BytesRef<'_>) -> Option<char> {
    if name.is_char_ref() {
        return name.resolve_char_ref().ok()?;
    }
    Some(match name.xml10_content().as_ref() {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}
