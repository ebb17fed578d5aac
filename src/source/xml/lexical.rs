//! The small print of XML that the event reader leaves to its caller: names, attributes, references, characters.

use std::collections::HashSet;

use super::error::{XmlError, XmlErrorKind};
use crate::source::Span;

/// White space as XML has it; other spaces are text.
pub(super) const WHITE_SPACE: &[char] = &[' ', '\t', '\r', '\n'];

/// The first character of `text` that XML 1.0 forbids anywhere.
pub(super) fn forbidden_character(text: &str) -> Option<XmlError> {
    // One plain pass over the bytes, in blocks that the compiler can vectorise: profiles make up hundreds of megabytes.
    let control = |byte: u8| matches!(byte, 0..=8 | 11 | 12 | 14..=31);
    let bytes = text.as_bytes();
    let block = bytes.chunks(4096).position(|block| block.iter().fold(false, |found, byte| found | control(*byte)));
    let control = block.and_then(|block| {
        let start = block * 4096;
        bytes.iter().skip(start).position(|byte| control(*byte)).map(|at| start + at)
    });
    let noncharacter = ["\u{FFFE}", "\u{FFFF}"].iter().filter_map(|wanted| memchr::memmem::find(bytes, wanted.as_bytes())).min();
    let offset = [control, noncharacter].into_iter().flatten().min()?;
    let character = text.get(offset..)?.chars().next()?;
    let span = Span::new(offset, offset + character.len_utf8());
    Some(XmlError::new(XmlErrorKind::ForbiddenCharacter(character.into()), span))
}

/// Whether this can be the name of an element or attribute, with or without a prefix.
pub(super) fn is_name(name: &str) -> bool {
    match name.split_once(':') {
        Some((prefix, local)) => is_part_of_name(prefix) && is_part_of_name(local),
        None => is_part_of_name(name),
    }
}

fn is_part_of_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(begins_name) && characters.all(continues_name)
}

/// `NameStartChar` of XML 1.0 (fifth edition) without the colon.
const fn begins_name(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// `NameChar` of XML 1.0 (fifth edition) without the colon.
const fn continues_name(character: char) -> bool {
    begins_name(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Checks what follows the name in a start tag. `offset` is where it begins in the text.
pub(super) fn check_attributes(tag: &str, attributes: &str, offset: usize) -> Result<(), XmlError> {
    let mut seen = HashSet::new();
    let mut rest = attributes;
    loop {
        let trimmed = rest.trim_start_matches(WHITE_SPACE);
        if trimmed.is_empty() {
            return Ok(());
        }
        let start = offset + attributes.len() - trimmed.len();
        let (name, after_name) = split_at_any(trimmed, |character| character == '=' || WHITE_SPACE.contains(&character));
        let span = Span::new(start, start + name.len());
        if name.contains('<') {
            return Err(XmlError::new(XmlErrorKind::UnclosedTag(short(tag)), Span::new(offset - tag.len() - 1, offset)));
        }
        if !is_name(name) {
            return Err(XmlError::new(XmlErrorKind::BadName(short(name)), span));
        }
        let (value, after_value) = if trimmed.len() == rest.len() { None } else { quoted_value(after_name) }
            .ok_or_else(|| XmlError::new(XmlErrorKind::BadAttribute(short(name)), span))?;
        if !seen.insert(name) {
            return Err(XmlError::new(XmlErrorKind::RepeatedAttribute(short(name)), span));
        }
        let value_start = offset + attributes.len() - after_value.len() - 1 - value.len();
        if value.contains('<') {
            return Err(XmlError::new(XmlErrorKind::BadAttribute(short(name)), Span::new(value_start, value_start + value.len())));
        }
        check_references(value, value_start)?;
        rest = after_value;
    }
}

/// Splits `="value"rest` into value and rest.
fn quoted_value(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(WHITE_SPACE).strip_prefix('=')?.trim_start_matches(WHITE_SPACE);
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    text.strip_prefix(quote)?.split_once(quote)
}

fn split_at_any(text: &str, wanted: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(wanted).unwrap_or(text.len()))
}

fn check_references(value: &str, offset: usize) -> Result<(), XmlError> {
    for (at, _) in value.match_indices('&') {
        let start = offset + at;
        let name = value.get(at + 1..).and_then(|rest| rest.split_once(';')).map(|(name, _)| name);
        let name = name.ok_or_else(|| XmlError::new(XmlErrorKind::BareAmpersand, Span::new(start, start + 1)))?;
        resolve(name, start)?;
    }
    Ok(())
}

/// The character that `&name;` stands for. `start` is where its `&` stands in the text.
pub(super) fn resolve(name: &str, start: usize) -> Result<char, XmlError> {
    let fail = |kind| XmlError::new(kind, Span::new(start, start + name.len() + 2));
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => match name.strip_prefix('#') {
            Some(number) => numbered(number).ok_or_else(|| fail(XmlErrorKind::BadCharacterReference(short(name)))),
            None if is_name(name) => Err(fail(XmlErrorKind::UnknownEntity(short(name)))),
            // `R&D; more`, or text up to a semicolon far away: the `&` itself is what is wrong.
            None => Err(XmlError::new(XmlErrorKind::BareAmpersand, Span::new(start, start + 1))),
        },
    }
}

fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` would take a sign.
    let code = digits.chars().all(|digit| digit.is_digit(radix)).then(|| u32::from_str_radix(digits, radix).ok())??;
    char::from_u32(code).filter(|character| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..))
}

/// A name cut to what a message can hold.
pub(super) fn short(name: &str) -> String {
    match name.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}
