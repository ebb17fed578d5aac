//! How a file is laid out: line ends, indentation, and where a line may be put in between.

use crate::source::{SourceText, Span};

/// One step of indentation where the file shows none, as Salesforce writes it.
const STEP: &str = "    ";

/// The line end of a file: that of its first line.
pub(super) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text.get(..at).is_some_and(|line| line.ends_with('\r')) => "\r\n",
        _ => "\n",
    }
}

/// The white space before what begins at `offset`, where nothing else stands before it in its line.
pub(super) fn indentation(text: &str, offset: usize) -> Option<&str> {
    let line_start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line_start..offset)?;
    before.chars().all(|character| character == ' ' || character == '\t').then_some(before)
}

/// The indentation of what is one level below something that is indented so much.
pub(super) fn deeper(outer: &str) -> String {
    let step = if outer.starts_with('\t') { "\t" } else { STEP };
    format!("{outer}{step}")
}

/// What stands between elements and may hold a line end of its own: how it begins, and how it ends.
const WHOLE: [(&str, &str); 3] = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];

/// The end of the line that `gap` begins in, its line end left out; none where the gap ends before the line does. Comments and the like belong
/// to their line and are passed over.
pub(super) fn end_of_line(source: &SourceText, gap: Span) -> Option<usize> {
    let text = source.slice(gap);
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((begin, end)) = WHOLE.iter().find(|(begin, _)| rest.starts_with(begin)) {
            at += begin.len() + rest.get(begin.len()..)?.find(end)? + end.len();
        } else if rest.starts_with("\r\n") || rest.starts_with('\n') {
            return Some(gap.start + at);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// What to take out so that an element goes: with its line, where it is alone in it, or else itself.
pub(super) fn with_its_line(text: &str, element: Span) -> Span {
    let Some(indentation) = indentation(text, element.start) else { return element };
    let after = text.get(element.end..).unwrap_or_default();
    let line = after.split_inclusive('\n').next().unwrap_or_default();
    let is_alone = line.ends_with('\n') && line.trim().is_empty();
    if is_alone { Span::new(element.start - indentation.len(), element.end + line.len()) } else { element }
}

/// The start tag of an element as it would be where something is in it: its attributes stay, but for the one that says that nothing is.
pub(super) fn start_tag(element: &str) -> String {
    const NIL: &str = ":nil";
    let tag = element.get(..tag_end(element)).unwrap_or(element).trim_end_matches('/').trim_end();
    let nil = tag.find(NIL).and_then(|at| {
        let from = tag.get(..at)?.rfind(char::is_whitespace)?;
        let value = tag.get(at..)?;
        let quote = value.find(['"', '\''])?;
        let (mark, rest) = value.get(quote..)?.split_at_checked(1)?;
        let end = at + quote + 1 + rest.find(mark)? + 1;
        tag.get(from..end)
    });
    format!("{}>", nil.map_or_else(|| tag.to_owned(), |nil| tag.replace(nil, "").trim_end().to_owned()))
}

/// Where the `>` of a start tag stands; there may be others in its attributes.
fn tag_end(element: &str) -> usize {
    let mut quote = None;
    for (at, character) in element.char_indices() {
        match (quote, character) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    element.len()
}

/// A text as the content of an element, escaped as Salesforce does it.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}
