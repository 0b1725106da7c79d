//! Months and weeks of a year, for which jiff has no types.

use std::fmt;

use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::lens::Lens;
use crate::lens::civil::digits;
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// A month of a year, for example `2025-03`.
///
/// ```
/// use solohttp_forms::lens::YearMonth;
/// let march = YearMonth::new(2025, 3).unwrap();
/// assert_eq!((march.year(), march.month(), march.to_string()), (2025, 3, "2025-03".into()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    year: i16,
    month: i8,
}

impl YearMonth {
    /// Returns `None` unless the year is between 0 and 9999 and the month is between 1 and 12.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        let fits = (0..=9999).contains(&year) && (1..=12).contains(&month);
        fits.then_some(Self { year, month })
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.month
    }

    fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        Self::new(digits(year, 4)?, digits(month, 2)?)
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A week of a year (ISO 8601), for example `2025-W14`.
///
/// ```
/// use solohttp_forms::{jiff::civil::date, lens::YearWeek};
/// let week = YearWeek::new(2025, 14).unwrap();
/// assert_eq!((week.year(), week.week(), week.monday()), (2025, 14, date(2025, 3, 31)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearWeek {
    year: i16,
    week: i8,
}

impl YearWeek {
    /// Returns `None` unless the year is between 0 and 9999 and contains this week. Only some years
    /// have a week 53.
    #[must_use]
    pub fn new(year: i16, week: i8) -> Option<Self> {
        let fits =
            (0..=9999).contains(&year) && ISOWeekDate::new(year, week, Weekday::Monday).is_ok();
        fits.then_some(Self { year, week })
    }

    /// The Monday of the week.
    ///
    /// # Panics
    /// Never: `new` only accepts weeks that exist.
    #[must_use]
    pub fn monday(self) -> Date {
        let monday = ISOWeekDate::new(self.year, self.week, Weekday::Monday);
        monday.expect("`new` checked that this date exists").date()
    }

    /// The ISO 8601 year of the week.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The week, 1 to 53.
    #[must_use]
    pub fn week(self) -> i8 {
        self.week
    }

    fn parse(text: &str) -> Option<Self> {
        let (year, week) = text.split_once("-W")?;
        Self::new(digits(year, 4)?, digits(week, 2)?)
    }
}

impl fmt::Display for YearWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

macro_rules! period_lens {
    ($(#[$doc:meta])* $Lens:ident, $Value:ident, $error:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default)]
        pub struct $Lens;

        impl Lens for $Lens {
            type Value = $Value;

            fn show(&self, value: &$Value) -> String {
                value.to_string()
            }

            fn parse(&self, text: &str) -> Result<$Value, ValidationError> {
                match text.trim() {
                    "" => Err(ValidationError::Missing),
                    text => $Value::parse(text).ok_or(ValidationError::$error),
                }
            }

            fn attributes(&self, attributes: &mut Attributes) {
                attributes.set_flag("required");
            }
        }
    };
}

period_lens! {
    /// `2025-03`.
    MonthLens, YearMonth, NotAMonth
}

period_lens! {
    /// `2025-W14`.
    WeekLens, YearWeek, NotAWeek
}
