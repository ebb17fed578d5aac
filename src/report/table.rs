//! One row for each finding; also the table that lists of other things are shown in.

use std::fmt::Write as _;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table, Width};
use unicode_width::UnicodeWidthStr;

use super::style::Style;
use super::{Report, Waived, asked, baseline, deployment, pretty, summary, untrusted};
use crate::finding::{BaselineState, Finding, Subject, Undecided};
use crate::inventory::Origin;
use crate::inventory::blast_radius::BlastRadius;

/// Findings, then what could not be decided, then the summary.
#[must_use]
pub fn render(report: &Report, style: Style) -> String {
    let mut out = String::new();
    asked::push_tags(&mut out, report, style);
    deployment::push(&mut out, report, style);
    let name = |subject: &Subject| name(subject, report.source.orgs.len() > 1);
    let told: Vec<&Finding> = report.findings.iter().filter(|finding| !finding.is_known()).collect();
    if !told.is_empty() {
        let row = |finding: &Finding| {
            let radius = report.blast_radius.get(&finding.subject).map(BlastRadius::in_short).unwrap_or_default();
            row(finding, name(&finding.subject), radius, style)
        };
        let rows: Vec<Vec<String>> = told.into_iter().map(row).collect();
        let headers: &[&str] = match style.width {
            ..NARROW => &NARROW_HEADERS,
            NARROW..ROOMY => &MIDDLE_HEADERS,
            _ => &HEADERS,
        };
        out.push_str(&table(headers, &rows, style.width));
        out.push('\n');
    }
    let open: Vec<&Undecided> = report.unknown.iter().filter(|undecided| !undecided.is_known()).collect();
    if !open.is_empty() {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for undecided in open {
            let app = name(&undecided.subject);
            match rows.last_mut() {
                // Neighbours with the same subject and reason share a row.
                Some(row) if row.first() == Some(&app) && row.get(2).map(String::as_str) == Some(&*undecided.reason) => {
                    if let Some(rules) = row.get_mut(1) {
                        let _ = write!(rules, ", {}", undecided.rule);
                    }
                }
                _ => rows.push(vec![app, undecided.rule.clone(), undecided.reason.to_string()]),
            }
        }
        out.push_str(&table(&["App", "Undecided", "Reason"], &rows, style.width));
        out.push('\n');
    }
    let waived: Vec<&Waived> = pretty::waived(report).collect();
    if !waived.is_empty() {
        let rows: Vec<Vec<String>> =
            waived.into_iter().map(|waived| waived_row(waived, name(&waived.finding.subject), style)).collect();
        let headers: &[&str] = if style.width < NARROW { &NARROW_WAIVED } else { &WAIVED };
        out.push_str(&table(headers, &rows, style.width));
        out.push('\n');
    }
    let known: Vec<Vec<String>> = baseline::told(report).into_iter().map(|(subject, words)| vec![name(subject), words]).collect();
    if !known.is_empty() {
        out.push_str(&table(&["App", "Known to the baseline"], &known, style.width));
        out.push('\n');
    }
    asked::push_in_full(&mut out, report, style);
    summary::push_left_out(&mut out, report, style);
    summary::push(&mut out, report, style);
    out
}

/// A table that fits so many columns, its cells made harmless, ending with a line end. Without rows it is the headers alone.
///
/// Line ends in a cell are shown as escapes, very long cells are cut; rows shorter than the headers are filled up with nothing.
#[must_use]
pub fn table(headers: &[&str], rows: &[Vec<String>], width: usize) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.set_header(headers.iter().map(|header| untrusted::line(header).into_owned()));
    for row in rows {
        table.add_row(row.iter().map(|cell| untrusted::short_line(cell, MAX_CELL).into_owned()));
    }
    keep_words_whole(&mut table, headers, rows, width);
    let mut out = table.trim_fmt();
    out.push('\n');
    out
}

/// Gives each column room for its longest word, the first one (a name) before the others: left alone, columns share the width alike and names
/// are broken in the middle while the next column is half empty.
fn keep_words_whole(table: &mut Table, headers: &[&str], rows: &[Vec<String>], width: usize) {
    let longest_word = |text: &str| text.split(' ').map(UnicodeWidthStr::width).max().unwrap_or_default();
    let longest_of = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| longest_word(cell));
        cells.chain(headers.get(column).map(|header| longest_word(header))).max().unwrap_or_default()
    };
    let longest: Vec<usize> = (0..headers.len()).map(longest_of).collect();
    let room = |most: usize| -> Vec<usize> {
        let most_of = |column: usize| if column == 0 { MAX_WORD.min(width / 4) } else { most };
        longest.iter().enumerate().map(|(column, word)| word.min(&most_of(column)) + PADDING).collect()
    };
    let fits = |widths: &Vec<usize>| widths.iter().map(|width| width + 1).sum::<usize>() < width;
    let Some(widths) = (MIN_WORD..=MAX_WORD).rev().map(room).find(fits) else { return };
    for (column, width) in table.column_iter_mut().zip(widths) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(width).unwrap_or(u16::MAX))));
    }
}

