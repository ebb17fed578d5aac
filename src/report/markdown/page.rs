//! A page that has room for so many characters, and takes whole entries only.

/// Characters as GitHub may count them at most: those outside the basic plane twice.
pub(super) fn size(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A page that is being filled.
pub(super) struct Page {
    out: String,
    room: usize,
    /// Room that is kept for what stands further down.
    reserved: usize,
}

/// A heading, entries below it, and what ends it. Where not all entries fit, a line says how many more there are.
#[derive(Default)]
pub(super) struct Section {
    pub(super) head: String,
    pub(super) entries: Vec<String>,
    /// What there is more of: one, many.
    pub(super) what: [&'static str; 2],
    pub(super) foot: String,
}

impl Page {
    pub(super) const fn new(room: usize) -> Self {
        Self { out: String::new(), room, reserved: 0 }
    }

    /// What can still be written.
    pub(super) const fn left(&self) -> usize {
        self.room.saturating_sub(self.reserved)
    }

    /// Keeps room for a text that is pushed later.
    pub(super) fn reserve(&mut self, text: &str) {
        self.reserved += size(text);
    }

    /// Gives reserved room back.
    pub(super) fn release(&mut self, text: &str) {
        self.reserved = self.reserved.saturating_sub(size(text));
    }

    /// Writes a text for which there is room.
    pub(super) fn push(&mut self, text: &str) {
        self.room = self.room.saturating_sub(size(text));
        self.out.push_str(text);
    }

    /// Writes as much of a section as fits into this room and the page; returns how many of its entries that are.
    pub(super) fn section(&mut self, section: &Section, room: usize) -> usize {
        let room = room.min(self.left());
        let shown = section.fitting(room);
        self.push(&section.with(shown, room));
        shown
    }

    /// The text, with one line end.
    pub(super) fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        self.out
    }
}

impl Section {
    /// As much as fits.
    pub(super) fn fit(&self, room: usize) -> String {
        self.with(self.fitting(room), room)
    }

    /// How many of the entries fit, with the line that counts the others.
    fn fitting(&self, room: usize) -> usize {
        let frame = size(&self.head) + size(&self.foot);
        let all: usize = self.entries.iter().map(|entry| size(entry)).sum();
        if frame + all <= room {
            return self.entries.len();
        }
        let mut left = room.saturating_sub(frame + size(&self.more(self.entries.len())));
        let fits = |entry: &&String| {
            let fits = size(entry) <= left;
            left = left.saturating_sub(size(entry));
            fits
        };
        self.entries.iter().take_while(fits).count()
    }

    /// The section with so many of its entries; nothing where there are none, or not even the frame fits.
    fn with(&self, shown: usize, room: usize) -> String {
        let hidden = self.entries.len() - shown;
        let more = if hidden == 0 { String::new() } else { self.more(hidden) };
        let text =
            [self.head.as_str(), &self.entries.iter().take(shown).map(String::as_str).collect::<String>(), &more, &self.foot]
                .concat();
        if self.entries.is_empty() || size(&text) > room { String::new() } else { text }
    }

    fn more(&self, count: usize) -> String {
        let [one, many] = self.what;
        format!("\nand {count} more {}\n", if count == 1 { one } else { many })
    }
}
