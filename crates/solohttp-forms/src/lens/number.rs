//! Integers, floating-point numbers and fixed-point numbers.
//!
//! Users see and enter numbers in the application's number format. The numeric types themselves use
//! a plain format, such as `-1234.5`.

use std::fmt;
use std::marker::PhantomData;

use solohttp_core::{Locale, NumeralError, Numerals};

use crate::lens::{Lens, invisible};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// The largest accepted exponent. No numeric type has this many digits.
const MAX_DIGITS: usize = 400;

/// A numeric type for form fields.
pub trait Number: Sized + 'static {
    /// Whether the type has decimals.
    const HAS_DECIMALS: bool = true;

    /// Formats the number as plain text, such as `-1234.5`, which parses as the same number.
    fn show_number(&self) -> String;

    /// The number, if its plain text consists of digits.
    #[doc(hidden)]
    fn as_natural(&self) -> Option<u64> {
        None
    }

    /// Parses plain text: an optional minus sign, digits, an optional decimal point with digits,
    /// and an optional exponent.
    ///
    /// # Errors
    /// If the text is not a number of this type.
    fn parse_number(plain: &str) -> Result<Self, ValidationError>;

    /// Sets `step` and other HTML attributes that depend on the type.
    fn number_attributes(attributes: &mut Attributes);
}

