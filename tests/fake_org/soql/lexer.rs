//! Words of a query.

use super::super::error::ApiError;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name with dots, a keyword, a number, a date.
    Word(String),
    /// A string, without quotes and escapes.
    Text(String),
    Sign(&'static str),
}

/// Stands before a `%` or `_` that `LIKE` is to take literally.
pub(super) const ESCAPE: char = '\u{e000}';

const SIGNS: [&str; 11] = ["<=", ">=", "!=", "<>", "=", "<", ">", "(", ")", ",", ":"];

/// The tokens with their places.
pub(super) fn tokens(query: &str) -> Result<Vec<(Token, usize)>, ApiError> {
    let chars: Vec<char> = query.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        if chars[at].is_whitespace() {
            at += 1;
        } else if chars[at] == '\'' {
            let (text, end) = string(query, &chars, at)?;
            tokens.push((Token::Text(text), start));
            at = end;
        } else if is_word(chars[at]) {
            while at < chars.len() && (is_word(chars[at]) || chars[at] == ':' && is_time(&chars[start..at])) {
                at += 1;
            }
            tokens.push((Token::Word(chars[start..at].iter().collect()), start));
        } else {
            let rest: String = chars[at..].iter().take(2).collect();
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            let sign =
                sign.ok_or_else(|| ApiError::at("MALFORMED_QUERY", query, at, format!("unexpected char: '{}'", chars[at])))?;
            tokens.push((Token::Sign(sign), start));
            at += sign.len();
        }
    }
    Ok(tokens)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+')
}

/// The colons within `2026-06-01T12:00:00Z` belong to the word, the one of `LAST_N_DAYS:30` does not.
fn is_time(word: &[char]) -> bool {
    word.first().is_some_and(char::is_ascii_digit)
}

fn string(query: &str, chars: &[char], start: usize) -> Result<(String, usize), ApiError> {
    let mut text = String::new();
    let mut at = start + 1;
    while let Some(&c) = chars.get(at) {
        at += 1;
        match c {
            '\'' => return Ok((text, at)),
            '\\' => {
                let escaped = chars.get(at).copied().unwrap_or('\\');
                at += 1;
                if matches!(escaped, '%' | '_') {
                    text.push(ESCAPE);
                }
                text.push(match escaped {
                    'n' | 'N' => '\n',
                    'r' | 'R' => '\r',
                    't' | 'T' => '\t',
                    'b' | 'B' => '\u{8}',
                    'f' | 'F' => '\u{c}',
                    '\\' | '\'' | '"' | '%' | '_' => escaped,
                    'u' => {
                        let code: String = chars.iter().skip(at).take(4).collect();
                        at += 4;
                        let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                        code.ok_or_else(|| illegal(query, start))?
                    }
                    _ => return Err(illegal(query, start)),
                });
            }
            _ => text.push(c),
        }
    }
    Err(ApiError::at("MALFORMED_QUERY", query, start, "expecting a single quote, found '<EOF>'"))
}

fn illegal(query: &str, at: usize) -> ApiError {
    ApiError::at("MALFORMED_QUERY", query, at, "Illegal string literal: invalid string escape")
}
