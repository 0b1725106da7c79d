//! Minimum, maximum and steps for numbers, dates, times and other ordered values.
//!
//! The inner lens formats the limits, so the HTML attributes `min` and `max` match the Rust values.
//! Limits apply to values, never to a blank field: whether it is allowed is up to `optional` and
//! `required`.

use std::fmt;

use solohttp_core::Numerals;

use crate::lens::Lens;
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// A limit for values of type `V`: another such value. For `Option<V>`, the limit can be a `V` too.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` can't limit a field of type `{V}`",
    label = "expected a value of type `{V}`, with or without its `Some`"
)]
pub trait Limit<V> {
    /// Converts the limit to the type of the values.
    fn into_limit(self) -> V;
}

impl<V> Limit<V> for V {
    fn into_limit(self) -> V {
        self
    }
}

impl<V> Limit<Option<V>> for V {
    fn into_limit(self) -> Option<V> {
        Some(self)
    }
}

/// Whether `lens` has a value here that isn't blank, and a limit that isn't blank either.
fn applies<L: Lens>(lens: &L, value: &L::Value, limit: &L::Value) -> bool {
    !lens.is_absent(value) && !lens.is_absent(limit)
}

macro_rules! bound {
    ($(#[$doc:meta])* $Name:ident, $attribute:literal, $is_wrong:expr, $error:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $Name<L: Lens> {
            pub(crate) lens: L,
            pub(crate) bound: L::Value,
        }

        impl<L: Lens<Value: PartialOrd>> Lens for $Name<L> {
            type Value = L::Value;

            fn show(&self, value: &L::Value) -> String {
                self.lens.show(value)
            }

            fn write(&self, value: &L::Value, out: &mut dyn fmt::Write) -> fmt::Result {
                self.lens.write(value, out)
            }

            fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
                let value = self.lens.parse(text)?;
                if applies(&self.lens, &value, &self.bound) && $is_wrong(&value, &self.bound) {
                    return Err($error(self.lens.show(&self.bound)));
                }
                Ok(value)
            }

            fn attributes(&self, attributes: &mut Attributes) {
                self.lens.attributes(attributes);
                if !self.lens.is_absent(&self.bound) {
                    attributes.set($attribute, self.lens.show(&self.bound));
                }
            }

            fn is_absent(&self, value: &L::Value) -> bool {
                self.lens.is_absent(value)
            }

            fn numerals(&self) -> Option<Numerals> {
                self.lens.numerals()
            }
        }
    };
}

bound! {
    /// Rejects values below a minimum.
    AtLeast, "min", |value, min| value < min, |min| ValidationError::TooSmall { min }
}

bound! {
    /// Rejects values above a maximum.
    AtMost, "max", |value, max| value > max, |max| ValidationError::TooLarge { max }
}

/// Rejects values outside a range. If the minimum is greater than the maximum, the range spans
/// midnight.
#[derive(Debug, Clone)]
pub struct Within<L: Lens> {
    pub(crate) lens: L,
    pub(crate) min: L::Value,
    pub(crate) max: L::Value,
}

impl<L: Lens<Value: PartialOrd>> Lens for Within<L> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        self.lens.show(value)
    }

    fn write(&self, value: &L::Value, out: &mut dyn fmt::Write) -> fmt::Result {
        self.lens.write(value, out)
    }

    fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
        let Self { lens, min, max } = self;
        let value = lens.parse(text)?;
        if lens.is_absent(&value) {
            return Ok(value);
        }
        let (is_low, is_high) = (value < *min, value > *max);
        if min > max {
            // A reversed range (WHATWG HTML 4.10.5.3.7).
            let ends = || (lens.show(min), lens.show(max));
            return match (is_low && is_high).then(ends) {
                Some((min, max)) => Err(ValidationError::NotBetween { min, max }),
                None => Ok(value),
            };
        }
        match (is_low, is_high) {
            (true, _) => Err(ValidationError::TooSmall { min: lens.show(min) }),
            (_, true) => Err(ValidationError::TooLarge { max: lens.show(max) }),
            _ => Ok(value),
        }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
        attributes.set("min", self.lens.show(&self.min));
        attributes.set("max", self.lens.show(&self.max));
    }

    fn is_absent(&self, value: &L::Value) -> bool {
        self.lens.is_absent(value)
    }

    fn numerals(&self) -> Option<Numerals> {
        self.lens.numerals()
    }
}

/// Values that can be restricted to multiples of a step: numbers, dates and times.
pub trait Steps: PartialOrd + Sized {
    /// The type of a step: a number of the same type, a number of days, months or weeks, or a
    /// duration.
    type Step: 'static;

    /// Whether this value is a whole number of steps from the base, or from HTML's default base if
    /// there is none.
    fn is_on_step(&self, base: Option<&Self>, step: &Self::Step) -> bool;

