//! A verification as Markdown, for pull requests.

use std::fmt::Write as _;

use super::Verification;
use super::words::{LOST, UNTOLD, known, lost_row, summary, untold_rows};
use crate::report::untrusted;

/// Characters of a cell that are shown.
const MAX_CELL: usize = 400;

/// What did not arrive, what cannot be told, and how many of each. Nothing in it that others wrote is mark-up.
#[must_use]
pub fn markdown(it: &Verification) -> String {
    let mut out = String::from("## orgwarden: what arrived\n\n");
    let _ = writeln!(out, "{} → {}\n\n{}\n", cell(&it.source), cell(&it.org), summary(it));
    push(&mut out, "Did not arrive", LOST, it.arrivals.lost.iter().map(lost_row).collect());
    let known = known(&it.arrivals.lost);
    for line in &known {
        let _ = writeln!(out, "- {}", cell(line));
    }
    if !known.is_empty() {
        out.push('\n');
    }
    push(&mut out, "Cannot tell", UNTOLD, untold_rows(&it.arrivals.untold));
    if let Some(lines) = it.trail.as_ref().map(super::Trail::lines).filter(|lines| !lines.is_empty()) {
        let _ = writeln!(out, "### Setup Audit Trail: lines that name these apps, and may be about them\n");
        for line in lines {
            let _ = writeln!(out, "- {}", cell(&line));
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn push(out: &mut String, title: &str, headers: &[&str], rows: Vec<Vec<String>>) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(out, "### {title} ({})\n\n| {} |\n|{}", rows.len(), headers.join(" | "), "---|".repeat(headers.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out.push('\n');
}

/// Text on one line that is no mark-up.
fn cell(text: &str) -> String {
    untrusted::markdown(&untrusted::short_line(text, MAX_CELL))
}
