//! The Setup Audit Trail: who changed what in Setup.

use super::ask::Answer;
use super::questions::MOST_ROWS;
use super::row::Row;
use crate::inventory::Reason;
use crate::inventory::org::{Seen, SetupChange};

/// What was read of it. It can be filtered by date and action alone, so that all of it is read, up to a number.
pub(super) fn read(answer: Result<Answer, Reason>) -> Seen<SetupChange> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(reason) => return Seen::nothing(reason),
    };
    let rows: Vec<SetupChange> = answer.rows.iter().map(change).collect();
    let cut_off = || (rows.len() >= MOST_ROWS).then(|| Reason::from(format!("only the latest {MOST_ROWS} lines were read")));
    Seen { more: answer.more.or_else(cut_off), rows }
}

fn change(row: &Row) -> SetupChange {
    let text = |column: &str| row.text(column).filter(|text| !text.is_empty());
    SetupChange {
        date: row.word("CreatedDate"),
        by: text("CreatedBy.Username"),
        delegate: text("DelegateUser"),
        section: row.word("Section"),
        action: row.word("Action"),
        display: row.word("Display"),
    }
}
