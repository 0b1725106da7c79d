//! The application's language: replaceable sentences, number and date formats.

mod dates;
mod locale;
mod numerals;
pub(crate) mod sentence;
mod words;

pub use self::dates::{DateError, DatePattern, DatePatternError, Dates};
pub use self::locale::{Locale, LocalePart};
pub use self::numerals::{NumeralError, Numerals};
pub use self::sentence::{Sentence, Values};
pub use self::words::{Oaths, ServerWords};

#[doc(hidden)]
pub use self::sentence::check_sentence;
