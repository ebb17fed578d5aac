//! A verification as tables.

use super::Verification;
use super::words::{LOST, PLACE, UNTOLD, known, lost_row, summary, untold_rows};
use crate::report::style::{BOLD, DIM, ERROR, Style, WARNING, hang};
use crate::report::{table, untrusted};

/// Below this many columns the place stands behind the app: four columns would break every name and value.
const NARROW: usize = 100;

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
        let rows = rows.into_iter().map(|row| with_short_place(row, headers, style));
        if style.width < NARROW {
            out.push_str(&table::table(&narrow_headers(headers), &rows.map(narrow).collect::<Vec<_>>(), style.width));
        } else {
            out.push_str(&table::table(headers, &rows.collect::<Vec<_>>(), style.width));
        }
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

/// The headers without the last one, which is the place.
fn narrow_headers<'h>(headers: &[&'h str]) -> Vec<&'h str> {
    ["App, place"].into_iter().chain(headers.iter().copied().filter(|header| *header != PLACE).skip(1)).collect()
}

/// The row with its place, the last cell, behind the app, the first.
fn narrow(mut row: Vec<String>) -> Vec<String> {
    let place = row.pop().unwrap_or_default();
    if let Some(app) = row.first_mut()
        && !place.is_empty()
    {
        app.push_str(", ");
        app.push_str(&place);
    }
    row
}
