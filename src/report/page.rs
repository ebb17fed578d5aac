//! A page to read: a title, and headed paragraphs that fit the terminal.

use super::style::{BOLD, DIM, Style, hang};
use super::untrusted;

/// A page as it is written, from top to bottom.
pub struct Page {
    text: String,
    style: Style,
}

impl Page {
    /// A page of its title, below the id of what it is about.
    #[must_use]
    pub fn new(id: &str, title: &str, style: Style) -> Self {
        let mut page = Self { text: String::new(), style };
        page.text.push_str(&style.paint(BOLD, &untrusted::line(id)));
        page.text.push('\n');
        hang(&mut page.text, style, "", BOLD, &untrusted::line(title));
        page
    }

    /// A line of facts about the whole.
    pub fn line(&mut self, text: &str) {
        self.text.push('\n');
        self.text.push_str(&self.style.paint(DIM, &untrusted::line(text)));
        self.text.push('\n');
    }

    /// Sentences below a heading, broken to fit. Nothing where there are none.
    pub fn prose(&mut self, heading: &str, text: &str) {
        if !text.trim().is_empty() {
            self.heading(heading);
            hang(&mut self.text, self.style, "  ", DIM, text.trim());
        }
    }

    /// Lines below a heading as they are, because somebody wants to copy them. Nothing where there are none.
    pub fn verbatim(&mut self, heading: &str, text: &str) {
        if !text.trim().is_empty() {
            self.heading(heading);
            for line in untrusted::lines(text.trim_end()).lines() {
                self.text.push_str("  ");
                self.text.push_str(line);
                self.text.push('\n');
            }
        }
    }

    /// Finished text, as a part of the page.
    pub(super) fn push(&mut self, heading: &str, text: &str) {
        if !text.is_empty() {
            self.heading(heading);
            self.text.push_str(text);
        }
    }

    /// The page.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    fn heading(&mut self, heading: &str) {
        self.text.push('\n');
        self.text.push_str(&self.style.paint(BOLD, heading));
        self.text.push('\n');
    }
}
