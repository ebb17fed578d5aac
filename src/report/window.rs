//! A few lines of a text, cut to a width and made harmless, with a map from the bytes of the text to the bytes of the window.

use super::redact;
use super::style::columns_of;
use super::untrusted;
use crate::source::{SourceText, Span};

/// Stands for what was cut from a line.
const CUT: char = '…';
/// Stands for a character of a credential.
const HIDDEN: char = '•';
const BYTE_ORDER_MARK: char = '\u{feff}';
/// Columns a tab takes in an excerpt.
const TAB: usize = 4;

/// The lines shown.
#[derive(Debug)]
pub(super) struct Window {
    text: String,
    /// Where bytes of the file went, ascending: offset in the file, offset in `text`. One entry for every character shown,
    /// for what was cut, and for each line's end.
    map: Vec<(usize, usize)>,
}

impl Window {
    /// The lines `first` to `last`, each at most so many columns, cut around the marks where longer.
    pub(super) fn cut(source: &SourceText, first: usize, last: usize, marks: &[Span], columns: usize) -> Self {
        let mut window = Self { text: String::new(), map: Vec::new() };
        let hidden = redact::credentials(source.text(), Span::new(source.line_start(first), source.line_start(last + 1)));
        for line in first..=last {
            let start = source.line_start(line);
            if start >= source.text().len() && line > first {
                break;
            }
            if line > first {
                window.text.push('\n');
            }
            let next = source.line_start(line + 1);
            let written = source.text().get(start..next).unwrap_or_default();
            let written = written.strip_suffix('\n').unwrap_or(written);
            let written = written.strip_suffix('\r').unwrap_or(written);
            window.push_line(written, start, focus(marks, start, start + written.len()), columns, &hidden);
        }
        window
    }

    /// What is shown.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a span of the file is in the window. What was cut is the ellipsis that stands for it.
    pub(super) fn place(&self, span: Span) -> Span {
        let before = |offset| self.map.partition_point(|(file, _)| *file <= offset).checked_sub(1).and_then(|at| self.map.get(at));
        let start = before(span.start).or(self.map.first()).map_or(0, |(_, shown)| *shown);
        if span.is_empty() {
            return Span::at(start);
        }
        let after = self.map.partition_point(|(file, _)| *file < span.end);
        let end = self.map.get(after).map_or(self.text.len(), |(_, shown)| *shown);
        // A span that ends with a line end would be drawn into the next line.
        let shown = self.text.get(start..end).unwrap_or_default();
        Span::new(start, start + shown.trim_end_matches('\n').len())
    }

    /// The column after the end of a span of the window, where its label would begin.
    pub(super) fn column_after(&self, span: Span) -> usize {
        let before = self.text.get(..span.end).unwrap_or(&self.text);
        before.rsplit('\n').next().unwrap_or_default().chars().map(columns).sum::<usize>() + 2
    }

    fn push_line(&mut self, line: &str, start: usize, focus: usize, columns: usize, hidden: &[Span]) {
        let kept = keep(line, focus, columns);
        if kept.start > 0 {
            self.map.push((start, self.text.len()));
            self.text.push(CUT);
        }
        for (at, character) in line.get(kept.range()).unwrap_or_default().char_indices() {
            self.map.push((start + kept.start + at, self.text.len()));
            if hidden.iter().any(|span| span.range().contains(&(start + kept.start + at))) {
                self.text.push(HIDDEN);
            } else if character == BYTE_ORDER_MARK && start + kept.start + at == 0 {
                // At the very start it is an encoding mark and no part of the text.
            } else if untrusted::is_harmful(character) && character != '\t' {
                untrusted::push_escape(&mut self.text, character);
            } else {
                self.text.push(character);
            }
        }
        if kept.end < line.len() {
            self.map.push((start + kept.end, self.text.len()));
            self.text.push(CUT);
        }
        self.map.push((start + line.len(), self.text.len()));
    }
}

/// The byte of the line that must be seen: where the first mark in it begins, or its start.
fn focus(marks: &[Span], start: usize, end: usize) -> usize {
    let begins = marks.iter().map(|mark| mark.start).filter(|at| (start..=end).contains(at)).min();
    let ends = marks.iter().map(|mark| mark.end).filter(|at| (start..=end).contains(at)).max();
    begins.or(ends).map_or(0, |at| at - start)
}

/// The part of a line that fits: all of it, or from a little before the focus on.
fn keep(line: &str, focus: usize, room: usize) -> Span {
    if take(line.chars(), room).0 == line.len() {
        return Span::new(0, line.len());
    }
    let focus = line.floor_char_boundary(focus);
    let room = room.saturating_sub(2).max(1);
    let before = line.get(..focus).unwrap_or_default();
    let after = line.get(focus..).unwrap_or_default();
    let behind = take(after.chars(), room - room / 4);
    let ahead = take(before.chars().rev(), room - behind.1);
    let behind = take(after.chars(), room.saturating_sub(ahead.1));
    Span::new(focus - ahead.0, focus + behind.0)
}

/// How many bytes of the characters fit, and the columns they take.
fn take(characters: impl Iterator<Item = char>, room: usize) -> (usize, usize) {
    let (mut bytes, mut used) = (0, 0);
    for character in characters {
        let width = columns(character);
        // Characters without a width of their own (combining marks) must not let a line grow without end.
        if used + width > room || bytes > room * 8 {
            break;
        }
        used += width;
        bytes += character.len_utf8();
    }
    (bytes, used)
}

/// Columns a character takes once it is harmless.
fn columns(character: char) -> usize {
    if character == '\t' {
        TAB
    } else if untrusted::is_harmful(character) {
        let mut escape = String::new();
        untrusted::push_escape(&mut escape, character);
        escape.len()
    } else {
        columns_of(character.encode_utf8(&mut [0; 4]))
    }
}
