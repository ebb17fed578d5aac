//! Lengths of time as policies and refresh tokens have them: `90 days`, `3 months`.

use std::fmt;

use super::oauth::PeriodUnit;

/// A number of hours, days or months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: PeriodUnit,
}

impl Period {
    /// Reads a number and a unit: `12 hours`, `1 day`, `90 days`, `3 months`. Letter case does not matter.
    #[must_use]
    pub fn from_words(written: &str) -> Option<Self> {
        let mut words = written.split_whitespace();
        let (count, unit, rest) = (words.next()?, words.next()?, words.next());
        let unit = match unit.to_ascii_lowercase().as_str() {
            "hour" | "hours" => PeriodUnit::Hours,
            "day" | "days" => PeriodUnit::Days,
            "month" | "months" => PeriodUnit::Months,
            _ => return None,
        };
        let count = count.parse().ok()?;
        rest.is_none().then_some(Self { count, unit })
    }

    /// Its length in hours; a month counts 31 days, its longest.
    #[must_use]
    pub fn hours(self) -> u64 {
        let hours = match self.unit {
            PeriodUnit::Hours => 1,
            PeriodUnit::Days => 24,
            PeriodUnit::Months => 31 * 24,
        };
        u64::from(self.count) * hours
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            PeriodUnit::Hours => "hour",
            PeriodUnit::Days => "day",
            PeriodUnit::Months => "month",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}
