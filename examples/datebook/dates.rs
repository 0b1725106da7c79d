//! Dates in URLs and on pages, and times on pages.

use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan as _};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// The range of supported dates.
pub(crate) const FIRST: Date = jiff::civil::date(1900, 1, 1);
pub(crate) const LAST: Date = jiff::civil::date(2199, 12, 31);

/// The query of calendar pages: `?day=2026-03-31`. Other values are rejected before a handler runs.
#[derive(Debug, Deserialize)]
pub(crate) struct At {
    #[serde(default, deserialize_with = "supported_day")]
    pub(crate) day: Option<Date>,
}

fn supported_day<'de, D: Deserializer<'de>>(day: D) -> Result<Option<Date>, D::Error> {
    parse(&String::deserialize(day)?).map(Some).map_err(D::Error::custom)
}

/// Parses a day in the range of supported dates.
pub(crate) fn parse(text: &str) -> Result<Date, String> {
    match text.parse::<Date>() {
        Ok(day) if (FIRST..=LAST).contains(&day) => Ok(day),
        Ok(_) => Err(format!("{text} is not between {FIRST} and {LAST}")),
        Err(error) => Err(error.to_string()),
    }
}

/// Adds a span, but stays within the supported years.
pub(crate) fn later(day: Date, span: Span) -> Date {
    day.saturating_add(span).clamp(FIRST, LAST)
}

/// The Monday of the week that contains `day`.
pub(crate) fn monday(day: Date) -> Date {
    later(day, (-i64::from(day.weekday().to_monday_zero_offset())).days())
}

/// `Tuesday 31 March 2026`
pub(crate) fn long(day: Date) -> String {
    day.strftime("%A %-d %B %Y").to_string()
}

/// `31 March`, or `31 March 2027` if the year differs from that of `today`.
pub(crate) fn short(day: Date, today: Date) -> String {
    let form = if day.year() == today.year() { "%-d %B" } else { "%-d %B %Y" };
    day.strftime(form).to_string()
}

/// `March 2026`
pub(crate) fn month(day: Date) -> String {
    day.strftime("%B %Y").to_string()
}

/// `17:30`, as in the database.
pub(crate) fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weeks_begin_on_monday() {
        for day in 2..=8 {
            assert_eq!(monday(date(2026, 11, day)), date(2026, 11, 2), "{day}");
        }
        assert_eq!(monday(FIRST), FIRST, "and 1900 did");
    }

    #[test]
    fn days_of_addresses_are_days_of_the_book() {
        let day = |text: &str| parse(text).map(|day| day.to_string());
        assert_eq!(day("2026-02-28").as_deref(), Ok("2026-02-28"));
        for wrong in ["", "2026-02-29", "1899-12-31", "2200-01-01", "tomorrow", "-000001-01-01"] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn people_read_days_and_times() {
        assert_eq!(long(date(2026, 3, 31)), "Tuesday 31 March 2026");
        assert_eq!(short(date(2026, 3, 1), date(2026, 9, 1)), "1 March");
        assert_eq!(short(date(2027, 3, 1), date(2026, 9, 1)), "1 March 2027");
        assert_eq!(clock(jiff::civil::time(7, 5, 0, 0)), "07:05");
    }
}
