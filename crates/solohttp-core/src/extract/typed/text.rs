//! Deserializes a string or a sequence of strings.

use std::str::FromStr;

use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{Error as _, IntoDeserializer, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use super::error::TypeError;
use super::hints::{Hints, Kind};
use super::wrappers::deserialize_wrappers;

#[derive(Clone, Copy)]
pub(super) struct TextsDeserializer<'a, 'b> {
    texts: &'a [&'b str],
    hints: Option<&'a Hints>,
    is_element: bool,
}

impl<'a, 'b> TextsDeserializer<'a, 'b> {
    pub(super) const fn new(texts: &'a [&'b str]) -> Self {
        Self::with_hints(texts, None)
    }

    pub(super) const fn with_hints(texts: &'a [&'b str], hints: Option<&'a Hints>) -> Self {
        Self { texts, hints, is_element: false }
    }

    /// Returns the last value, which wins if a name is repeated.
    fn last(self) -> Result<&'b str, TypeError> {
        self.texts.last().copied().ok_or_else(|| TypeError::predicate("has no value"))
    }

    fn number<T: Typed>(self) -> Result<T, TypeError> {
        parse_number(self.last()?)
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        self.texts.iter().map(move |text| Self {
            texts: std::slice::from_ref(text),
            hints: self.hints,
            is_element: true,
        })
    }
}

/// A numeric type, with its description for error messages.
trait Typed: FromStr {
    const WHAT: &'static str;

    /// Returns `false` for infinity and NaN.
    fn is_number(&self) -> bool {
        true
    }
}

macro_rules! typed_numbers {
    ($($Number:ty: $what:literal $(if $is_number:path)?;)*) => {
        $(impl Typed for $Number {
            const WHAT: &'static str = $what;

            $(fn is_number(&self) -> bool {
                $is_number(*self)
            })?
        })*

        /// Checks whether the text is a valid value of the numeric type with this name. Returns the
        /// same error as if the type were known in advance.
        pub(super) fn check_number(text: &str, type_name: &str) -> Result<(), TypeError> {
            match type_name {
                $(stringify!($Number) => parse_number::<$Number>(text).map(drop),)*
                _ => parse_number::<f64>(text).map(drop),
            }
        }
    };
}

typed_numbers! {
    i8: "a whole number from -128 to 127";
    i16: "a whole number from -32768 to 32767";
    i32: "a whole number from -2147483648 to 2147483647";
    i64: "a whole number";
    i128: "a whole number";
    u8: "a whole number from 0 to 255";
    u16: "a whole number from 0 to 65535";
    u32: "a whole number from 0 to 4294967295";
    u64: "a non-negative whole number";
    u128: "a non-negative whole number";
    f32: "a number" if f32::is_finite;
    f64: "a number" if f64::is_finite;
    char: "a single character";
}

fn parse_number<T: Typed>(text: &str) -> Result<T, TypeError> {
    // Users paste numbers with surrounding spaces, which browsers keep.
    let parsed = text.trim().parse().ok().filter(T::is_number);
    parsed.ok_or_else(|| match text.trim() {
        "" => TypeError::predicate(format_args!("is empty, but must be {}", T::WHAT)),
        _ => TypeError::new(format_args!("`{text}` is not {}", T::WHAT)),
    })
}

/// Visits a number whose type isn't known.
fn visit_number<'de, V: Visitor<'de>>(text: &str, visitor: V) -> Result<V::Value, TypeError> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        visitor.visit_u64(number)
    } else if let Ok(number) = text.parse() {
        visitor.visit_i64(number)
    } else {
        visitor.visit_f64(parse_number(text)?)
    }
}

macro_rules! deserialize_numbers {
    ($($method:ident => $visit:ident;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
            visitor.$visit(self.number()?)
        })*
    };
}

impl<'de> Deserializer<'de> for TextsDeserializer<'_, 'de> {
    type Error = TypeError;

    deserialize_numbers! {
        deserialize_i8 => visit_i8;
        deserialize_i16 => visit_i16;
        deserialize_i32 => visit_i32;
        deserialize_i64 => visit_i64;
        deserialize_i128 => visit_i128;
        deserialize_u8 => visit_u8;
        deserialize_u16 => visit_u16;
        deserialize_u32 => visit_u32;
        deserialize_u64 => visit_u64;
        deserialize_u128 => visit_u128;
        deserialize_f32 => visit_f32;
        deserialize_f64 => visit_f64;
        deserialize_char => visit_char;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let text = self.last()?;
        let hint = self.hints.and_then(|hints| hints.of(text, self.is_element));
        match hint {
            None => visitor.visit_borrowed_str(text),
            Some(Kind::Number) => visit_number(text, visitor),
            Some(Kind::Bool) => self.deserialize_bool(visitor),
            Some(Kind::Sequence) => self.deserialize_seq(visitor),
            Some(Kind::Nothing) => visitor.visit_unit(),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.last()?.trim() {
            "on" | "true" | "yes" | "1" => visitor.visit_bool(true),
            "" | "off" | "false" | "no" | "0" => visitor.visit_bool(false),
            other => Err(TypeError::new(format_args!("`{other}` is neither `true` nor `false`"))),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        if self.last()?.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_unit()
    }

    deserialize_wrappers! {}

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_seq(SeqDeserializer::new(self.elements()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        if len != self.texts.len() {
            let given = self.texts.len();
            return Err(TypeError::new(format_args!("expected {len} values, found {given}")));
        }
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        let text = self.last()?;
        if !variants.contains(&text) {
            return Err(TypeError::unknown_variant(text, variants));
        }
        let deserializer: StrDeserializer<'_, TypeError> = text.into_deserializer();
        visitor.visit_enum(deserializer)
    }

    forward_to_deserialize_any! {
        str string bytes byte_buf unit_struct map struct identifier ignored_any
    }
}

/// Used for the elements of a sequence.
impl<'de> IntoDeserializer<'de, TypeError> for TextsDeserializer<'_, 'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
