//! The application's language: replaceable sentences, and the number format.

mod locale;
mod numerals;
pub(crate) mod sentence;
mod words;

pub use self::locale::{Locale, LocalePart};
pub use self::numerals::{NumeralError, Numerals};
pub use self::sentence::{Sentence, Values};
pub use self::words::{Oaths, ServerWords};

#[doc(hidden)]
pub use self::sentence::check_sentence;
