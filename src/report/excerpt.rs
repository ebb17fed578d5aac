//! Compiler-style excerpts: a few lines of a file with the places meant underlined.
//!
//! annotate-snippets indexes the whole source for every excerpt, so it is handed a window of lines, and long lines (a
//! certificate, a minified file) are cut to the part that is meant. Harmful characters become visible escapes; a map from the
//! bytes of the file to the bytes of the window keeps underlines where they belong.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::style::{ARROW, Style, columns_of, hang};
use super::untrusted;
use super::window::Window;
use crate::source::{Location, SourceText, Span};

/// A place with more lines than this is shown by its first line.
const MAX_LINES: usize = 8;
/// Places at most this many lines apart are shown together.
const NEAR: usize = 3;
/// Columns a line of an excerpt may take on the narrowest terminal.
const MIN_ROOM: usize = 16;

/// A place to show.
#[derive(Clone, Debug)]
pub struct Mark<'a> {
    /// Where it is.
    pub location: &'a Location,
    /// What to say there; empty for nothing. Foreign text is made harmless here.
    pub label: String,
    /// Whether this is the place the message is about, or one that explains it.
    pub primary: bool,
    /// Whether something is missing here: the lines around are shown too.
    pub missing: bool,
}

impl<'a> Mark<'a> {
    /// The place a message is about.
    #[must_use]
    pub fn primary(location: &'a Location, label: impl Into<String>) -> Self {
        Self { location, label: label.into(), primary: true, missing: false }
    }
}

