//! Making foreign text harmless.
//!
//! Names, labels, descriptions and file names are written by others, and so are rules and policies a user was handed. What
//! reaches a terminal, a spreadsheet or a rendered page passes one of these functions first; what is harmful stays visible
//! as an escape such as `\u{1b}`, because an auditor must see that it was there. Readers of JSON get the text as it is, but
//! its spelling ([`json()`]) is harmless too, because JSON is looked at on terminals.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character does something other than being seen: moves the cursor, starts a terminal escape, turns the reading
/// direction, hides between others or ends a line.
///
/// That is C0, DEL and C1 controls, the bidirectional marks, embeddings, overrides and isolates (Unicode Technical Report 36),
/// zero-width and invisible format characters, line and paragraph separators, the byte order mark and tag characters.
#[must_use]
pub fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text for one line: every harmful character, line ends and tabs included, becomes a visible escape.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_harmful(character) {
            push_escape(&mut shown, character);
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Text that may have several lines: line ends stay (as `\n` alone), a tab becomes a space, the rest is as in [`line()`].
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    if !text.contains(|character| is_harmful(character) && character != '\n') {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let text = text.replace("\r\n", "\n");
    for character in text.chars() {
        match character {
            '\n' => shown.push('\n'),
            '\t' => shown.push(' '),
            other if is_harmful(other) => push_escape(&mut shown, other),
            other => shown.push(other),
        }
    }
    Cow::Owned(shown)
}

/// As [`line()`], and cut to so many characters; what was cut is an ellipsis. A name of a megabyte is harmful too.
#[must_use]
pub fn short_line(text: &str, characters: usize) -> Cow<'_, str> {
    match text.char_indices().nth(characters) {
        Some((end, _)) => Cow::Owned(format!("{}…", line(text.get(..end).unwrap_or_default()))),
        None => line(text),
    }
}

/// Finished output as the log of a pipeline may have it: nothing in it is a command to the runner.
///
/// Azure's looks for `##vso[` anywhere in a line; GitHub's for `##[` anywhere, and for `::` and a name where a line begins. One sign of each becomes
/// an escape, which stays visible in text and means the same in JSON, where no line begins with a colon.
#[must_use]
pub fn log(text: &str) -> Cow<'_, str> {
    let is_command = |line: &str| line.trim_start().strip_prefix("::").is_some_and(|name| name.starts_with(char::is_alphabetic));
    let anywhere = ["##vso[", "##["].iter().any(|command| text.contains(command));
    if !anywhere && !text.lines().any(is_command) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let line = line.replace("##vso[", r"#\u0023vso[").replace("##[", r"#\u0023[");
        if is_command(&line) { shown.push_str(&line.replacen(':', r"\u003a", 1)) } else { shown.push_str(&line) }
    }
    Cow::Owned(shown)
}

/// Finished JSON with every harmful character spelt as an escape. They can stand in strings only, where the escape means the same.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    let spelt = |character: char| is_harmful(character) && character != '\n';
    if !text.contains(spelt) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if spelt(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Writes the visible form of a harmful character: `\n`, `\r`, `\t` or `\u{…}`.
pub(super) fn push_escape(out: &mut String, character: char) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        other => {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(other));
        }
    }
}

/// One cell of a CSV file, quoted by RFC 4180 where it must be.
///
/// A spreadsheet takes a cell that starts with `=`, `+`, `-`, `@` (full-width ones too), tab or a line end for a formula,
/// quoted or not, so such a cell gets an apostrophe in front (OWASP, "CSV Injection").
#[must_use]
pub fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let shown = lines(text);
    let guarded = if formula { Cow::Owned(format!("'{shown}")) } else { shown };
    if guarded.contains([',', '"', '\n', '\r']) || guarded.starts_with(' ') || guarded.ends_with(' ') {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded.into_owned()
    }
}

/// Text inside a quoted label of the DOT language: neither its escapes nor entities nor the quote that ends it.
#[must_use]
pub fn dot(text: &str) -> String {
    // A visible escape brings a backslash, which is text as well.
    line(text).replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}

/// Text inside a quoted label of Mermaid: neither mark-up, HTML, a formula, a directive nor the quote or the code fence that ends it.
/// Everything but letters, digits and a few harmless signs is written by its number.
#[must_use]
pub fn mermaid(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    for character in line(text).chars() {
        if character.is_alphanumeric() || matches!(character, ' ' | '-' | '_' | '.' | ',' | '/' | '(' | ')') {
            shown.push(character);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(shown, "#{};", u32::from(character));
        }
    }
    shown
}

/// Text inside Markdown: nothing in it is mark-up, HTML, a link or a mention, and line ends stay.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = lines(text);
    let mut shown = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        match character {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '+' | '-' | '!' | '|' | '~' | '=' | '$' => {
                shown.push('\\');
                shown.push(character);
            }
            // A bare address without a scheme is a link, too.
            '.' if ends_in_www(text.get(..at).unwrap_or_default()) => shown.push_str("\\."),
            other => push_html(&mut shown, other, text.get(at..).unwrap_or_default()),
        }
    }
    shown
}

/// Text inside HTML that is part of Markdown: no tag, and no link or mention, which services look for in finished HTML.
#[must_use]
pub fn html(text: &str) -> String {
    let text = lines(text);
    let mut shown = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        match character {
            '"' => shown.push_str("&quot;"),
            '.' if ends_in_www(text.get(..at).unwrap_or_default()) => shown.push_str("&#8203;."),
            other => push_html(&mut shown, other, text.get(at..).unwrap_or_default()),
        }
    }
    shown
}

/// One character of HTML; `rest` begins with it. Services look for names behind `@`, numbers behind `#` and addresses behind `://` after
/// entities and backslashes are gone, so that an invisible space stands between.
fn push_html(out: &mut String, character: char, rest: &str) {
    match character {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '@' => out.push_str("&#64;&#8203;"),
        '#' => out.push_str("&#35;&#8203;"),
        ':' if rest.starts_with("://") => out.push_str("&#58;&#8203;"),
        ':' => out.push_str("&#58;"),
        other => out.push(other),
    }
}

fn ends_in_www(text: &str) -> bool {
    text.len().checked_sub(3).and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}
