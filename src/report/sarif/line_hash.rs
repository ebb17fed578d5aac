//! The identity of a line that code scanning of GitHub matches alerts by, from the text around it and not from its number.
//!
//! It is the value that GitHub's own upload action computes where it is missing and warns about where it is another one: 64 bits of a polynomial
//! over the first hundred characters from the line on, blanks left out, and how often the same was there before.

use std::collections::BTreeMap;

/// Characters that a line's value depends on.
const BLOCK: usize = 100;
const FACTOR: u64 = 37;
/// Stands behind the last character.
const END: u16 = u16::MAX;

/// The values of all lines of a text, the first line first.
pub(super) fn of_lines(text: &str) -> Vec<String> {
    let (units, starts) = significant(text);
    let mut times: BTreeMap<u64, usize> = BTreeMap::new();
    let of_line = |start: &usize| {
        let block = units.get(*start..).unwrap_or_default().iter().copied().chain(std::iter::repeat(0)).take(BLOCK);
        let value = block.fold(0_u64, |value, unit| value.wrapping_mul(FACTOR).wrapping_add(unit.into()));
        let times = times.entry(value).or_default();
        *times += 1;
        format!("{value:x}:{times}")
    };
    starts.iter().map(of_line).collect()
}

/// The UTF-16 code units that count, with one line end for all kinds, and where among them each line begins.
fn significant(text: &str) -> (Vec<u16>, Vec<usize>) {
    let (mut units, mut starts) = (Vec::with_capacity(text.len()), Vec::new());
    let (mut at_start, mut after_return) = (true, false);
    for unit in text.encode_utf16().chain([END]) {
        let blank = unit == u16::from(b' ') || unit == u16::from(b'\t');
        if blank || (after_return && unit == u16::from(b'\n')) {
            after_return = false;
            continue;
        }
        after_return = unit == u16::from(b'\r');
        let unit = if after_return { u16::from(b'\n') } else { unit };
        if at_start {
            starts.push(units.len());
        }
        at_start = unit == u16::from(b'\n');
        units.push(unit);
    }
    (units, starts)
}
