//! From the text of a file to its table.

use orgwarden::access::errors::{Cause, Confidence};
use orgwarden::inventory::flow::Flow;

use super::combination::{Column, Switch};
use super::pattern::Pattern;
use super::{Answer, Answered, Line, Table, Undecided};

/// The parts of a file, in their order.
const SECTIONS: [&str; 3] = ["causes:", "undecided:", "answers:"];

/// Reads the file of a flow.
///
/// # Errors
///
/// What is wrong in which line, as `line: message`.
pub(super) fn read(flow: Flow, text: &str) -> Result<Table, String> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, without_comment(line)));
    let mut lines = numbered.filter(|(_, line)| !line.is_empty());
    let (number, first) = lines.next().ok_or("1: the file is empty")?;
    let switch = first.strip_prefix("switch:").map(str::trim).filter(|switch| !switch.is_empty());
    let switch =
        switch.ok_or_else(|| format!("{number}: the file must begin with `switch: …`; `switch: none` if the flow has none"))?;
    let switches = if switch == "none" { &[Switch::On] } else { Switch::ALL };
    let mut table = Table { flow, switches, causes: Vec::new(), undecided: Vec::new(), answers: Vec::new() };
    let mut section = None;
    for (number, line) in lines {
        let read = match SECTIONS.iter().position(|heading| *heading == line) {
            Some(next) => begin(&mut section, next),
            None => section
                .ok_or_else(|| format!("this stands in no section; they are {}", SECTIONS.join(" ")))
                .and_then(|section| table.add(section, number, line)),
        };
        read.map_err(|message| format!("{number}: {message}"))?;
    }
    Ok(table)
}

fn without_comment(line: &str) -> &str {
    line.split('#').next().unwrap_or_default().trim()
}

/// Enters a section, of which each is there once at most, and in order.
fn begin(section: &mut Option<usize>, next: usize) -> Result<(), String> {
    if section.is_some_and(|current| current >= next) {
        return Err(format!("the sections are {}, in this order, each once", SECTIONS.join(" ")));
    }
    *section = Some(next);
    Ok(())
}

impl Table {
    fn add(&mut self, section: usize, number: usize, line: &str) -> Result<(), String> {
        let all = Column::ALL;
        let columns = if self.switches.len() > 1 { all } else { &all[..all.len() - 1] };
        match section {
            0 => {
                let (word, when) = condition(line, columns)?;
                let says = cause(word)?;
                if self.causes.last().is_some_and(|last| last.says > says) {
                    return Err(format!(
                        "`{word}` is of an earlier step than the line before; causes stand in the order of the steps"
                    ));
                }
                self.causes.push(Line { number, says, when });
            }
            1 => {
                let (word, when) = condition(line, columns)?;
                let known = word.strip_prefix('?').and_then(Undecided::from_word);
                let says =
                    known.ok_or_else(|| format!("`{word}` is nothing undecided; known are ?{}", Undecided::WORDS.join(", ?")))?;
                self.undecided.push(Line { number, says, when });
            }
            _ => {
                let (case, says) = line.split_once(" -> ").ok_or("an answer is `cause -> error: description | confidence`")?;
                let (word, when) = match case.split_once(" when ") {
                    Some((word, when)) => (word, Pattern::read(when.trim(), columns)?),
                    None => (case, Pattern::ALWAYS),
                };
                let first = cause(word.trim())?;
                if !self.causes.iter().any(|line| line.says == first) {
                    return Err(format!("`{first}` is none of the causes above"));
                }
                self.answers.push(Line { number, says: answered(first, says)?, when });
            }
        }
        Ok(())
    }
}

/// `word: when pattern`
fn condition<'a>(line: &'a str, columns: &[Column]) -> Result<(&'a str, Pattern), String> {
    let (word, when) = line.split_once(": when ").ok_or("a line here is `word: when column=value …`")?;
    Ok((word, Pattern::read(when.trim(), columns)?))
}

fn cause(word: &str) -> Result<Cause, String> {
    Cause::from_word(word).ok_or_else(|| format!("`{word}` is no cause; src/access/errors/cause.rs names them"))
}

/// `error: description | confidence` or `- | confidence`
fn answered(first: Cause, text: &str) -> Result<Answered, String> {
    let (answer, confidence) = text.rsplit_once('|').ok_or("the confidence is missing: ` | high`")?;
    let confidence = match confidence.trim() {
        "high" => Confidence::High,
        "medium" => Confidence::Medium,
        "low" => Confidence::Low,
        other => return Err(format!("`{other}` is no confidence; they are high, medium, low")),
    };
    let answer = match answer.trim() {
        "-" => None,
        answer => {
            let (errors, description) = answer.split_once(": ").ok_or("an answer is `error: description`, or `-`")?;
            Some(Answer { errors: errors.split('/').map(str::to_owned).collect(), description: description.to_owned() })
        }
    };
    Ok(Answered { first, answer, confidence })
}