macro_rules! whole_numbers {
    ($($Int:ty)*) => {$(
        impl Number for $Int {
            const HAS_DECIMALS: bool = false;

            fn show_number(&self) -> String {
                self.to_string()
            }

            fn as_natural(&self) -> Option<u64> {
                u64::try_from(*self).ok()
            }

            /// Accepts `1.0` and `1e5`, as browsers do.
            fn parse_number(plain: &str) -> Result<Self, ValidationError> {
                if is_digits(plain) && let Ok(number) = plain.parse() {
                    return Ok(number);
                }
                let Plain { sign, whole, fraction } = Plain::read(plain)?;
                if fraction.bytes().any(|digit| digit != b'0') {
                    return Err(ValidationError::NotWhole);
                }
                let is_zero = whole.bytes().all(|digit| digit == b'0');
                let text = if is_zero { "0".to_owned() } else { format!("{sign}{whole}") };
                text.parse().map_err(|_| match sign {
                    "" => ValidationError::TooLarge { max: edit(&Self::MAX.to_string()) },
                    _ => ValidationError::TooSmall { min: edit(&Self::MIN.to_string()) },
                })
            }

            fn number_attributes(attributes: &mut Attributes) {
                if Self::MIN == 0 {
                    attributes.set("min", 0);
                    attributes.set("inputmode", "numeric");
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

            /// Rejects infinity and NaN.
            fn parse_number(plain: &str) -> Result<Self, ValidationError> {
                let number = plain.parse().ok().filter(|number: &Self| number.is_finite());
                number.ok_or(ValidationError::NotANumber)
            }

            fn number_attributes(attributes: &mut Attributes) {
                attributes.set("step", "any");
                attributes.set("inputmode", "decimal");
            }
        }
    )*};
}

floating_numbers!(f32 f64);

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The parts of a plain number, after applying its exponent.
struct Plain {
    sign: &'static str,
    whole: String,
    fraction: String,
}

impl Plain {
    fn read(plain: &str) -> Result<Self, ValidationError> {
        let (sign, rest) = match plain.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", plain),
        };
        let (digits, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if digits.bytes().all(|digit| matches!(digit, b'0' | b'.')) {
            // The number is zero, regardless of the exponent.
            return Ok(Self { sign, whole: "0".to_owned(), fraction: fraction.to_owned() });
        }
        let exponent: i32 = exponent.parse().map_err(|_| ValidationError::NotANumber)?;
        let places = usize::try_from(exponent.unsigned_abs()).unwrap_or(usize::MAX);
        if places > MAX_DIGITS {
            return Err(ValidationError::NotANumber);
        }
        let (mut whole, mut fraction) = (whole.to_owned(), fraction.to_owned());
        if exponent > 0 {
            let filled = format!("{fraction:0<places$}");
            let (more, rest) = filled.split_at(places);
            whole.push_str(more);
            fraction = rest.to_owned();
        } else {
            let filled = format!("{whole:0>width$}", width = places + 1);
            let (rest, less) = filled.split_at(filled.len() - places);
            fraction.insert_str(0, less);
            whole = rest.to_owned();
        }
        Ok(Self { sign, whole, fraction })
    }
}

/// Writes a number as `Display` does, which takes twice as long for a short number.
fn write_digits(number: u64, out: &mut dyn fmt::Write) -> fmt::Result {
    let (rest, last) = (number / 1_000, (number % 1_000) as usize);
    let zeros = if rest == 0 { usize::from(last < 100) + usize::from(last < 10) } else { 0 };
    if rest > 0 {
        write_digits(rest, out)?;
    }
    out.write_str(&TRIPLES[3 * last + zeros..3 * last + 3])
}

/// The numbers from 000 to 999.
const TRIPLES: &str = {
    const BYTES: [u8; 3_000] = {
        let (mut bytes, mut digits) = ([0; 3_000], *b"000");
        let mut number = 0;
        while number < 1_000 {
            let mut place = 0;
            while place < 3 {
                bytes[3 * number + place] = digits[place];
                place += 1;
            }
            number += 1;
            digits[2] += 1;
            while place > 1 {
                place -= 1;
                if digits[place] > b'9' {
                    digits[place] = b'0';
                    digits[place - 1] += 1;
                }
            }
        }
        bytes
    };
    match str::from_utf8(&BYTES) {
        Ok(text) => text,
        Err(_) => panic!("digits are ASCII"),
    }
};

fn application_numerals() -> Numerals {
    (*Locale::current::<Numerals>()).clone()
}

/// Formats a plain number in the application's number format.
fn edit(plain: &str) -> String {
    if is_digits(plain) {
        return plain.to_owned();
    }
    Locale::current::<Numerals>().edit(plain)
}

/// Converts the user's input to a plain number.
fn read(text: &str) -> Result<String, ValidationError> {
    let text = invisible::without(text);
    if text.is_empty() {
        return Err(ValidationError::Missing);
    }
    let numerals = Locale::current::<Numerals>();
    numerals.read(&text).map_err(|error| match error {
        NumeralError::WrongMark { expected } => {
            ValidationError::WrongDecimalMark { mark: expected }
        }
        NumeralError::WrongGroups { group, decimal } => {
            ValidationError::WrongGroups { group, decimal }
        }
        _ => ValidationError::NotANumber,
    })
}

/// A number, formatted with the application's [`Numerals`].
#[derive(Debug, Clone, Copy)]
pub struct NumberLens<V> {
    /// Whether to use the plain format of browsers instead of the application's format.
    is_plain: bool,
    value: PhantomData<fn() -> V>,
}

impl<V> NumberLens<V> {
    /// Creates a lens for controls that use the plain format, such as sliders.
    pub(crate) fn plain() -> Self {
        Self { is_plain: true, value: PhantomData }
    }
}

impl<V> Default for NumberLens<V> {
    fn default() -> Self {
        Self { is_plain: false, value: PhantomData }
    }
}

impl<V: Number> Lens for NumberLens<V> {
    type Value = V;

    fn show(&self, value: &V) -> String {
        let plain = value.show_number();
        if self.is_plain { plain } else { edit(&plain) }
    }

    fn write(&self, value: &V, out: &mut dyn fmt::Write) -> fmt::Result {
        // Digits alone are the same in all formats.
        match value.as_natural() {
            Some(number) => write_digits(number, out),
            None => out.write_str(&self.show(value)),
        }
    }

    fn parse(&self, text: &str) -> Result<V, ValidationError> {
        // Digits alone mean the same in all formats.
        if is_digits(text) {
            return V::parse_number(text);
        }
        if !self.is_plain {
            let plain = read(text)?;
            // `1.0` is a whole number, but `1.000` may mean a thousand.
            let is_thousand = !V::HAS_DECIMALS && plain.ends_with(".000");
            return if is_thousand {
                Err(ValidationError::NotWhole)
            } else {
                V::parse_number(&plain)
            };
        }
        match text.trim() {
            "" => Err(ValidationError::Missing),
            text => {
                let plain =
                    Numerals::new('.').read(text).map_err(|_| ValidationError::NotANumber)?;
                V::parse_number(&plain)
            }
        }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        V::number_attributes(attributes);
        attributes.set_flag("required");
    }

    fn numerals(&self) -> Option<Numerals> {
        Some(if self.is_plain { Numerals::new('.') } else { application_numerals() })
    }
}

/// A number stored as an integer in its smallest unit, such as cents. With two decimals, `1250` is
/// shown as `12.50`.
#[derive(Debug, Clone, Copy)]
pub struct FixedPoint {
    pub(crate) decimals: u8,
}

impl FixedPoint {
    fn plain(self, value: i64) -> String {
        if self.decimals == 0 {
            return value.to_string();
        }
        let places = usize::from(self.decimals);
        let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let sign = if value < 0 { "-" } else { "" };
        format!("{sign}{whole}.{fraction}")
    }
}

impl Lens for FixedPoint {
    type Value = i64;

    fn show(&self, value: &i64) -> String {
        edit(&self.plain(*value))
    }

    /// Rejects excess decimals even if they are zeros, because `1.500` may mean 1500.
    fn parse(&self, text: &str) -> Result<i64, ValidationError> {
        let Plain { sign, whole, fraction } = Plain::read(&read(text)?)?;
        if fraction.len() > usize::from(self.decimals) {
            return Err(ValidationError::TooManyDecimals { max: self.decimals });
        }
        let scaled = format!("{sign}{whole}{fraction:0<width$}", width = self.decimals.into());
        scaled.parse().map_err(|_| match sign {
            "" => ValidationError::TooLarge { max: self.show(&i64::MAX) },
            _ => ValidationError::TooSmall { min: self.show(&i64::MIN) },
        })
    }

    fn attributes(&self, attributes: &mut Attributes) {
        attributes.set("step", if self.decimals == 0 { "1".to_owned() } else { self.plain(1) });
        attributes.set("inputmode", "decimal");
        attributes.set_flag("required");
    }

    fn numerals(&self) -> Option<Numerals> {
        Some(application_numerals())
    }
}
