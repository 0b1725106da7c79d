//! Dates and times in the formats of `<input>` (WHATWG HTML section 2.3.5).
//!
//! This file checks the exact format, because a lenient parser would accept `1230` as a time. jiff
//! checks that the date exists in the calendar.

use jiff::civil::{Date, DateTime, Time};

use crate::lens::Lens;
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// `2025-03-31`.
#[derive(Debug, Clone, Copy, Default)]
pub struct DateLens;

/// `17:30`. Seconds and their fractions are included only if they aren't zero.
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeLens;

/// `2025-03-31T17:30`.
#[derive(Debug, Clone, Copy, Default)]
pub struct DateTimeLens;

macro_rules! civil_lens {
    ($Lens:ident, $Value:ident, $show:ident, $parse:ident, $error:ident, $round:literal) => {
        impl Lens for $Lens {
            type Value = $Value;

            fn show(&self, value: &$Value) -> String {
                $show(*value)
            }

            fn parse(&self, text: &str) -> Result<$Value, ValidationError> {
                match text.trim() {
                    "" => Err(ValidationError::Missing),
                    text => $parse(text).ok_or(ValidationError::$error),
                }
            }

            fn attributes(&self, attributes: &mut Attributes) {
                attributes.set_flag("required");
            }

            fn is_cyclic(&self) -> bool {
                $round
            }
        }
    };
}

civil_lens!(DateLens, Date, show_date, parse_date, NotADate, false);
civil_lens!(TimeLens, Time, show_time, parse_time, NotATime, true);
civil_lens!(DateTimeLens, DateTime, show_date_time, parse_date_time, NotADateTime, false);

fn show_date(date: Date) -> String {
    date.to_string()
}

/// Also accepts jiff's format for negative years: a sign and six digits. No browser has a picker
/// for them, but a record with such a year can be edited as text.
fn parse_date(text: &str) -> Option<Date> {
    if text.starts_with('-') {
        return text.parse().ok();
    }
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    Date::new(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?).ok()
}

fn show_time(time: Time) -> String {
    if time.second() == 0 && time.subsec_nanosecond() == 0 {
        return format!("{:02}:{:02}", time.hour(), time.minute());
    }
    time.to_string()
}

fn parse_time(text: &str) -> Option<Time> {
    let (hour, rest) = text.split_once(':')?;
    let (minute, seconds) = rest.split_once(':').unwrap_or((rest, "00"));
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let nanoseconds = format!("{fraction:0<9}");
    let is_valid = !fraction.is_empty() && nanoseconds.len() == 9;
    let nanosecond = if is_valid { digits(&nanoseconds, 9)? } else { return None };
    // jiff would parse a leap second as the second before it.
    let second: i8 = digits(second, 2).filter(|second| *second < 60)?;
    Time::new(digits(hour, 2)?, digits(minute, 2)?, second, nanosecond).ok()
}

fn show_date_time(value: DateTime) -> String {
    format!("{}T{}", show_date(value.date()), show_time(value.time()))
}

fn parse_date_time(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once(['T', ' '])?;
    Some(DateTime::from_parts(parse_date(date)?, parse_time(time)?))
}

/// Parses exactly `count` digits, with no sign or whitespace.
pub(super) fn digits<N: std::str::FromStr>(text: &str, count: usize) -> Option<N> {
    let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}
