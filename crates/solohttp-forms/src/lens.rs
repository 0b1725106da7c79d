//! The two-way map between a native value and the text of a control, and its laws.
//!
//! Knows nothing of names, labels or HTML beyond the attributes a lens brings along.

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

use std::fmt::Debug;

pub use civil::{DateLens, DateTimeLens, TimeLens};
pub use limits::{AtLeast, AtMost, Stepped, Steps, Within};
pub use number::{FixedPoint, Number, NumberLens};
pub use optional::Optional;
pub use pattern::Pattern;
pub use period::{MonthLens, WeekLens, YearMonth, YearWeek};
pub use special::{Color, ColorLens, Email, UrlLens, UrlValue};
pub use text::{MaxLength, MinLength, Required, Text, Textual, Trim};
pub use through::{Check, Reworded, Through};

use crate::element::choice::Labelled;
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// A two-way map between a native value and text.
///
/// Two laws hold for every lens here, and should for yours; [`check_value`] and [`check_text`]
/// test them.
/// - For each value the lens can make: `parse(show(value)) == Ok(value)`.
/// - For each text it accepts, showing the value and parsing it again gives the same value.
///
/// ```
/// use solohttp_forms::lens::{self, Lens};
/// use solohttp_forms::ValidationError;
///
/// /// Minutes, written as `1:30`.
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
///         let (hours, minutes) = text.split_once(':').ok_or("Please write hours:minutes.")?;
///         let number = |text: &str| text.parse::<u32>().map_err(|_| ValidationError::NotANumber);
///         Ok(number(hours)? * 60 + number(minutes)?)
///     }
/// }
///
/// lens::check_value(&Duration, &90);
/// lens::check_text(&Duration, "1:90");
/// ```
pub trait Lens: 'static {
    /// The native value.
    type Value: 'static;

    /// The text for a value.
    fn show(&self, value: &Self::Value) -> String;

    /// The value of a text.
    ///
    /// # Errors
    /// What is wrong with the text; the user sees it as a sentence.
    fn parse(&self, text: &str) -> Result<Self::Value, ValidationError>;

    /// Sets the HTML attributes that make a browser check the same rule.
    fn attributes(&self, attributes: &mut Attributes) {
        let _ = attributes;
    }

    /// Do the values go round, as the times of a day do? Then a range may begin late and end early.
    fn goes_round(&self) -> bool {
        false
    }

    /// The choices, if the value is one of a list.
    fn choices(&self) -> Option<&[Labelled]> {
        None
    }
}

/// Asserts the first law for one value: what is shown reads back as the same.
///
/// Feed it from `proptest`, `quickcheck` or a plain loop.
///
/// # Panics
/// If the lens breaks the law; the message shows value, text and outcome.
#[track_caller]
pub fn check_value<L: Lens<Value: PartialEq + Debug>>(lens: &L, value: &L::Value) {
    let text = lens.show(value);
    let back = lens.parse(&text);
    assert!(
        back.as_ref() == Ok(value),
        "the lens shows {value:?} as {text:?} but reads that as {back:?}"
    );
}

/// Asserts the second law for one text: if it is a value, that value survives being shown.
///
/// # Panics
/// If the lens breaks the law.
#[track_caller]
pub fn check_text<L: Lens<Value: PartialEq + Debug>>(lens: &L, text: &str) {
    if let Ok(value) = lens.parse(text) {
        check_value(lens, &value);
    }
}
