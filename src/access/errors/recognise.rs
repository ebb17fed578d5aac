//! A pasted error looked up in the catalogue: what it is, and the conditions that can be behind it.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::file::Likely;
use super::pasted::{self, Said};
use super::wording::{holds, plain};
use super::{Answer, Catalogue, Condition, Confidence};

/// How alike an unknown text must be to a known one, from 0 to 1, to be taken for a slip.
const ALIKE: f64 = 0.75;
/// Characters of an unknown text that are shown.
const SHOWN: usize = 160;
/// Bytes of an unknown text that may be a slip; every known one is shorter.
const LONGEST_SLIP: usize = 120;
/// What stands in a text where a secret may have been.
const HIDDEN: &str = "[hidden]";

/// What a pasted text is.
///
/// Nothing of the pasted text is in it but a code, and the description where the catalogue does not have it; of that what could be a token
/// or a secret is left out.
#[derive(Clone, Debug, Default)]
pub struct Recognised<'a> {
    /// `error`.
    pub error: Option<String>,
    /// `error_description`, in the catalogue's spelling where it has it.
    pub description: Option<String>,
    /// Whether the catalogue has it.
    pub known: bool,
    /// The conditions that can be behind it, the most likely first. Where the catalogue does not have it, those with the same code.
    pub suspects: Vec<Suspect<'a>>,
    /// A text of the catalogue that the unknown one may have been meant to be.
    pub nearest: Option<&'a str>,
}

/// A condition that can be behind an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspect<'a> {
    /// The condition.
    pub condition: &'a Condition,
    /// Its answer with this text or code; none where it is suspected for another reason.
    pub answer: Option<&'a Answer>,
    /// How sure it is that the condition is answered so.
    pub confidence: Confidence,
    /// Why that is believed, as a sentence.
    pub basis: &'a str,
}

impl Answer {
    /// The words of the answer: its description, or the error where that is a text and no code.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.description.as_deref().or_else(|| self.error.contains(' ').then_some(self.error.as_str()))
    }

    /// Whether its `error` is this code.
    fn has_code(&self, code: &str) -> bool {
        self.error.eq_ignore_ascii_case(code.trim())
    }
}

impl<'a> Suspect<'a> {
    fn of(condition: &'a Condition, answer: &'a Answer) -> Self {
        Self { condition, answer: Some(answer), confidence: answer.confidence, basis: &answer.basis }
    }
}

