//! The date format: names of months and weekdays, and the application's usual patterns.
//!
//! Converts ISO 8601 strings, the form in which dates are stored and serialized, to text for
//! people.

mod iso;
mod pattern;

use std::fmt;

use self::iso::{Instant, Offset};
use self::pattern::{Field, Item};
use crate::language::LocalePart;
use crate::{Locale, Numerals};

pub use self::pattern::{DatePattern, DatePatternError};

/// An application's date format; a part of its [`Locale`](crate::Locale).
///
/// The default is English: `31 March 2026`, `17:30`, `31 March 2026, 17:30`, `March 2026`.
///
/// ```
/// use solohttp_core::{DatePattern, Dates, Locale};
///
/// let german = Dates::new()
///     .months([
///         "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
///         "Oktober", "November", "Dezember",
///     ])
///     .weekdays([
///         "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag",
///     ])
///     .date("%-d. %B %Y")
///     .date_time("%-d. %B %Y, %H.%M Uhr");
/// Locale::new().with(german).install();
///
/// let dates = Locale::current::<Dates>();
/// assert_eq!(dates.show("2026-03-31", dates.date_pattern()).unwrap(), "31. März 2026");
/// let long = DatePattern::new("%A, %-d. %-m. %Y");
/// assert_eq!(dates.show("2026-03-31T17:30:00", &long).unwrap(), "Dienstag, 31. 3. 2026");
/// assert!(dates.show("31.3.2026", &long).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dates {
    months: [String; 12],
    standalone_months: Option<[String; 12]>,
    short_months: [String; 12],
    weekdays: [String; 7],
    short_weekdays: [String; 7],
    day_periods: [String; 2],
    date: DatePattern,
    time: DatePattern,
    date_time: DatePattern,
    month: DatePattern,
}

/// The error for a string that can't be shown with a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DateError {
    /// Not a date or time in ISO 8601 format.
    NotIso,
    /// In ISO 8601 format, but there is no such day or time, as in `2026-02-30`.
    OutOfRange,
    /// The pattern shows a date, and the string has only a time.
    NoDate,
    /// The pattern shows a day, and the string has only a year and a month.
    NoDay,
    /// The pattern shows a time, and the string has none.
    NoTime,
    /// The pattern shows the offset from UTC, and the string has none.
    NoOffset,
    /// The string ends in `Z`, so the user's time is unknown, and the pattern doesn't show that the
    /// time is in UTC.
    Utc,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotIso => "not a date or time in ISO 8601 format",
            Self::OutOfRange => "no such day or time",
            Self::NoDate => "it has no date",
            Self::NoDay => "it has no day",
            Self::NoTime => "it has no time",
            Self::NoOffset => "it has no offset from UTC",
            Self::Utc => "it is in UTC: convert it to the user's time, or show the offset (`%Z`)",
        })
    }
}

impl std::error::Error for DateError {}

impl Default for Dates {
    fn default() -> Self {
        let months = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let weekdays =
            ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        Self {
            months: months.map(str::to_owned),
            standalone_months: None,
            short_months: months.map(|name| name[..3].to_owned()),
            weekdays: weekdays.map(str::to_owned),
            short_weekdays: weekdays.map(|name| name[..3].to_owned()),
            day_periods: ["AM", "PM"].map(str::to_owned),
            date: DatePattern::new("%-d %B %Y"),
            time: DatePattern::new("%H:%M"),
            date_time: DatePattern::new("%-d %B %Y, %H:%M"),
            month: DatePattern::new("%OB %Y"),
        }
    }
}

impl LocalePart for Dates {}

