//! A comparison as Markdown, for pull requests.

use std::fmt::Write as _;

use super::Comparison;
use super::blocks::{self, Block};
use crate::report::untrusted;

/// Characters of a cell that are shown.
const MAX_CELL: usize = 400;

/// How many of each, then all that changed, the worst first. Nothing in it that others wrote is mark-up.
#[must_use]
pub fn markdown(comparison: &Comparison) -> String {
    let mut out = String::from("## orgwarden: what changes\n\n");
    let (before, after) = (&comparison.before, &comparison.after);
    let _ = writeln!(out, "{} → {}\n", cell(&before.name), cell(&after.name));
    let _ = writeln!(out, "{}\n", blocks::summary(comparison));
    for note in blocks::notes(comparison) {
        let _ = writeln!(out, "> {}\n", cell(&note));
    }
    for block in &blocks::of(comparison) {
        push(&mut out, block);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn push(out: &mut String, block: &Block) {
    let _ = writeln!(out, "### {}\n", cell(&block.title));
    if !block.rows.is_empty() {
        let _ = writeln!(out, "| {} |", block.headers.join(" | "));
        let _ = writeln!(out, "|{}", "---|".repeat(block.headers.len()));
        for row in &block.rows {
            let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
        out.push('\n');
    }
    for line in &block.lines {
        let _ = writeln!(out, "- {}", cell(line));
    }
    if !block.lines.is_empty() {
        out.push('\n');
    }
}

/// Text on one line that is no mark-up.
fn cell(text: &str) -> String {
    untrusted::markdown(&untrusted::short_line(text, MAX_CELL))
}
