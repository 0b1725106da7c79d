//! Validation errors and their sentences. This module is independent of fields and pages.

pub(crate) mod errors;
pub(crate) mod words;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use solohttp_core::{Locale, Sentence};

use crate::validation::words::FormWords;

/// An error in the user's input, with one variant per rule. Displayed as a sentence in the
/// application's language: see [`FormWords`].
///
/// A form can change these sentences with [`RecordForm::wording`](crate::RecordForm::wording), and
/// a single entry with `.message("…")`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValidationError {
    /// Nothing was entered or chosen.
    Missing,
    /// Too few characters.
    TooShort {
        /// The minimum.
        min: usize,
        /// The length of the input, in UTF-16 code units as in browsers.
        len: usize,
    },
    /// Too many characters.
    TooLong {
        /// The maximum.
        max: usize,
        /// The length of the input, in UTF-16 code units as in browsers.
        len: usize,
    },
    /// A NUL character, which a page can't contain.
    Unprintable,
    /// Not a number.
    NotANumber,
    /// A number with a comma instead of a decimal point, or the other way around.
    WrongDecimalMark {
        /// The decimal mark of the application's [`Numerals`](solohttp_core::Numerals).
        mark: char,
    },
    /// A number that is ambiguous because its separators are in the wrong places.
    WrongGroups {
        /// The thousands separator, if any.
        group: Option<char>,
        /// The decimal mark.
        decimal: char,
    },
    /// A number with a fraction where an integer is required.
    NotWhole,
    /// A number with too many decimals.
    TooManyDecimals {
        /// The maximum.
        max: u8,
    },
    /// A value below the minimum.
    TooSmall {
        /// The minimum, formatted like the value.
        min: String,
    },
    /// A value above the maximum.
    TooLarge {
        /// The maximum, formatted like the value.
        max: String,
    },
    /// A value that is not a whole number of steps from the minimum or from zero.
    NotAStep {
        /// The step.
        step: String,
    },
    /// Not a valid date.
    NotADate,
    /// Not a valid time of day.
    NotATime,
    /// Not a valid date with a time.
    NotADateTime,
    /// Not a valid month.
    NotAMonth,
    /// Not a valid week.
    NotAWeek,
    /// Not a color.
    NotAColor,
    /// Not an email address.
    NotAnEmail,
    /// Not an absolute URL.
    NotAUrl,
    /// Not one of the choices, or no longer one.
    NoSuchChoice,
    /// Text in a CSV file that isn't one of the choices.
    NotOneOf {
        /// The text.
        text: String,
        /// The labels of the choices, or of the first of them.
        choices: String,
    },
    /// Text in a CSV file that says neither that a box is checked nor that it isn't.
    NotYesOrNo {
        /// The text.
        text: String,
    },
    /// Text in a CSV file that isn't a number in the file's number format.
    NotInNumberFormat {
        /// The text.
        text: String,
        /// A number in this format.
        example: &'static str,
    },
    /// Too few choices, rows or files.
    TooFew {
        /// The minimum.
        min: usize,
    },
    /// Too many choices, rows or files.
    TooMany {
        /// The maximum.
        max: usize,
    },
    /// A file that is too large.
    FileTooLarge {
        /// The name of the file, if the field takes several files.
        name: Option<String>,
        /// The size of the file in bytes.
        len: u64,
        /// The maximum size in bytes.
        max: u64,
    },
    /// A file that, together with the other files that were sent, exceeds the limit.
    NoRoomForFile {
        /// The name of the file.
        name: String,
        /// The maximum total size of all files, in bytes.
        max: u64,
    },
    /// A file that isn't a PNG, JPEG, GIF or WebP image.
    NotAnImage {
        /// The name of the file, if the field takes several files.
        name: Option<String>,
    },
    /// A file of a type that isn't accepted.
    WrongFileType {
        /// The name of the file.
        name: String,
        /// The accepted types, as in the HTML attribute `accept`.
        accepted: String,
    },
    /// A file that was sent earlier and is no longer stored.
    FileExpired,
    /// A field that was also changed elsewhere, to a different value.
    ChangedElsewhere {
        /// The saved value as text; blank if it is empty.
        value: String,
    },
    /// A field that was sent with its original value, although the same page had already saved a
    /// different one.
    SavedHere {
        /// The saved value as text; blank if it is empty.
        value: String,
    },
    /// The record was deleted while it was being edited.
    Deleted,
    /// The file that was stored in this field was deleted together with the record.
    FileDeleted,
    /// A time outside a range that spans midnight.
    NotBetween {
        /// The start of the range.
        min: String,
        /// The end of the range.
        max: String,
    },
    /// A value between two allowed ones.
    NotNear {
        /// The nearest allowed value below.
        below: String,
        /// The nearest allowed value above.
        above: String,
    },
    /// A value with only one nearest allowed value. The nearest step on the other side is out of
    /// range.
    NotNearest {
        /// The nearest allowed value.
        nearest: String,
    },
    /// The same submission has already been saved.
    AlreadySaved,
    /// A secret, which is never shown, has to be entered again.
    EnterAgain,
    /// A value that another record already has, although it must be unique.
    Taken,
    /// Several values that another record already has together, although they must be unique.
    TakenTogether,
    /// A value that the database doesn't allow.
    NotAllowed,
    /// Several values that the database doesn't allow together.
    NotAllowedTogether,
    /// A record that can't be deleted, because others refer to it.
    InUse,
    /// An error from the application's own checks.
    Custom(Cow<'static, str>),
}

