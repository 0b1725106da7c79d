//! The least, the greatest, and steps between: for numbers, dates, times and whatever has order.
//!
//! The bounds are shown by the lens they limit, so that `min` in HTML and in Rust are one.

use crate::attributes::Attributes;
use crate::lens::Lens;
use crate::mistake::Mistake;

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

            fn parse(&self, text: &str) -> Result<L::Value, Mistake> {
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
    AtLeast, "min", |value, least| value < least, |least| Mistake::TooSmall { least }
}

bound! {
    /// Refuses what is above.
    AtMost, "max", |value, most| value > most, |most| Mistake::TooLarge { most }
}

/// Numbers that can be counted in steps.
pub trait Steps: PartialOrd {
    /// Is this a whole number of steps from the base, or from zero?
    fn is_on_step(&self, base: Option<&Self>, step: &Self) -> bool;
}

macro_rules! whole_steps {
    ($($Int:ty)*) => {$(
        impl Steps for $Int {
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
    fn is_on_step(&self, base: Option<&Self>, step: &Self) -> bool {
        let steps = (self - base.unwrap_or(&0.0)) / step;
        // 0.3 is three steps of 0.1 for everyone who types it, though not for IEEE 754.
        (steps - steps.round()).abs() < 1e-6
    }
}

/// Refuses what is not a whole number of steps from the least value, or from zero.
#[derive(Debug, Clone)]
pub struct Stepped<L: Lens> {
    pub(crate) lens: L,
    pub(crate) step: L::Value,
}

impl<L: Lens<Value: Steps>> Lens for Stepped<L> {
    type Value = L::Value;

    fn show(&self, value: &L::Value) -> String {
        self.lens.show(value)
    }

    fn parse(&self, text: &str) -> Result<L::Value, Mistake> {
        let value = self.lens.parse(text)?;
        // WHATWG HTML 4.10.5.3.8: the step base is the minimum, if there is one.
        let mut attributes = Attributes::new();
        self.lens.attributes(&mut attributes);
        let base = attributes.get("min").and_then(|least| self.lens.parse(least).ok());
        if value.is_on_step(base.as_ref(), &self.step) {
            return Ok(value);
        }
        Err(Mistake::NotAStep { step: self.lens.show(&self.step) })
    }

    fn attributes(&self, attributes: &mut Attributes) {
        self.lens.attributes(attributes);
        attributes.set("step", self.lens.show(&self.step));
    }
}
