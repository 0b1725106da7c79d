//! One text, or several in order, as a serde value.

use std::str::FromStr;

use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{Error as _, IntoDeserializer, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use super::TypeError;

#[derive(Clone, Copy)]
pub(super) struct TextsDeserializer<'a, 'b> {
    texts: &'a [&'b str],
}

impl<'a, 'b> TextsDeserializer<'a, 'b> {
    pub(super) const fn new(texts: &'a [&'b str]) -> Self {
        Self { texts }
    }

    /// The value of a repeated name is its last one.
    fn last(self) -> Result<&'b str, TypeError> {
        self.texts.last().copied().ok_or_else(|| TypeError::new("there is no value"))
    }

    fn number<T: FromStr>(self, what: &str) -> Result<T, TypeError> {
        let text = self.last()?;
        // People paste numbers with blanks around them, and browsers keep them.
        text.trim().parse().map_err(|_| match text.trim() {
            "" => TypeError::new(format_args!("it is blank, and {what} is expected")),
            _ => TypeError::new(format_args!("`{text}` is not {what}")),
        })
    }
}

macro_rules! deserialize_numbers {
    ($($method:ident => $visit:ident, $what:literal;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
            visitor.$visit(self.number($what)?)
        })*
    };
}

impl<'de> Deserializer<'de> for TextsDeserializer<'_, '_> {
    type Error = TypeError;

    deserialize_numbers! {
        deserialize_i8 => visit_i8, "a whole number from -128 to 127";
        deserialize_i16 => visit_i16, "a whole number from -32768 to 32767";
        deserialize_i32 => visit_i32, "a whole number of at most nine digits or so";
        deserialize_i64 => visit_i64, "a whole number";
        deserialize_i128 => visit_i128, "a whole number";
        deserialize_u8 => visit_u8, "a whole number from 0 to 255";
        deserialize_u16 => visit_u16, "a whole number from 0 to 65535";
        deserialize_u32 => visit_u32, "a whole number, not negative, of at most nine digits or so";
        deserialize_u64 => visit_u64, "a whole number, not negative";
        deserialize_u128 => visit_u128, "a whole number, not negative";
        deserialize_f32 => visit_f32, "a number";
        deserialize_f64 => visit_f64, "a number";
        deserialize_char => visit_char, "a single character";
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_str(self.last()?)
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

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let texts = self.texts.iter().map(|text| Self::new(std::slice::from_ref(text)));
        visitor.visit_seq(SeqDeserializer::new(texts))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        if len != self.texts.len() {
            let given = self.texts.len();
            return Err(TypeError::new(format_args!("{len} values are expected, not {given}")));
        }
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        self.deserialize_tuple(len, visitor)
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

/// Each element of a sequence is read like a text of its own.
impl<'de> IntoDeserializer<'de, TypeError> for TextsDeserializer<'_, '_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
