//! Which apps a contract is about.

use globset::{GlobBuilder, GlobMatcher};

/// The full name of one app, or a glob for several. Upper and lower case are different, as they are in full names.
#[derive(Clone, Debug)]
pub struct AppPattern(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Exact(String),
    Glob(GlobMatcher),
    /// A glob of nothing but wildcards for any number of characters.
    Any,
}

impl AppPattern {
    /// The app of this full name.
    #[must_use]
    pub fn exact(name: impl Into<String>) -> Self {
        Self(Kind::Exact(name.into()))
    }

    /// Reads a name, or a glob if one of `* ? [ ] { } \` is in it. Full names have none of these.
    ///
    /// # Errors
    ///
    /// What is wrong with the glob, as a clause.
    pub fn new(written: &str) -> Result<Self, String> {
        if !written.contains(['*', '?', '[', ']', '{', '}', '\\']) {
            return Ok(Self::exact(written));
        }
        if written.chars().all(|character| character == '*') {
            return Ok(Self(Kind::Any));
        }
        // Said in full because the default of `backslash_escape` differs between systems.
        GlobBuilder::new(written)
            .case_insensitive(false)
            .literal_separator(false)
            .backslash_escape(true)
            .build()
            .map(|glob| Self(Kind::Glob(glob.compile_matcher())))
            .map_err(|error| error.kind().to_string())
    }

    /// How a policy names the app of this full name and no other: what has a meaning in a glob is marked as having none.
    #[must_use]
    pub fn literal(app_name: &str) -> String {
        app_name.chars().fold(String::with_capacity(app_name.len()), |mut literal, character| {
            if "*?[]{}\\".contains(character) {
                literal.push('\\');
            }
            literal.push(character);
            literal
        })
    }

    /// Whether it is about the app of this full name.
    #[must_use]
    pub fn matches(&self, app_name: &str) -> bool {
        match &self.0 {
            Kind::Exact(name) => name == app_name,
            Kind::Glob(glob) => glob.is_match(app_name),
            Kind::Any => true,
        }
    }

    /// Whether it names one app.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        matches!(self.0, Kind::Exact(_))
    }

    /// Whether it is about every app, whatever its name.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        matches!(self.0, Kind::Any)
    }
}