impl Catalogue {
    /// What a pasted text is: JSON, XML, form encoding or an address, alone or in a log, or only the code or the description of an error.
    #[must_use]
    pub fn recognise(&self, text: &str) -> Recognised<'_> {
        let text = pasted::cut(text);
        let said = pasted::read(text);
        if let Some(known) = said.iter().find_map(|said| self.known(said)) {
            return known;
        }
        let words = plain(text);
        // What has a code in a form of errors is an error with an unknown text, and its code alone would explain too much.
        let coded = said.first().filter(|said| said.error.is_some());
        let code = if coded.is_none() { self.code_in(&words) } else { None };
        match (self.text_in(&words, 2), code, said.first()) {
            (Some(text), code, _) => self.of_text(text, code.or(coded.and_then(|said| said.error.as_deref()))),
            (None, Some(code), _) => self.of_code_alone(code, None),
            (None, None, Some(said)) => self.unknown(said),
            // The words of a short text may be a slip of a known one; nothing of it is told.
            (None, None, None) => Recognised { nearest: self.nearest(text), ..Recognised::default() },
        }
    }

    fn known(&self, said: &Said) -> Option<Recognised<'_>> {
        let code = said.error.as_deref();
        if let Some(text) = said.description.as_deref().and_then(|text| self.text_in(&plain(text), 1)) {
            return Some(self.of_text(text, code));
        }
        let code = code?;
        if let Some(text) = self.text_in(&plain(code), 2) {
            return Some(self.of_text(text, None));
        }
        let is_known = self.answers().any(|(_, answer)| answer.has_code(code));
        (is_known && (said.description.is_none() || self.is_telling(code)))
            .then(|| self.of_code_alone(code, said.description.as_deref()))
    }

    /// A code of the catalogue, whatever text came with it.
    fn of_code_alone(&self, code: &str, description: Option<&str>) -> Recognised<'_> {
        let suspects = self.of_code(code);
        let answer = suspects.first().and_then(|suspect| suspect.answer);
        let (error, description) = (answer.map(|answer| answer.error.clone()), description.map(shown));
        Recognised { error, description, known: true, suspects, nearest: None }
    }

    /// The first word of plain words that is a code of the catalogue. What has no underscore may be any word.
    fn code_in<'t>(&self, words: &'t str) -> Option<&'t str> {
        let mut candidates = words.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| word.contains('_'));
        candidates.find(|word| self.answers().any(|(_, answer)| answer.has_code(word)))
    }

    /// The longest text of the catalogue, of at least so many words, that plain words are or hold.
    fn text_in(&self, words: &str, least: usize) -> Option<&str> {
        let held = self.texts.iter().filter(|(text, _)| text.split(' ').count() >= least && (text == words || holds(words, text)));
        held.max_by_key(|(text, _)| text.len()).map(|(_, written)| written.as_str())
    }

    /// A text of the catalogue, with the code it was pasted with.
    fn of_text<'a>(&'a self, text: &'a str, code: Option<&str>) -> Recognised<'a> {
        let has_text = |answer: &&Answer| answer.text() == Some(text);
        let mut suspects: Vec<Suspect<'_>> = Vec::new();
        for condition in &self.conditions {
            let mut answers = condition.answers.iter().filter(has_text);
            let first = answers.clone().next();
            let with_code = answers.find(|answer| code.is_some_and(|code| answer.has_code(code)));
            suspects.extend(with_code.or(first).map(|answer| Suspect::of(condition, answer)));
        }
        match self.shared.iter().find(|shared| shared.text == text) {
            Some(shared) => suspects = shared.conditions.iter().filter_map(|likely| self.suspect(likely, &suspects)).collect(),
            None => suspects.sort_by_key(|suspect| Reverse(suspect.confidence)),
        }
        let known_code =
            suspects.iter().filter_map(|suspect| suspect.answer).find(|answer| code.is_some_and(|code| answer.has_code(code)));
        let error = known_code.map(|answer| answer.error.clone()).or_else(|| code.and_then(code_shown));
        Recognised { error, description: Some(text.to_owned()), known: true, suspects, nearest: None }
    }

    /// A condition that the order of a text names: as its own answer with the text has it, or for the reason given there.
    fn suspect<'a>(&'a self, likely: &'a Likely, own: &[Suspect<'a>]) -> Option<Suspect<'a>> {
        let known = own.iter().find(|suspect| suspect.condition.id == likely.id).copied();
        known.or_else(|| {
            let (condition, basis) = (self.get(&likely.id)?, likely.basis.as_deref()?);
            Some(Suspect { condition, answer: None, confidence: Confidence::Low, basis })
        })
    }

    /// The conditions that are answered with a code, the surest first.
    fn of_code(&self, code: &str) -> Vec<Suspect<'_>> {
        let of = |condition: &'_ Condition| condition.answers.iter().position(|answer| answer.has_code(code));
        let mut suspects: Vec<Suspect<'_>> = Vec::new();
        for condition in &self.conditions {
            let answer = of(condition).and_then(|at| condition.answers.get(at));
            suspects.extend(answer.map(|answer| Suspect::of(condition, answer)));
        }
        suspects.sort_by_key(|suspect| Reverse(suspect.confidence));
        suspects
    }

    /// Whether a code tells the condition whatever text comes with it: the catalogue has it with one text at most, and is sure of one.
    fn is_telling(&self, code: &str) -> bool {
        let answers: Vec<&Answer> = self.answers().map(|(_, answer)| answer).filter(|answer| answer.has_code(code)).collect();
        let texts: BTreeSet<&str> = answers.iter().filter_map(|answer| answer.description.as_deref()).collect();
        texts.len() <= 1 && answers.iter().any(|answer| answer.confidence > Confidence::Low)
    }

    fn unknown(&self, said: &Said) -> Recognised<'_> {
        Recognised {
            error: said.error.as_deref().and_then(code_shown),
            description: said.description.as_deref().map(shown),
            known: false,
            suspects: said.error.as_deref().map(|code| self.of_code(code)).unwrap_or_default(),
            nearest: said.description.as_deref().or(said.error.as_deref()).and_then(|text| self.nearest(text)),
        }
    }

    /// The text or code of the catalogue that is most like an unknown one.
    fn nearest(&self, text: &str) -> Option<&str> {
        if text.len() > LONGEST_SLIP {
            return None;
        }
        let words = plain(text);
        let codes = self.answers().map(|(_, answer)| answer.error.as_str());
        let candidates = self.texts.iter().map(|(_, written)| written.as_str()).chain(codes);
        // Texts whose lengths differ more than that are not worth comparing.
        let comparable = candidates.filter(|known| known.len().abs_diff(words.len()) * 2 <= words.len());
        let alike = comparable.map(|known| (strsim::normalized_damerau_levenshtein(&words, &plain(known)), known));
        let near = alike.filter(|(likeness, _)| *likeness >= ALIKE);
        near.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known)
    }
}

/// A code that the catalogue does not have, if it looks like one: letters and underscores. Anything else may be a secret.
fn code_shown(code: &str) -> Option<String> {
    let code = code.trim();
    let is_code = !code.is_empty() && code.len() <= 64 && code.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    is_code.then(|| code.to_owned())
}

/// A text that the catalogue does not have: cut, and without words that are too long or too mixed for a sentence and may be secrets.
fn shown(text: &str) -> String {
    let looks_secret = |word: &str| {
        let length = word.chars().count();
        length > 40 || (length >= 12 && word.chars().any(|c| c.is_ascii_digit()))
    };
    let words: Vec<&str> = text.split_whitespace().map(|word| if looks_secret(word) { HIDDEN } else { word }).collect();
    let words = words.join(" ");
    match words.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}
