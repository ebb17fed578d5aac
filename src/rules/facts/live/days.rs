//! Dates as an org writes them, in days from the day of the audit.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::inventory::Reason;

/// Days from a date such as `2026-02-01T09:00:00.000+0000` to `today`; negative for one that is to come.
///
/// # Errors
///
/// The text is no date. That is a reason not to know, never a date long ago or far away.
pub(super) fn since(text: &str, today: Date) -> Result<i64, Reason> {
    let moment = text.trim().parse::<Timestamp>().map(|moment| TimeZone::UTC.to_datetime(moment).date());
    let date = moment.or_else(|_| text.trim().parse::<Date>());
    let days = date.and_then(|date| date.until(today)).map(|span| i64::from(span.get_days()));
    days.map_err(|_| format!("`{text}` is no date that this version can read").into())
}

/// Days from `today` to a date.
///
/// # Errors
///
/// As [`since`].
pub(super) fn until(text: &str, today: Date) -> Result<i64, Reason> {
    since(text, today).map(|days| -days)
}
