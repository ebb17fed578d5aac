//! Texts as people paste them: quotes made curly by an editor, colours of a terminal, other letter case, a full stop too many.

/// The text in one line of lower-case words with straight quotes, without terminal colours and without what ends or encloses a sentence.
pub(super) fn plain(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let text = without_colours(text).replace("&#39;", "'").replace("&apos;", "'");
    for character in text.chars().flat_map(char::to_lowercase) {
        match straight(character) {
            character if character.is_whitespace() || character.is_control() => {
                if !words.is_empty() && !words.ends_with(' ') {
                    words.push(' ');
                }
            }
            character => words.push(character),
        }
    }
    words.trim_matches(|c: char| matches!(c, ' ' | '"' | '\'' | '.' | ',' | ';' | '!')).to_owned()
}

/// The straight form of a curly quote.
pub(super) const fn straight(character: char) -> char {
    match character {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '`' | '\u{b4}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => '"',
        other => other,
    }
}

/// Whether `words` holds `phrase`, not as a part of longer words. Both are plain.
pub(super) fn holds(words: &str, phrase: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    !phrase.is_empty()
        && words.match_indices(phrase).any(|(at, _)| {
            let (before, after) = (words.get(..at).unwrap_or_default(), words.get(at + phrase.len()..).unwrap_or_default());
            !before.ends_with(is_word) && !after.starts_with(is_word)
        })
}

/// The text without the escapes that colour a terminal (`ESC [ … m` and the like).
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let parameters = piece.find(|c: char| !matches!(c, '0'..='9' | ';' | ':' | '?')).unwrap_or(piece.len());
        let rest = piece.get(parameters..).unwrap_or_default();
        kept.push_str(rest.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest));
    }
    kept
}