/// Below this many columns severity and effect share a column, and so do rule and app.
const NARROW: usize = 100;
/// Below this many columns the blast radius stands behind the app: a column of its own would break the names of rules.
const ROOMY: usize = 140;
/// Below this many columns a place is the kind of file and the position in it: the subject is named beside it, and a path would take up the
/// message's room.
const WIDE: usize = 160;
/// Columns a word may claim for itself; longer ones are paths and addresses, which can be broken.
const MAX_WORD: usize = 34;
/// Columns a word has at least; a table too narrow for that is left to comfy-table.
const MIN_WORD: usize = 4;
/// Columns that comfy-table leaves free beside the text of a cell.
const PADDING: usize = 2;
/// Characters of a cell that are shown.
const MAX_CELL: usize = 400;
const HEADERS: [&str; 7] = ["Severity", "Effect", "App", "Blast radius", "Rule", "Message", "Place"];
const MIDDLE_HEADERS: [&str; 6] = ["Severity", "Effect", "App, blast radius", "Rule", "Message", "Place"];
const NARROW_HEADERS: [&str; 4] = ["Severity", "App, blast radius", "Message", "Place"];
const WAIVED: [&str; 5] = ["App", "Waived", "Until", "Owner", "Reason"];
const NARROW_WAIVED: [&str; 3] = ["App", "Waived", "Reason"];

fn row(finding: &Finding, app: String, radius: String, style: Style) -> Vec<String> {
    let place = finding.evidence.iter().find_map(|evidence| evidence.origin.as_ref()).map(Origin::location);
    let place = match place {
        Some(place) => shown(&place.to_string(), place.answer().is_some(), style),
        None => shown(&finding.subject.path, !finding.subject.org.is_empty(), style),
    };
    let was = match finding.baseline.and_then(BaselineState::was) {
        Some(was) if was < finding.severity => format!(" (was {was})"),
        Some(_) => " (more)".to_owned(),
        None => String::new(),
    };
    let severity = format!("{}{was}", finding.severity);
    let effect = finding.effect.to_string();
    let behind = if radius.is_empty() { app.clone() } else { format!("{app}, {radius}") };
    if style.width < NARROW {
        vec![format!("{severity} {effect}"), behind, format!("{}: {}", finding.rule, finding.message), place]
    } else if style.width < ROOMY {
        vec![severity, effect, behind, finding.rule.clone(), finding.message.clone(), place]
    } else {
        vec![severity, effect, app, radius, finding.rule.clone(), finding.message.clone(), place]
    }
}

fn waived_row(waived: &Waived, app: String, style: Style) -> Vec<String> {
    let rule = waived.finding.rule.clone();
    if style.width < NARROW {
        return vec![app, rule, waived.in_words()];
    }
    let ticket = if waived.ticket.is_empty() { String::new() } else { format!(", {}", waived.ticket) };
    let reason = format!("{}{ticket}: {}", waived.status, waived.reason);
    vec![app, rule, waived.until.clone(), waived.owner.clone(), reason]
}

/// A place in as many words as there is room for: a file, or an object of an org.
pub(super) fn shown(place: &str, of_org: bool, style: Style) -> String {
    match place.rsplit_once('/') {
        _ if style.width >= WIDE => place.to_owned(),
        // `ConnectedApp` of `ConnectedApp/ERP_Sync (Metadata API 66.0)`, `User` of `User (Data API 66.0)`.
        _ if of_org => place.split(['/', ' ']).next().unwrap_or_default().to_owned(),
        Some((_, file)) => type_and_position(file),
        None => place.to_owned(),
    }
}

/// `connectedApp:8:26` of `ERP_Sync.connectedApp-meta.xml:8:26`.
fn type_and_position(file: &str) -> String {
    file.split_once('.').map_or(file, |(_, rest)| rest).replacen("-meta.xml", "", 1)
}

/// What a subject is called in a cell: its full name, which is unique in one tree or org, with the org where there are several.
fn name(subject: &Subject, several_orgs: bool) -> String {
    let of_org = several_orgs && !subject.org.is_empty() && subject.org != subject.name;
    if of_org { format!("{}: {}", subject.org, subject.name) } else { subject.name.clone() }
}
