//! Two-way maps between values and the text in controls, and the laws that these maps obey.
//!
//! This module is independent of field names and labels. It produces no HTML except the attributes
//! that configure the browser's own checks.

pub(crate) mod choice;
pub(crate) mod choices;
mod civil;
mod idn;
pub(crate) mod invisible;
mod limits;
mod number;
mod optional;
mod pattern;
mod period;
mod special;
mod text;
mod through;
mod ticks;

use std::fmt::{self, Debug};

use solohttp_core::Numerals;

pub(crate) use choice::{Choice, label};
pub(crate) use choices::Choices;
pub use civil::{DateLens, DateTimeLens, TimeLens};
pub use limits::{AtLeast, AtMost, Limit, Stepped, Steps, Within};
pub use number::{FixedPoint, Number, NumberLens};
pub use optional::Optional;
pub use pattern::Pattern;
pub use period::{MonthLens, WeekLens, YearMonth, YearWeek};
pub use special::{Color, ColorLens, Email, UrlLens, UrlValue};
pub use text::{MaxLength, MinLength, Required, Text, Textual, Trim};
pub use through::{Check, Reworded, Through};

use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// A two-way map between a value and text.
///
/// Every lens in this crate obeys two laws, and custom lenses should too. Test them with
/// [`check_value`] and [`check_text`].
/// - For each value that `parse` can return, `parse(show(value)) == Ok(value)`.
/// - If `parse` accepts a string, the resulting value survives a round trip through `show` and
///   `parse`.
///
/// ```
/// use solohttp_forms::lens::{self, Lens};
/// use solohttp_forms::ValidationError;
///
/// /// Minutes in the format `1:30`.
/// struct Duration;
///
/// impl Lens for Duration {
///     type Value = u32;
///
///     fn show(&self, minutes: &u32) -> String {
///         format!("{}:{:02}", minutes / 60, minutes % 60)
///     }
///
///     fn parse(&self, text: &str) -> Result<u32, ValidationError> {
///         let (hours, minutes) = text.split_once(':').ok_or("Enter a time such as 1:30.")?;
///         let number = |text: &str| text.parse::<u32>().map_err(|_| ValidationError::NotANumber);
///         Ok(number(hours)? * 60 + number(minutes)?)
///     }
/// }
///
/// lens::check_value(&Duration, &90);
/// lens::check_text(&Duration, "1:90");
/// ```
pub trait Lens: 'static {
    /// The type of the value.
    type Value: 'static;

    /// Formats a value.
    fn show(&self, value: &Self::Value) -> String;

    /// Writes what [`show`](Self::show) returns.
    #[doc(hidden)]
    fn write(&self, value: &Self::Value, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(&self.show(value))
    }

    /// Parses text.
    ///
    /// # Errors
    /// If the text is invalid. The error is shown to the user as a sentence.
    fn parse(&self, text: &str) -> Result<Self::Value, ValidationError>;

    /// Sets the HTML attributes that make browsers enforce the same rules.
    fn attributes(&self, attributes: &mut Attributes) {
        let _ = attributes;
    }

    /// Whether values wrap around, as times of day do. If so, the end of a range may be less than
    /// its start.
    fn is_cyclic(&self) -> bool {
        false
    }

    /// Whether this value means that the field is blank. Limits apply only to other values.
    fn is_absent(&self, value: &Self::Value) -> bool {
        let _ = value;
        false
    }

    /// The choices, if the value comes from a list.
    fn choices(&self) -> Option<&[Choice]> {
        None
    }

    /// The number format of the text, if it is a number. Numbers in a CSV file, which may have
    /// another format, are converted to this one.
    fn numerals(&self) -> Option<Numerals> {
        None
    }
}

/// Asserts the first law for one value: its text parses as the same value.
///
/// Call this function from `proptest`, `quickcheck` or a plain loop.
///
/// # Panics
/// If the lens violates this law. The message contains the value, its text and the result.
#[track_caller]
pub fn check_value<L: Lens<Value: PartialEq + Debug>>(lens: &L, value: &L::Value) {
    let text = lens.show(value);
    let back = lens.parse(&text);
    assert!(
        back.as_ref() == Ok(value),
        "the lens shows {value:?} as {text:?}, but parses that as {back:?}"
    );
}

/// Asserts the second law for one string: if it is valid, its value survives a round trip.
///
/// # Panics
/// If the lens violates this law.
#[track_caller]
pub fn check_text<L: Lens<Value: PartialEq + Debug>>(lens: &L, text: &str) {
    if let Ok(value) = lens.parse(text) {
        check_value(lens, &value);
    }
}