impl ValidationError {
    /// The sentence to show to the user, taken from these words.
    pub(crate) fn message(&self, words: &FormWords) -> String {
        self.sentence(words).into_owned()
    }

    /// The same, without copying it if it has no values.
    pub(crate) fn sentence<'a>(&'a self, words: &'a FormWords) -> Cow<'a, str> {
        match self {
            Self::Missing => say(&words.missing, &[]),
            Self::TooShort { min, len } => say(&words.too_short, &[("min", min), ("len", len)]),
            Self::TooLong { max, len } => say(&words.too_long, &[("max", max), ("len", len)]),
            Self::Unprintable => say(&words.unprintable, &[]),
            Self::NoSuchChoice => say(&words.no_such_choice, &[]),
            Self::TooFew { min } => say(&words.too_few, &[("min", min)]),
            Self::TooMany { max } => say(&words.too_many, &[("max", max)]),
            Self::FileTooLarge { name, len, max } => {
                too_large(words, name.as_ref(), *len, *max).into()
            }
            Self::NoRoomForFile { name, max } => {
                say(&words.no_room_for_file, &[("name", name), ("max", &size(words, *max))])
            }
            Self::WrongFileType { name, accepted } => {
                say(&words.wrong_file_type, &[("name", name), ("accepted", accepted)])
            }
            Self::NotAnImage { name: None } => say(&words.not_an_image, &[]),
            Self::NotAnImage { name: Some(name) } => {
                say(&words.one_not_an_image, &[("name", name)])
            }
            Self::FileExpired => say(&words.file_expired, &[]),
            Self::ChangedElsewhere { value } if value.is_empty() => {
                say(&words.emptied_elsewhere, &[])
            }
            Self::ChangedElsewhere { value } => say(&words.changed_elsewhere, &[("value", value)]),
            Self::SavedHere { value } if value.is_empty() => say(&words.emptied_here, &[]),
            Self::SavedHere { value } => say(&words.saved_here, &[("value", value)]),
            Self::Deleted => say(&words.deleted, &[]),
            Self::FileDeleted => say(&words.file_deleted, &[]),
            Self::AlreadySaved => say(&words.already_saved, &[]),
            Self::EnterAgain => say(&words.enter_again, &[]),
            Self::Taken => say(&words.taken, &[]),
            Self::TakenTogether => say(&words.taken_together, &[]),
            Self::NotAllowed => say(&words.not_allowed, &[]),
            Self::NotAllowedTogether => say(&words.not_allowed_together, &[]),
            Self::InUse => say(&words.in_use, &[]),
            Self::Custom(text) => text.as_ref().into(),
            Self::NotOneOf { text, choices } => {
                say(&words.not_one_of, &[("text", text), ("choices", choices)])
            }
            Self::NotYesOrNo { text } => {
                let (yes, no) = (words.csv_checked(true), words.csv_checked(false));
                say(&words.not_yes_or_no, &[("text", text), ("yes", &yes), ("no", &no)])
            }
            Self::NotInNumberFormat { text, example } => {
                say(&words.not_in_number_format, &[("text", text), ("example", example)])
            }
            _ => self.message_about_value(words),
        }
    }