    /// The nearest allowed values below and above, if known.
    fn nearest(&self, base: Option<&Self>, step: &Self::Step) -> [Option<Self>; 2] {
        let _ = (base, step);
        [None, None]
    }

    /// The value of the HTML attribute `step`. If the step has the same type as the value, `show`
    /// formats it.
    fn attribute(step: &Self::Step, show: impl Fn(&Self) -> String) -> String;
}

macro_rules! whole_steps {
    ($($Int:ty)*) => {$(
        impl Steps for $Int {
            type Step = Self;

            fn attribute(step: &Self, show: impl Fn(&Self) -> String) -> String {
                show(step)
            }

            fn is_on_step(&self, base: Option<&Self>, step: &Self) -> bool {
                // Compares remainders, because the difference between two values can overflow.
                let rest = |value: &Self| value.checked_rem(*step).unwrap_or(0);
                let (one, other) = (rest(self), rest(base.unwrap_or(&0)));
                one == other || one.abs_diff(other) == step.abs_diff(0)
            }
        }
    )*};
}

whole_steps!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl Steps for f64 {
    type Step = Self;

    fn attribute(step: &Self, show: impl Fn(&Self) -> String) -> String {
        show(step)
    }

    fn is_on_step(&self, base: Option<&Self>, step: &Self) -> bool {
        let steps = (self - base.unwrap_or(&0.0)) / step;
        // In IEEE 754, 0.3 is not exactly three times 0.1.
        (steps - steps.round()).abs() < 1e-6
    }
}

/// A blank field is on every step.
impl<V: Steps + Clone> Steps for Option<V> {
    type Step = V::Step;

    fn attribute(step: &V::Step, show: impl Fn(&Self) -> String) -> String {
        V::attribute(step, |value| show(&Some(value.clone())))
    }

    fn is_on_step(&self, base: Option<&Self>, step: &V::Step) -> bool {
        let base = base.and_then(Self::as_ref);
        self.as_ref().is_none_or(|value| value.is_on_step(base, step))
    }

    fn nearest(&self, base: Option<&Self>, step: &V::Step) -> [Option<Self>; 2] {
        let base = base.and_then(Self::as_ref);
        match self {
            Some(value) => value.nearest(base, step).map(|near| near.map(Some)),
            None => [None, None],
        }
    }
}

/// Rejects values that aren't a whole number of steps from the minimum, or from zero if there is no
/// minimum.
pub struct Stepped<L: Lens<Value: Steps>> {
    lens: L,
    step: <L::Value as Steps>::Step,
    /// The minimum that the lens allows, if any.
    base: Option<L::Value>,
}

impl<L: Lens<Value: Steps>> std::fmt::Debug for Stepped<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stepped").field("step", &self.step_text()).finish_non_exhaustive()
    }
}

impl<L: Lens<Value: Steps>> Stepped<L> {
    pub(crate) fn new(lens: L, step: <L::Value as Steps>::Step) -> Self {
        // WHATWG HTML 4.10.5.3.8: the step base is the minimum, if there is one. The minimum is
        // parsed from its attribute, because lenses in between may have converted the value to
        // another type.
        let mut attributes = Attributes::new();
        lens.attributes(&mut attributes);
        let base = attributes.get("min").and_then(|min| lens.parse(min).ok());
        Self { lens, step, base }
    }

    fn step_text(&self) -> String {
        L::Value::attribute(&self.step, |value| self.lens.show(value))
    }

    fn error(&self, value: &L::Value) -> ValidationError {
        let near = value.nearest(self.base.as_ref(), &self.step).into_iter().flatten();
        // Suggests only values that are in range.
        let mut near =
            near.map(|value| self.lens.show(&value)).filter(|it| self.lens.parse(it).is_ok());
        match (near.next(), near.next()) {
            (Some(below), Some(above)) => ValidationError::NotNear { below, above },
            (Some(only), None) => ValidationError::NotNearest { nearest: only },
            _ => ValidationError::NotAStep { step: self.step_text() },
        }
    }
}

impl<L: Lens<Value: Steps>> Lens for Stepped<L> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        self.lens.show(value)
    }

    fn write(&self, value: &L::Value, out: &mut dyn fmt::Write) -> fmt::Result {
        self.lens.write(value, out)
    }

    fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
        let value = self.lens.parse(text)?;
        if value.is_on_step(self.base.as_ref(), &self.step) {
            return Ok(value);
        }
        Err(self.error(&value))
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
        attributes.set("step", self.step_text());
    }

    fn is_absent(&self, value: &L::Value) -> bool {
        self.lens.is_absent(value)
    }

    fn numerals(&self) -> Option<Numerals> {
        self.lens.numerals()
    }
}
