//! A comparison as tables.

use super::Comparison;
use super::blocks::{self, PLACE};
use crate::report::style::{BOLD, DIM, HELP, Style, hang};
use crate::report::{table, untrusted};

/// All that changed, the worst first, and how many of each.
#[must_use]
pub fn table(comparison: &Comparison, style: Style) -> String {
    let mut out = String::new();
    for block in blocks::of(comparison) {
        out.push_str(&style.paint(block.weight.look(), &untrusted::line(&block.title)));
        out.push('\n');
        if !block.rows.is_empty() {
            let rows: Vec<Vec<String>> = block.rows.iter().map(|row| with_short_place(row, block.headers, style)).collect();
            out.push_str(&table::table(block.headers, &rows, style.width));
        }
        for line in &block.lines {
            hang(&mut out, style, "  ", DIM, &untrusted::line(line));
        }
        out.push('\n');
    }
    out.push_str(&style.paint(BOLD, "Summary"));
    out.push('\n');
    let (before, after) = (&comparison.before, &comparison.after);
    let line = format!("{} ({}) -> {} ({})", before.name, before.kind.as_str(), after.name, after.kind.as_str());
    hang(&mut out, style, "  ", DIM, &untrusted::line(&line));
    hang(&mut out, style, "  ", DIM, &untrusted::line(&blocks::summary(comparison)));
    for note in blocks::notes(comparison) {
        hang(&mut out, style, "  note: ", HELP, &untrusted::line(&note));
    }
    out
}

/// The row with its place in as many words as there is room for, where it has one.
fn with_short_place(row: &[String], headers: &[&str], style: Style) -> Vec<String> {
    let short = |(header, cell): (&&str, &String)| match *header {
        // Of an org it is the object that told of it, with the API in brackets.
        PLACE => table::shown(cell, cell.ends_with(')'), style),
        _ => cell.clone(),
    };
    headers.iter().zip(row).map(short).collect()
}