    /// The remaining sentences, which are all about a single value.
    fn message_about_value<'a>(&'a self, words: &'a FormWords) -> Cow<'a, str> {
        match self {
            Self::NotANumber => say(&words.not_a_number, &[]),
            Self::WrongDecimalMark { mark: '.' } => say(&words.decimal_point, &[]),
            Self::WrongDecimalMark { mark } => say(&words.decimal_comma, &[("mark", mark)]),
            Self::WrongGroups { group: Some(group), decimal } => {
                say(&words.groups, &[("group", group), ("decimal", decimal)])
            }
            Self::WrongGroups { group: None, decimal } => {
                say(&words.no_groups, &[("decimal", decimal)])
            }
            Self::NotWhole => say(&words.not_whole, &[]),
            Self::TooManyDecimals { max } => say(&words.too_many_decimals, &[("max", max)]),
            Self::TooSmall { min } => say(&words.too_small, &[("min", min)]),
            Self::TooLarge { max } => say(&words.too_large, &[("max", max)]),
            Self::NotAStep { step } => say(&words.not_a_step, &[("step", step)]),
            Self::NotBetween { min, max } => say(&words.not_between, &[("min", min), ("max", max)]),
            Self::NotNear { below, above } => {
                say(&words.not_near, &[("below", below), ("above", above)])
            }
            Self::NotNearest { nearest } => say(&words.not_nearest, &[("nearest", nearest)]),
            Self::NotADate => say(&words.not_a_date, &[]),
            Self::NotATime => say(&words.not_a_time, &[]),
            Self::NotADateTime => say(&words.not_a_date_time, &[]),
            Self::NotAMonth => say(&words.not_a_month, &[]),
            Self::NotAWeek => say(&words.not_a_week, &[]),
            Self::NotAColor => say(&words.not_a_color, &[]),
            Self::NotAnEmail => say(&words.not_an_email, &[]),
            Self::NotAUrl => say(&words.not_a_url, &[]),
            // Handled by `message`. The variants are listed, so that a new one without a sentence
            // is a compile error.
            Self::Missing
            | Self::TooShort { .. }
            | Self::TooLong { .. }
            | Self::Unprintable
            | Self::NoSuchChoice
            | Self::NotOneOf { .. }
            | Self::NotYesOrNo { .. }
            | Self::NotInNumberFormat { .. }
            | Self::TooFew { .. }
            | Self::TooMany { .. }
            | Self::FileTooLarge { .. }
            | Self::NoRoomForFile { .. }
            | Self::WrongFileType { .. }
            | Self::NotAnImage { .. }
            | Self::FileExpired
            | Self::ChangedElsewhere { .. }
            | Self::SavedHere { .. }
            | Self::Deleted
            | Self::FileDeleted
            | Self::AlreadySaved
            | Self::EnterAgain
            | Self::Taken
            | Self::TakenTogether
            | Self::NotAllowed
            | Self::NotAllowedTogether
            | Self::InUse
            | Self::Custom(_) => Cow::default(),
        }
    }
}

/// Uses the words from the thread's [`Locale`].
impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(&Locale::current::<FormWords>()))
    }
}

impl Error for ValidationError {}

/// Formats a sentence. Most have no values, so they are borrowed.
fn say<'a>(sentence: &'a Sentence, values: &[(&str, &dyn fmt::Display)]) -> Cow<'a, str> {
    match sentence.text() {
        Some(text) if values.is_empty() => text.into(),
        _ => sentence.say(values).into(),
    }
}

fn too_large(words: &FormWords, name: Option<&String>, len: u64, max: u64) -> String {
    let (mut file, mut limit) = (size(words, len), size(words, max));
    if file == limit {
        // The size of a file that is one byte too large should not look the same as the limit.
        let bytes = |number: &u64| words.bytes.say(&[("number", number)]);
        (file, limit) = (bytes(&len), bytes(&max));
    }
    match name {
        Some(name) => {
            words.one_file_too_large.say(&[("name", name), ("size", &file), ("max", &limit)])
        }
        None => words.file_too_large.say(&[("size", &file), ("max", &limit)]),
    }
}

/// Formats a number of bytes in units of 1024, as file managers do, for example `40 MB`.
fn size(words: &FormWords, bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    if bytes < 1 << 10 {
        return words.bytes.say(&[("number", &bytes)]);
    }
    // In tenths of the unit, rounded down, so that the result never exceeds the actual size.
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
        Self::Custom(text.into())
    }
}

impl From<String> for ValidationError {
    fn from(text: String) -> Self {
        Self::Custom(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
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
    fn a_file_that_is_too_large_shows_its_size() {
        let error = |len, max| ValidationError::FileTooLarge { name: None, len, max }.to_string();
        let expect = "The file is too large (40 MB; the limit is 16 MB).";
        assert_eq!(error(40 << 20, 16 << 20), expect);
        let expect = "The file is too large (16777217 bytes; the limit is 16777216 bytes).";
        assert_eq!(error((16 << 20) + 1, 16 << 20), expect);
    }
}