/// The places, the primary first and the others by file in the order given, each with its path, line, column and, where the
/// text is kept, its lines.
///
/// `level` gives the colour of the primary underline.
#[must_use]
pub fn render(marks: &[Mark<'_>], level: &Level<'_>, style: Style) -> String {
    let clusters = clusters(marks);
    let gutter = clusters.iter().map(|cluster| digits(lines_around(cluster).1)).max().unwrap_or(1);
    let mut out = String::new();
    let mut notes = Vec::new();
    for (index, cluster) in clusters.iter().enumerate() {
        let lead = cluster.iter().find(|mark| mark.primary).or_else(|| cluster.first());
        let Some(lead) = lead else { continue };
        let arrow = style.paint(ARROW, if index == 0 { "-->" } else { ":::" });
        let _ = write!(out, "{:gutter$}{arrow} {}", "", untrusted::line(&lead.location.to_string()));
        match lead.location.text() {
            Some(text) => {
                out.push('\n');
                push_lines(&mut out, text, cluster, level, gutter, style, &mut notes);
            }
            None if lead.label.is_empty() => out.push('\n'),
            None => {
                // Beside the place where there is room, below it where there is not.
                let label = untrusted::line(&lead.label);
                let place = columns_of(&untrusted::line(&lead.location.to_string()));
                if gutter + place + columns_of(&label) + " --> ()".len() <= style.columns() {
                    let _ = writeln!(out, " ({label})");
                } else {
                    out.push('\n');
                    hang(&mut out, style, &format!("{:gutter$} = ", ""), ARROW, &label);
                }
            }
        }
    }
    for note in notes {
        hang(&mut out, style, &format!("{:gutter$} = ", ""), ARROW, &note);
    }
    out
}

/// Draws the lines of one cluster. Labels that do not fit beside their place go to `notes`.
fn push_lines(
    out: &mut String,
    text: &SourceText,
    cluster: &[&Mark<'_>],
    level: &Level<'_>,
    gutter: usize,
    style: Style,
    notes: &mut Vec<String>,
) {
    let (first, last) = lines_around(cluster);
    // Beside the number stands " | ", and one column stays free for a caret at the end of a line.
    let room = style.columns().saturating_sub(gutter + 4).max(MIN_ROOM);
    let spans: Vec<Span> = cluster.iter().map(|mark| shown_span(mark, text)).collect();
    let window = Window::cut(text, first, last, &spans, room);
    let mut shown = Vec::new();
    for (mark, span) in cluster.iter().zip(&spans) {
        let span = window.place(*span);
        let label = untrusted::line(&mark.label).into_owned();
        if columns_of(&label) <= room.saturating_sub(window.column_after(span)) {
            shown.push((span, mark.primary, label));
        } else {
            shown.push((span, mark.primary, String::new()));
            notes.push(label);
        }
    }
    let annotations = shown.iter().map(|(span, primary, label)| {
        let kind = if *primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(span.range()).label((!label.is_empty()).then_some(label.as_str()))
    });
    let snippet = Snippet::source(window.text()).line_start(first).fold(false).annotations(annotations);
    // The width is kept by what is put in; the renderer must not cut again.
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() }.term_width(usize::from(u16::MAX));
    let drawn = renderer.render(&[Group::with_level(level.clone()).element(snippet)]);
    // Each drawing has a gutter as wide as its own numbers.
    let indent = gutter - digits(last).min(gutter);
    for line in drawn.lines() {
        let _ = writeln!(out, "{:indent$}{line}", "");
    }
}

/// The first and last line a cluster is shown with.
fn lines_around(cluster: &[&Mark<'_>]) -> (usize, usize) {
    let around = |mark: &Mark<'_>| usize::from(mark.missing);
    let first = cluster.iter().map(|mark| first_line(mark).saturating_sub(around(mark))).min().unwrap_or(1).max(1);
    let last = cluster.iter().map(|mark| last_line(mark) + around(mark)).max().unwrap_or(first);
    // There may be no line after the last place.
    let end = cluster.first().and_then(|mark| mark.location.text()).map_or(last, |text| text.position(text.text().len()).line);
    (first, last.min(end).max(first))
}

/// Marks that are shown in one window: of one text and near each other. The primary's comes first, then files in the order given.
fn clusters<'m, 'a>(marks: &'m [Mark<'a>]) -> Vec<Vec<&'m Mark<'a>>> {
    let mut files: Vec<Vec<&Mark<'_>>> = Vec::new();
    for mark in marks {
        // Objects of an org have no lines: each mark has its own label to show.
        let is_file = mark.location.answer().is_none();
        let same =
            |file: &&mut Vec<&Mark<'_>>| is_file && file.first().is_some_and(|first| same_text(first.location, mark.location));
        match files.iter_mut().find(same) {
            Some(file) => file.push(mark),
            None => files.push(vec![mark]),
        }
    }
    let mut clusters: Vec<Vec<&Mark<'_>>> = Vec::new();
    for mut file in files {
        file.sort_by_key(|mark| (first_line(mark), mark.location.span()));
        let mut end = None;
        for mark in file {
            match (clusters.last_mut(), end) {
                (Some(cluster), Some(end)) if mark.location.text().is_some() && first_line(mark) <= end + NEAR => {
                    cluster.push(mark);
                }
                _ => clusters.push(vec![mark]),
            }
            end = end.max(Some(last_line(mark)));
        }
    }
    // The place the message is about comes first, wherever in its file it is.
    clusters.sort_by_key(|cluster| !cluster.iter().any(|mark| mark.primary));
    clusters
}

fn same_text(one: &Location, other: &Location) -> bool {
    one.path() == other.path() && one.text().is_some() == other.text().is_some()
}

/// The span that is underlined: on characters of the text, and not more lines than fit.
fn shown_span(mark: &Mark<'_>, text: &SourceText) -> Span {
    let whole = text.text();
    let start = whole.floor_char_boundary(mark.location.span().start);
    let end = whole.ceil_char_boundary(mark.location.span().end.min(whole.len()));
    let first = text.position(start).line;
    if text.position(end).line - first >= MAX_LINES { Span::new(start, text.line_start(first + 1)) } else { Span::new(start, end) }
}

fn first_line(mark: &Mark<'_>) -> usize {
    mark.location.text().map_or(mark.location.position().line, |text| text.position(shown_span(mark, text).start).line)
}

fn last_line(mark: &Mark<'_>) -> usize {
    let Some(text) = mark.location.text() else { return mark.location.position().line };
    let span = shown_span(mark, text);
    // A span that ends with a line end does not reach into the next line.
    let end = if span.is_empty() { span.end } else { span.end - 1 };
    text.position(end).line
}

const fn digits(line: usize) -> usize {
    match line.checked_ilog10() {
        Some(digits) => digits as usize + 1,
        None => 1,
    }
}
