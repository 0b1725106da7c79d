//! What can be wrong with what was typed, one variant per rule, and how the user is told.
//!
//! Knows nothing of fields or pages: the same mistake is found in a form, a row or a file.

pub(crate) mod errors;
pub(crate) mod words;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use solohttp_core::Locale;

use crate::validation::words::FormWords;

/// Why a text is not a value. It displays as a sentence for the person who typed it, in the
/// application's language: see [`FormWords`].
///
/// One form can have its own in [`RecordForm::wording`](crate::RecordForm::wording), one field
/// with `.message("…")`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValidationError {
    /// Nothing was typed or chosen.
    Missing,
    /// Fewer characters than asked for.
    TooShort {
        /// The fewest.
        least: usize,
        /// How many there are, in UTF-16 units as browsers count.
        is: usize,
    },
    /// More characters than there is room for.
    TooLong {
        /// The most.
        most: usize,
        /// How many there are, in UTF-16 units as browsers count.
        is: usize,
    },
    /// A NUL character, which no page can show.
    Unprintable,
    /// Not a number at all.
    NotANumber,
    /// A number but for its decimal mark: a comma where a point is expected, or a point where a
    /// comma is.
    WrongDecimalMark {
        /// The decimal mark of the application's [`Numerals`](solohttp_core::Numerals).
        mark: char,
    },
    /// A number whose marks are not where the application's numerals have them, so that it may be
    /// one number or another.
    WrongGroups {
        /// The mark between groups of three digits, if there is one.
        group: Option<char>,
        /// The decimal mark.
        decimal: char,
    },
    /// A number with a fraction where there can be none.
    NotWhole,
    /// A number with more decimals than are kept.
    TooManyDecimals {
        /// The most.
        most: u8,
    },
    /// A value below the least one allowed, written as it would be shown.
    TooSmall {
        /// The least.
        least: String,
    },
    /// A value above the greatest one allowed, written as it would be shown.
    TooLarge {
        /// The greatest.
        most: String,
    },
    /// A number between two steps.
    NotAStep {
        /// The step.
        step: String,
    },
    /// Not a date, or a day that the calendar does not have.
    NotADate,
    /// Not a time of day.
    NotATime,
    /// Not a date with a time.
    NotADateTime,
    /// Not a month.
    NotAMonth,
    /// Not a week.
    NotAWeek,
    /// Not a colour.
    NotAColor,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not an absolute URL.
    NotAUrl,
    /// A choice that is not, or no longer, among those offered.
    NoSuchChoice,
    /// Fewer choices, rows or files than asked for.
    TooFew {
        /// The fewest.
        least: usize,
    },
    /// More choices, rows or files than allowed.
    TooMany {
        /// The most.
        most: usize,
    },
    /// A file of more bytes than allowed.
    FileTooLarge {
        /// The name of the file, if several can be chosen.
        name: Option<String>,
        /// How many bytes it has.
        len: u64,
        /// The most bytes.
        most: u64,
    },
    /// A file that would fit, but not together with the others that were sent at once.
    NoRoomForFile {
        /// The name of the file.
        name: String,
        /// The most bytes of all files together.
        most: u64,
    },
    /// A file of another type than asked for.
    WrongFileType {
        /// The name of the file.
        name: String,
        /// The types that are accepted, as in the HTML attribute `accept`.
        accepted: String,
    },
    /// A file that was sent before and is not kept any longer.
    FileGone,
    /// A field that the user has changed, and somebody else too, in another way.
    ChangedMeanwhile {
        /// What it is now, as it would be shown; blank if it is.
        now: String,
    },
    /// A field that has again what the form was shown with, after another value was saved from the
    /// same page.
    SavedHere {
        /// What was saved, as it would be shown; blank if it is.
        now: String,
    },
    /// A record that was deleted while it was edited.
    DeletedMeanwhile,
    /// Outside of a range that goes over midnight.
    NotBetween {
        /// Where the range begins.
        least: String,
        /// Where it ends.
        most: String,
    },
    /// Not a whole number of steps, between these two.
    NotNear {
        /// The nearest value below.
        below: String,
        /// The nearest value above.
        above: String,
    },
    /// The same where only one of them is allowed.
    NotNearest {
        /// The nearest value.
        nearest: String,
    },
    /// The same was sent before and is saved.
    AlreadySaved,
    /// What is never shown has to be entered again.
    EnterAgain,
    /// Whatever else: a check of the application.
    Said(Cow<'static, str>),
}