/// Defines a setter for a pattern and its getter.
macro_rules! patterns {
    ($($(#[$doc:meta])* $set:ident, $get:ident, $what:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// # Panics
        /// If the [pattern](DatePattern) is invalid.
        #[must_use]
        #[track_caller]
        pub fn $set(self, pattern: &str) -> Self {
            Self { $set: DatePattern::new(pattern), ..self }
        }

        #[doc = concat!("The pattern for ", $what, ".")]
        #[must_use]
        pub fn $get(&self) -> &DatePattern {
            &self.$set
        }
    )*};
}

impl Dates {
    /// Creates the English format.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the names of the months, January first, as they are written in a date. Also sets the
    /// short names to these; see [`short_months`](Self::short_months).
    #[must_use]
    pub fn months(self, names: [&str; 12]) -> Self {
        let names = names.map(str::to_owned);
        Self { short_months: names.clone(), months: names, standalone_months: None, ..self }
    }

    /// Sets the names of the months for patterns without a day (`%OB`), in languages where they
    /// differ: Polish has `31 marca 2026` and `marzec 2026`. Call it after
    /// [`months`](Self::months).
    #[must_use]
    pub fn standalone_months(self, names: [&str; 12]) -> Self {
        Self { standalone_months: Some(names.map(str::to_owned)), ..self }
    }

    /// Sets the short names of the months. Call it after [`months`](Self::months).
    #[must_use]
    pub fn short_months(self, names: [&str; 12]) -> Self {
        Self { short_months: names.map(str::to_owned), ..self }
    }

    /// Sets the names of the weekdays, Monday first. Also sets the short names to these; see
    /// [`short_weekdays`](Self::short_weekdays).
    #[must_use]
    pub fn weekdays(self, names: [&str; 7]) -> Self {
        let names = names.map(str::to_owned);
        Self { short_weekdays: names.clone(), weekdays: names, ..self }
    }

    /// Sets the short names of the weekdays. Call it after [`weekdays`](Self::weekdays).
    #[must_use]
    pub fn short_weekdays(self, names: [&str; 7]) -> Self {
        Self { short_weekdays: names.map(str::to_owned), ..self }
    }

    /// Sets the words for the hours before and after noon in a 12-hour clock.
    #[must_use]
    pub fn day_periods(self, am: &str, pm: &str) -> Self {
        Self { day_periods: [am, pm].map(str::to_owned), ..self }
    }

    patterns! {
        /// Sets the pattern for dates. The default is `%-d %B %Y`.
        date, date_pattern, "dates";
        /// Sets the pattern for times. The default is `%H:%M`.
        time, time_pattern, "times";
        /// Sets the pattern for dates with a time. The default is `%-d %B %Y, %H:%M`.
        date_time, date_time_pattern, "dates with a time";
        /// Sets the pattern for months. The default is `%OB %Y`.
        month, month_pattern, "months";
    }

    /// Formats an ISO 8601 date or time: `2026-03-31`, `17:30`, `2026-03-31T17:30:00`, the same
    /// with a space, with an offset (`+02:00`) and a time zone (`[Europe/Berlin]`), or `2026-03`.
    ///
    /// The time is shown as written, without a conversion to another time zone.
    ///
    /// # Errors
    /// If the string isn't an ISO 8601 date or time, or lacks a part that the pattern shows.
    pub fn show(&self, iso: &str, pattern: &DatePattern) -> Result<String, DateError> {
        let instant = check(iso, pattern)?;
        let mut shown = String::new();
        // Writing to a String doesn't fail.
        let _ = self.fill(&instant, pattern, &mut shown);
        Ok(shown)
    }

    /// Like [`show`](Self::show), but writes to `out`. Writes nothing if the result is an error.
    /// Ignores errors of `out`.
    ///
    /// # Errors
    /// Same as [`show`](Self::show).
    pub fn write(
        &self,
        iso: &str,
        pattern: &DatePattern,
        out: &mut dyn fmt::Write,
    ) -> Result<(), DateError> {
        let instant = check(iso, pattern)?;
        let _ = self.fill(&instant, pattern, out);
        Ok(())
    }

    fn fill(
        &self,
        instant: &Instant,
        pattern: &DatePattern,
        out: &mut dyn fmt::Write,
    ) -> fmt::Result {
        for item in &pattern.items {
            match item {
                Item::Text(text) => out.write_str(text)?,
                Item::Number(field, is_padded) => {
                    let (value, width) = field.of(instant);
                    let width = if *is_padded { width } else { 1 };
                    write_padded(value, width, out)?;
                }
                Item::Name(field) => out.write_str(self.name(*field, instant))?,
                Item::Lower => {
                    out.write_str(&self.name(Field::DayPeriod, instant).to_lowercase())?;
                }
                Item::Fraction(digits) => {
                    out.write_char(Locale::current::<Numerals>().decimal_mark())?;
                    let nanos = format!("{:09}", instant.time.map_or(0, |time| time.nanos));
                    out.write_str(&nanos[..usize::from(*digits)])?;
                }
                Item::Offset(style) => write_offset(instant.offset, *style, out)?,
            }
        }
        Ok(())
    }

    fn name(&self, field: Field, instant: &Instant) -> &str {
        let index = usize::try_from(field.of(instant).0).unwrap_or_default();
        match field {
            Field::Weekday => &self.weekdays[index - 1],
            Field::ShortWeekday => &self.short_weekdays[index - 1],
            Field::ShortMonth => &self.short_months[index - 1],
            Field::StandaloneMonth => {
                &self.standalone_months.as_ref().unwrap_or(&self.months)[index - 1]
            }
            Field::DayPeriod => &self.day_periods[index],
            _ => &self.months[index - 1],
        }
    }
}

/// Parses the string, and checks that it has the parts that the pattern shows.
fn check(iso: &str, pattern: &DatePattern) -> Result<Instant, DateError> {
    let instant = Instant::parse(iso)?;
    let needs = pattern.needs;
    if needs.date && instant.date.is_none() {
        return Err(DateError::NoDate);
    }
    if needs.day && instant.date.is_some_and(|date| date.day == 0) {
        return Err(DateError::NoDay);
    }
    if needs.time && instant.time.is_none() {
        return Err(DateError::NoTime);
    }
    match instant.offset {
        None if needs.offset => Err(DateError::NoOffset),
        Some(Offset::Utc) if !needs.offset => Err(DateError::Utc),
        _ => Ok(instant),
    }
}

fn write_padded(value: i64, width: usize, out: &mut dyn fmt::Write) -> fmt::Result {
    let sign = if value < 0 { "-" } else { "" };
    write!(out, "{sign}{:0width$}", value.unsigned_abs())
}

/// How an offset from UTC is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OffsetStyle {
    /// `+0200`
    Plain,
    /// `+02:00`
    Colon,
    /// `UTC` or `UTC+02:00`
    Name,
}

fn write_offset(
    offset: Option<Offset>,
    style: OffsetStyle,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let minutes = match offset {
        Some(Offset::Minutes(minutes)) => minutes,
        Some(Offset::Utc) | None => 0,
    };
    if style == OffsetStyle::Name {
        out.write_str("UTC")?;
        if minutes == 0 {
            return Ok(());
        }
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    let colon = if style == OffsetStyle::Plain { "" } else { ":" };
    let minutes = minutes.unsigned_abs();
    write!(out, "{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests;
