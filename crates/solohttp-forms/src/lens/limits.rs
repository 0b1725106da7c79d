//! The least, the greatest, and steps between: for numbers, dates, times and whatever has order.
//!
//! The bounds are shown by the lens they limit, so that `min` in HTML and in Rust are one.

use crate::lens::Lens;
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

macro_rules! bound {
    ($(#[$doc:meta])* $Name:ident, $attribute:literal, $is_wrong:expr, $mistake:expr) => {
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

            fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
                let value = self.lens.parse(text)?;
                if $is_wrong(&value, &self.bound) {
                    return Err($mistake(self.lens.show(&self.bound)));
                }
                Ok(value)
            }

            fn attributes(&self, attributes: &mut Attributes) {
                self.lens.attributes(attributes);
                attributes.set($attribute, self.lens.show(&self.bound));
            }
        }
    };
}

bound! {
    /// Refuses what is below.
    AtLeast, "min", |value, least| value < least, |least| ValidationError::TooSmall { least }
}

bound! {
    /// Refuses what is above.
    AtMost, "max", |value, most| value > most, |most| ValidationError::TooLarge { most }
}

/// Refuses what is outside of a range. Where the least value is greater than the greatest, the range
/// goes over midnight.
#[derive(Debug, Clone)]
pub struct Within<L: Lens> {
    pub(crate) lens: L,
    pub(crate) least: L::Value,
    pub(crate) most: L::Value,
}

impl<L: Lens<Value: PartialOrd>> Lens for Within<L> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        self.lens.show(value)
    }

    fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
        let Self { lens, least, most } = self;
        let value = lens.parse(text)?;
        let (is_low, is_high) = (value < *least, value > *most);
        if least > most {
            // WHATWG HTML 4.10.5.3.7: a reversed range.
            let ends = || (lens.show(least), lens.show(most));
            return match (is_low && is_high).then(ends) {
                Some((least, most)) => Err(ValidationError::NotBetween { least, most }),
                None => Ok(value),
            };
        }
        match (is_low, is_high) {
            (true, _) => Err(ValidationError::TooSmall { least: lens.show(least) }),
            (_, true) => Err(ValidationError::TooLarge { most: lens.show(most) }),
            _ => Ok(value),
        }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
        attributes.set("min", self.lens.show(&self.least));
        attributes.set("max", self.lens.show(&self.most));
    }
}

/// Values that can be counted in steps: numbers, dates and times.
pub trait Steps: PartialOrd + Sized {
    /// A step: a number of the same type; days, months or weeks; a duration between times.
    type Step: 'static;

    /// Is this a whole number of steps from the base, or from where HTML counts?
    fn is_on_step(&self, base: Option<&Self>, step: &Self::Step) -> bool;

    /// The values next to this one that are, where they can be told.
    fn nearest(&self, base: Option<&Self>, step: &Self::Step) -> [Option<Self>; 2] {
        let _ = (base, step);
        [None, None]
    }

    /// The HTML attribute `step`; `show` is how a value is shown, for a step that is one.
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
                // Remainders, not a difference: that of the two ends of a type does not fit it.
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
        // 0.3 is three steps of 0.1 for everyone who types it, though not for IEEE 754.
        (steps - steps.round()).abs() < 1e-6
    }
}

/// Refuses what is not a whole number of steps from the least value, or from zero.
pub struct Stepped<L: Lens<Value: Steps>> {
    pub(crate) lens: L,
    pub(crate) step: <L::Value as Steps>::Step,
}

impl<L: Lens<Value: Steps>> std::fmt::Debug for Stepped<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stepped").field("step", &self.step_text()).finish_non_exhaustive()
    }
}

impl<L: Lens<Value: Steps>> Stepped<L> {
    fn step_text(&self) -> String {
        L::Value::attribute(&self.step, |value| self.lens.show(value))
    }

    fn mistake(&self, value: &L::Value, base: Option<&L::Value>) -> ValidationError {
        let near = value.nearest(base, &self.step).into_iter().flatten();
        // What is out of bounds is no advice.
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

    fn parse(&self, text: &str) -> Result<L::Value, ValidationError> {
        let value = self.lens.parse(text)?;
        // WHATWG HTML 4.10.5.3.8: the step base is the minimum, if there is one.
        let mut attributes = Attributes::new();
        self.lens.attributes(&mut attributes);
        let base = attributes.get("min").and_then(|least| self.lens.parse(least).ok());
        if value.is_on_step(base.as_ref(), &self.step) {
            return Ok(value);
        }
        Err(self.mistake(&value, base.as_ref()))
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
        attributes.set("step", self.step_text());
    }
}
