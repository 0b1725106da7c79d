//! Numbers: every integer type, floating point, and integers with a fixed number of decimals.

use std::marker::PhantomData;
use std::num::IntErrorKind;

use crate::attributes::Attributes;
use crate::lens::Lens;
use crate::mistake::Mistake;

/// A number type that can stand in a form.
pub trait Number: Sized + 'static {
    /// The text that reads back as the same number.
    fn show_number(&self) -> String;

    /// The number of a text without blanks around it, and not blank.
    ///
    /// # Errors
    /// If it is none, or none of this type.
    fn parse_number(text: &str) -> Result<Self, Mistake>;

    /// Sets `step` and what else the type implies.
    fn number_attributes(attributes: &mut Attributes);
}

macro_rules! whole_numbers {
    ($($Int:ty)*) => {$(
        impl Number for $Int {
            fn show_number(&self) -> String {
                self.to_string()
            }

            fn parse_number(text: &str) -> Result<Self, Mistake> {
                text.parse::<Self>().map_err(|error| match error.kind() {
                    IntErrorKind::PosOverflow => Mistake::TooLarge { most: Self::MAX.to_string() },
                    IntErrorKind::NegOverflow => Mistake::TooSmall { least: Self::MIN.to_string() },
                    // An unsigned type calls the minus of `-5` an invalid digit.
                    _ if text.parse::<i128>().is_ok() => {
                        Mistake::TooSmall { least: Self::MIN.to_string() }
                    }
                    _ if text.parse::<f64>().is_ok_and(f64::is_finite) => Mistake::NotWhole,
                    _ => Mistake::NotANumber,
                })
            }

            fn number_attributes(attributes: &mut Attributes) {
                if Self::MIN == 0 {
                    attributes.set("min", 0);
                }
            }
        }
    )*};
}

whole_numbers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! floating_numbers {
    ($($Float:ty)*) => {$(
        impl Number for $Float {
            fn show_number(&self) -> String {
                self.to_string()
            }

            /// Infinity and "not a number" are not numbers one can type.
            fn parse_number(text: &str) -> Result<Self, Mistake> {
                let number = text.parse().ok().filter(|number: &Self| number.is_finite());
                number.ok_or_else(|| no_number(text))
            }

            fn number_attributes(attributes: &mut Attributes) {
                attributes.set("step", "any");
            }
        }
    )*};
}

floating_numbers!(f32 f64);

/// Why a text is no number with decimals.
fn no_number(text: &str) -> Mistake {
    // With two of them, or a point as well, the comma may stand between thousands.
    let is_decimal = text.matches(',').count() == 1 && !text.contains('.');
    match text.replacen(',', ".", 1).parse::<f64>() {
        Ok(number) if is_decimal && number.is_finite() => Mistake::DecimalComma,
        _ => Mistake::NotANumber,
    }
}

/// A number as browsers write it: digits, a point, no group separators.
#[derive(Debug, Clone, Copy)]
pub struct NumberLens<V>(PhantomData<fn() -> V>);

impl<V> Default for NumberLens<V> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<V: Number> Lens for NumberLens<V> {
    type Value = V;

    fn show(&self, value: &V) -> String {
        value.show_number()
    }

    fn parse(&self, text: &str) -> Result<V, Mistake> {
        match text.trim() {
            "" => Err(Mistake::Missing),
            text => V::parse_number(text),
        }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        V::number_attributes(attributes);
        attributes.set_flag("required");
    }
}

/// An integer that counts fractions, such as cents: `1250` is `12.50` with two decimals.
#[derive(Debug, Clone, Copy)]
pub struct FixedPoint {
    pub(crate) decimals: u8,
}

impl Lens for FixedPoint {
    type Value = i64;

    fn show(&self, value: &i64) -> String {
        if self.decimals == 0 {
            return value.to_string();
        }
        let places = usize::from(self.decimals);
        let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let sign = if *value < 0 { "-" } else { "" };
        format!("{sign}{whole}.{fraction}")
    }

    fn parse(&self, text: &str) -> Result<i64, Mistake> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Mistake::Missing);
        }
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || whole.is_empty() && fraction.is_empty() {
            return Err(no_number(text));
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > usize::from(self.decimals) {
            return Err(Mistake::TooManyDecimals { most: self.decimals });
        }
        let scaled = format!("{sign}0{whole}{fraction:0<width$}", width = self.decimals.into());
        scaled.parse().map_err(|_| match sign {
            "" => Mistake::TooLarge { most: self.show(&i64::MAX) },
            _ => Mistake::TooSmall { least: self.show(&i64::MIN) },
        })
    }

    fn attributes(&self, attributes: &mut Attributes) {
        attributes.set("step", if self.decimals == 0 { "1".to_owned() } else { self.show(&1) });
        attributes.set("inputmode", "decimal");
        attributes.set_flag("required");
    }
}
