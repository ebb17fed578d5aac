//! What a deployment does, in the formats for people: sections that each format sets in its own way.

mod sections;
pub(super) mod wire;

use super::style::{BOLD, DIM, HELP, Style, Weight, hang};
use super::{Report, untrusted};

pub(super) use sections::{Section, notes, sections};

/// Writes the block that stands above the findings. Nothing where nothing is deployed.
pub(super) fn push(out: &mut String, report: &Report, style: Style) {
    let Some(deployment) = &report.deployment else { return };
    out.push_str(&style.paint(BOLD, "This deployment"));
    out.push('\n');
    hang(out, style, "  compared with: ", DIM, &untrusted::line(&deployment.before));
    for note in sections::notes(deployment) {
        hang(out, style, "  note: ", HELP, &untrusted::line(&note));
    }
    out.push('\n');
    for Section { title, weight, lines } in sections(report) {
        out.push_str(&style.paint(weight.look(), title));
        out.push('\n');
        for line in lines {
            hang(out, style, "  ", DIM, &untrusted::line(&line));
        }
        out.push('\n');
    }
}