impl ValidationError {
    /// The sentence for the user, in these words.
    #[must_use]
    pub fn say(&self, words: &FormWords) -> String {
        match self {
            Self::Missing => words.missing.say(&[]),
            Self::TooShort { least, is } => words.too_short.say(&[("least", least), ("is", is)]),
            Self::TooLong { most, is } => words.too_long.say(&[("most", most), ("is", is)]),
            Self::Unprintable => words.unprintable.say(&[]),
            Self::NoSuchChoice => words.no_such_choice.say(&[]),
            Self::TooFew { least } => words.too_few.say(&[("least", least)]),
            Self::TooMany { most } => words.too_many.say(&[("most", most)]),
            Self::FileTooLarge { name, len, most } => too_large(words, name.as_ref(), *len, *most),
            Self::NoRoomForFile { name, most } => {
                words.no_room_for_file.say(&[("name", name), ("most", &size(words, *most))])
            }
            Self::WrongFileType { name, accepted } => {
                words.wrong_file_type.say(&[("name", name), ("accepted", accepted)])
            }
            Self::FileGone => words.file_gone.say(&[]),
            Self::ChangedMeanwhile { now } if now.is_empty() => words.emptied_meanwhile.say(&[]),
            Self::ChangedMeanwhile { now } => words.changed_meanwhile.say(&[("value", now)]),
            Self::SavedHere { now } if now.is_empty() => words.emptied_here.say(&[]),
            Self::SavedHere { now } => words.saved_here.say(&[("value", now)]),
            Self::DeletedMeanwhile => words.deleted_meanwhile.say(&[]),
            Self::AlreadySaved => words.already_saved.say(&[]),
            Self::EnterAgain => words.enter_again.say(&[]),
            Self::Said(text) => text.to_string(),
            _ => self.say_of_value(words),
        }
    }

    /// The rest, all about what a text means.
    fn say_of_value(&self, words: &FormWords) -> String {
        match self {
            Self::NotANumber => words.not_a_number.say(&[]),
            Self::WrongDecimalMark { mark: '.' } => words.decimal_point.say(&[]),
            Self::WrongDecimalMark { mark } => words.decimal_comma.say(&[("mark", mark)]),
            Self::WrongGroups { group: Some(group), decimal } => {
                words.groups.say(&[("group", group), ("decimal", decimal)])
            }
            Self::WrongGroups { group: None, decimal } => {
                words.no_groups.say(&[("decimal", decimal)])
            }
            Self::NotWhole => words.not_whole.say(&[]),
            Self::TooManyDecimals { most } => words.too_many_decimals.say(&[("most", most)]),
            Self::TooSmall { least } => words.too_small.say(&[("least", least)]),
            Self::TooLarge { most } => words.too_large.say(&[("most", most)]),
            Self::NotAStep { step } => words.not_a_step.say(&[("step", step)]),
            Self::NotBetween { least, most } => {
                words.not_between.say(&[("least", least), ("most", most)])
            }
            Self::NotNear { below, above } => {
                words.not_near.say(&[("below", below), ("above", above)])
            }
            Self::NotNearest { nearest } => words.not_nearest.say(&[("nearest", nearest)]),
            Self::NotADate => words.not_a_date.say(&[]),
            Self::NotATime => words.not_a_time.say(&[]),
            Self::NotADateTime => words.not_a_date_time.say(&[]),
            Self::NotAMonth => words.not_a_month.say(&[]),
            Self::NotAWeek => words.not_a_week.say(&[]),
            Self::NotAColor => words.not_a_color.say(&[]),
            Self::NotAnEmail => words.not_an_email.say(&[]),
            Self::NotAUrl => words.not_a_url.say(&[]),
            // Told by `say`; listed so that the compiler finds a new variant that nobody tells.
            Self::Missing
            | Self::TooShort { .. }
            | Self::TooLong { .. }
            | Self::Unprintable
            | Self::NoSuchChoice
            | Self::TooFew { .. }
            | Self::TooMany { .. }
            | Self::FileTooLarge { .. }
            | Self::NoRoomForFile { .. }
            | Self::WrongFileType { .. }
            | Self::FileGone
            | Self::ChangedMeanwhile { .. }
            | Self::SavedHere { .. }
            | Self::DeletedMeanwhile
            | Self::AlreadySaved
            | Self::EnterAgain
            | Self::Said(_) => String::new(),
        }
    }
}

/// In the words of the thread's [`Locale`].
impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(&Locale::current::<FormWords>()))
    }
}

impl Error for ValidationError {}

fn too_large(words: &FormWords, name: Option<&String>, len: u64, most: u64) -> String {
    let (mut is, mut may) = (size(words, len), size(words, most));
    if is == may {
        // A byte too many should not read like the limit itself.
        (is, may) = (words.bytes.say(&[("number", &len)]), words.bytes.say(&[("number", &most)]));
    }
    match name {
        Some(name) => words.one_file_too_large.say(&[("name", name), ("is", &is), ("most", &may)]),
        None => words.file_too_large.say(&[("is", &is), ("most", &may)]),
    }
}

/// A number of bytes as people read it: `40 MB`, in steps of 1024 as file managers have them.
fn size(words: &FormWords, bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    if bytes < 1 << 10 {
        return words.bytes.say(&[("number", &bytes)]);
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

impl From<&'static str> for ValidationError {
    fn from(text: &'static str) -> Self {
        Self::Said(text.into())
    }
}

impl From<String> for ValidationError {
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
            assert_eq!(size(&FormWords::default(), bytes), expect);
        }
    }

    #[test]
    fn a_file_that_is_too_large_says_how_large() {
        let mistake =
            |len, most| ValidationError::FileTooLarge { name: None, len, most }.to_string();
        let expect = "The file is 40 MB, and no more than 16 MB can be kept here.";
        assert_eq!(mistake(40 << 20, 16 << 20), expect);
        let expect =
            "The file is 16777217 bytes, and no more than 16777216 bytes can be kept here.";
        assert_eq!(mistake((16 << 20) + 1, 16 << 20), expect);
    }
}
