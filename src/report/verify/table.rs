//! A verification as tables.

use super::Verification;
use super::words::{LOST, PLACE, UNTOLD, known, lost_row, summary, untold_rows};
use crate::report::style::{BOLD, DIM, ERROR, Style, WARNING, hang};
use crate::report::{table, untrusted};

/// What did not arrive, what cannot be told, and how many of each.
#[must_use]
pub fn table(it: &Verification, style: Style) -> String {
    let mut out = String::new();
    let lost: Vec<Vec<String>> = it.arrivals.lost.iter().map(lost_row).collect();
    let untold = untold_rows(&it.arrivals.untold);
    for (title, look, headers, rows) in [("Did not arrive", ERROR, LOST, lost), ("Cannot tell", WARNING, UNTOLD, untold)] {
        if rows.is_empty() {
            continue;
        }
        out.push_str(&style.paint(look, title));
        out.push('\n');
        let rows: Vec<Vec<String>> = rows.into_iter().map(|row| with_short_place(row, headers, style)).collect();
        out.push_str(&table::table(headers, &rows, style.width));
        out.push('\n');
    }
    let known = known(&it.arrivals.lost);
    if !known.is_empty() {
        out.push_str(&style.paint(BOLD, "Known of the platform"));
        out.push('\n');
        for line in known {
            hang(&mut out, style, "  ", DIM, &untrusted::line(&line));
        }
        out.push('\n');
    }
    if let Some(lines) = it.trail.as_ref().map(super::Trail::lines).filter(|lines| !lines.is_empty()) {
        out.push_str(&style.paint(BOLD, "Setup Audit Trail: lines that name these apps, and may be about them"));
        out.push('\n');
        for line in lines {
            hang(&mut out, style, "  ", DIM, &untrusted::line(&line));
        }
        out.push('\n');
    }
    out.push_str(&style.paint(BOLD, "Summary"));
    out.push('\n');
    hang(&mut out, style, "  ", DIM, &untrusted::line(&format!("{} -> {}", it.source, it.org)));
    hang(&mut out, style, "  ", DIM, &summary(it));
    out
}

/// The row with its place in as many words as there is room for.
fn with_short_place(row: Vec<String>, headers: &[&str], style: Style) -> Vec<String> {
    let short = |(header, cell): (&&str, String)| if *header == PLACE { table::shown(&cell, false, style) } else { cell };
    headers.iter().zip(row).map(short).collect()
}
