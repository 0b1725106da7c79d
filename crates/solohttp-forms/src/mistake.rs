//! What can be wrong with what was typed, one variant per rule, and how the user is told.
//!
//! Knows nothing of fields or pages: the same mistake is found in a form, a row or a file.

use std::borrow::Cow;

use thiserror::Error;

/// Why a text is not a value. It shows as a sentence for the person who typed it.
///
/// To say it otherwise or in another language, match on it in
/// [`RecordForm::wording`](crate::RecordForm::wording); for one field, use `.message("…")` there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Mistake {
    /// Nothing was typed or chosen.
    #[error("This may not be blank.")]
    Missing,
    /// Fewer characters than asked for.
    #[error("Please write at least {least} characters: there are {is}.")]
    TooShort {
        /// The fewest.
        least: usize,
        /// How many there are, in UTF-16 units as browsers count.
        is: usize,
    },
    /// More characters than there is room for.
    #[error("Please write at most {most} characters: there are {is}.")]
    TooLong {
        /// The most.
        most: usize,
        /// How many there are, in UTF-16 units as browsers count.
        is: usize,
    },
    /// A NUL character, which no page can show.
    #[error("This holds a character that cannot be kept.")]
    Unprintable,
    /// Not a number at all.
    #[error("Please write a number.")]
    NotANumber,
    /// A number but for its comma, where a point is expected.
    #[error("Please write the decimals behind a point, not a comma.")]
    DecimalComma,
    /// A number with a fraction where there can be none.
    #[error("Please write a whole number.")]
    NotWhole,
    /// A number with more decimals than are kept.
    #[error("Please write at most {most} decimals.")]
    TooManyDecimals {
        /// The most.
        most: u8,
    },
    /// A value below the least one allowed, written as it would be shown.
    #[error("This must be {least} or more.")]
    TooSmall {
        /// The least.
        least: String,
    },
    /// A value above the greatest one allowed, written as it would be shown.
    #[error("This must be {most} or less.")]
    TooLarge {
        /// The greatest.
        most: String,
    },
    /// A number between two steps.
    #[error("Please go in steps of {step}.")]
    NotAStep {
        /// The step.
        step: String,
    },
    /// Not a date, or a day that the calendar does not have.
    #[error("Please write a date of the calendar as year-month-day, such as 2025-03-31.")]
    NotADate,
    /// Not a time of day.
    #[error("Please write a time such as 17:30.")]
    NotATime,
    /// Not a date with a time.
    #[error("Please write a date and a time such as 2025-03-31T17:30.")]
    NotADateTime,
    /// Not a month.
    #[error("Please write a month as year-month, such as 2025-03.")]
    NotAMonth,
    /// Not a week.
    #[error("Please write a week of a year such as 2025-W14.")]
    NotAWeek,
    /// Not a colour.
    #[error("Please write a colour as # and six digits, such as #ff8000.")]
    NotAColor,
    /// Not an e-mail address.
    #[error("Please write an e-mail address such as name@example.org.")]
    NotAnEmail,
    /// Not an absolute URL.
    #[error("Please write a whole address such as https://example.org/.")]
    NotAUrl,
    /// A choice that is not, or no longer, among those offered.
    #[error("This choice is not available: please choose again.")]
    NoSuchChoice,
    /// Fewer choices, rows or files than asked for.
    #[error("There must be at least {least}.")]
    TooFew {
        /// The fewest.
        least: usize,
    },
    /// More choices, rows or files than allowed.
    #[error("There can be at most {most}.")]
    TooMany {
        /// The most.
        most: usize,
    },
    /// A file of more bytes than allowed.
    #[error("The file {name} is larger than {most} bytes.")]
    FileTooLarge {
        /// The name of the file.
        name: String,
        /// The most bytes.
        most: u64,
    },
    /// A file of another type than asked for.
    #[error("The file {name} is not of the type asked for ({accepted}).")]
    WrongFileType {
        /// The name of the file.
        name: String,
        /// The types that are accepted, as in the HTML attribute `accept`.
        accepted: String,
    },
    /// A file that was sent before and is not kept any longer.
    #[error("The file is no longer here: please choose it again.")]
    FileGone,
    /// Whatever else: a check of the application.
    #[error("{0}")]
    Said(Cow<'static, str>),
}

impl From<&'static str> for Mistake {
    fn from(text: &'static str) -> Self {
        Self::Said(text.into())
    }
}

impl From<String> for Mistake {
    fn from(text: String) -> Self {
        Self::Said(text.into())
    }
}
