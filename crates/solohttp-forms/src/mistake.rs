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
    #[error("{}", too_large(name.as_deref(), *len, *most))]
    FileTooLarge {
        /// The name of the file, if several can be chosen.
        name: Option<String>,
        /// How many bytes it has.
        len: u64,
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

fn too_large(name: Option<&str>, len: u64, most: u64) -> String {
    let file = name.map_or("The file".to_owned(), |name| format!("The file {name}"));
    let (mut is, mut may) = (size(len), size(most));
    if is == may {
        // A byte too many should not read like the limit itself.
        (is, may) = (format!("{len} bytes"), format!("{most} bytes"));
    }
    format!("{file} is {is}, and no more than {may} can be kept here.")
}

/// A number of bytes as people read it: `40 MB`, in steps of 1024 as file managers have them.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    if bytes < 1 << 10 {
        return format!("{bytes} bytes");
    }
    // In tenths of the unit, rounded down, so that it is never more than there is.
    let mut tenths = u128::from(bytes) * 10 / 1024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    match (tenths / 10, tenths % 10) {
        (whole, 1..) if whole < 100 => format!("{whole}.{} {}", tenths % 10, UNITS[unit]),
        (whole, _) => format!("{whole} {}", UNITS[unit]),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_by_people() {
        for (bytes, expect) in [
            (0, "0 bytes"),
            (1_023, "1023 bytes"),
            (1_024, "1 KB"),
            (1_536, "1.5 KB"),
            (40 << 20, "40 MB"),
            ((16 << 20) + 1, "16 MB"),
            (40_000_000, "38.1 MB"),
            (4 << 30, "4 GB"),
            (700 << 20, "700 MB"),
            (u64::MAX, "16383 PB"),
        ] {
            assert_eq!(size(bytes), expect);
        }
    }

    #[test]
    fn a_file_that_is_too_large_says_how_large() {
        let mistake = |len, most| Mistake::FileTooLarge { name: None, len, most }.to_string();
        let expect = "The file is 40 MB, and no more than 16 MB can be kept here.";
        assert_eq!(mistake(40 << 20, 16 << 20), expect);
        let expect =
            "The file is 16777217 bytes, and no more than 16777216 bytes can be kept here.";
        assert_eq!(mistake((16 << 20) + 1, 16 << 20), expect);
    }
}
