//! How text for people is set: width and colour, decided once by the caller; painting and wrapping.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use unicode_width::UnicodeWidthStr;

use super::untrusted;
use crate::finding::Severity;

/// What the terminal (or file) at the other end can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns per line.
    pub width: usize,
    /// Whether terminal escapes for colour may be written.
    pub colour: bool,
}

impl Style {
    /// No colours, 100 columns: for files and pipes.
    pub const PLAIN: Self = Self { width: 100, colour: false };

    /// The text in a colour, or as it is. The text must already be harmless.
    pub(super) fn paint(self, style: anstyle::Style, text: &str) -> String {
        if self.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Columns to lay text out in: a terminal that says less than this is given long lines rather than one word a line.
    pub(super) fn columns(self) -> usize {
        self.width.max(20)
    }
}

/// The looks that have a meaning.
pub(super) const BOLD: anstyle::Style = anstyle::Style::new().bold();
pub(super) const DIM: anstyle::Style = anstyle::Style::new().dimmed();
pub(super) const ARROW: anstyle::Style = AnsiColor::BrightBlue.on_default().bold();
pub(super) const HELP: anstyle::Style = AnsiColor::BrightCyan.on_default().bold();
pub(super) const ERROR: anstyle::Style = AnsiColor::BrightRed.on_default().bold();
pub(super) const WARNING: anstyle::Style = AnsiColor::Yellow.on_default().bold();

/// How bad it is that something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// Somebody has to look at it.
    Bad,
    /// It may be bad.
    Unclear,
    /// It is well that it is so.
    Good,
    /// Neither.
    Plain,
}

impl Weight {
    pub(super) const fn look(self) -> anstyle::Style {
        match self {
            Self::Bad => ERROR,
            Self::Unclear => WARNING,
            Self::Good => HELP,
            Self::Plain => BOLD,
        }
    }
}

/// The colour of a severity.
pub(super) const fn of_severity(severity: Severity) -> anstyle::Style {
    match severity {
        Severity::Critical | Severity::High => ERROR,
        Severity::Medium => WARNING,
        Severity::Low | Severity::Info => HELP,
    }
}

/// Columns a terminal needs for harmless text of one line.
pub(super) fn columns_of(text: &str) -> usize {
    text.width()
}

/// Writes foreign text after a heading (`help: `) so that all its lines stand to the right of it, broken at spaces to fit.
/// A word longer than a line is left whole: it is a path or an address that someone wants to copy.
pub(super) fn hang(out: &mut String, style: Style, heading: &str, look: anstyle::Style, text: &str) {
    let indent = columns_of(heading);
    let room = style.columns().saturating_sub(indent).max(20);
    let mut first = true;
    let text = untrusted::lines(text);
    let common = text.lines().filter(|line| !line.trim().is_empty()).map(indentation).min().unwrap_or_default();
    for line in text.trim_end().trim_start_matches('\n').split('\n') {
        // Numbered steps and XML keep the indentation they were given.
        let line = line.get(common.min(indentation(line))..).unwrap_or(line);
        let own = indentation(line);
        for piece in wrap(line, room) {
            if first {
                out.push_str(&style.paint(look, heading));
                first = false;
            } else if !piece.is_empty() {
                let _ = write!(out, "{:indent$}", "");
            }
            if !piece.is_empty() {
                let _ = write!(out, "{:1$}", "", own.min(room / 2));
            }
            out.push_str(piece.trim_end());
            out.push('\n');
        }
    }
}

/// Writes a first word in its look and the rest of the line right behind it. What follows is longer than an indentation should be, so it hangs
/// by two columns.
pub(super) fn hang_from(out: &mut String, style: Style, first: &str, look: anstyle::Style, rest: &str) {
    let mut text = String::new();
    let narrower = Style { width: style.columns().saturating_sub(2), ..style };
    hang(&mut text, narrower, "", BOLD, &format!("{first}{rest}"));
    let text = text.trim_end().replace('\n', "\n  ");
    let first_painted = style.paint(look, first);
    out.push_str(&text.strip_prefix(first).map_or_else(|| text.clone(), |rest| format!("{first_painted}{rest}")));
    out.push('\n');
}

/// The words of one line, in lines of at most so many columns; the indentation of the line is left out and allowed for.
fn wrap(line: &str, columns: usize) -> Vec<String> {
    let text = line.trim_start_matches(' ');
    let columns = columns.saturating_sub(indentation(line).min(columns / 2));
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for word in text.split(' ') {
        if !piece.is_empty() && columns_of(&piece) + 1 + columns_of(word) > columns {
            pieces.push(std::mem::take(&mut piece));
        } else if !piece.is_empty() {
            piece.push(' ');
        }
        piece.push_str(word);
    }
    pieces.push(piece);
    pieces
}

/// Spaces a line begins with.
fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
