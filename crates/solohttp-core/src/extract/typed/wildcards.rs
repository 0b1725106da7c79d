//! Deserializes the wildcards of a path: by name for a struct or map, and in order for other types.

use serde::de::Visitor;
use serde::{Deserializer, forward_to_deserialize_any};

use super::error::TypeError;
use super::fields::FieldsDeserializer;
use super::text::TextsDeserializer;
use super::wrappers::deserialize_wrappers;

pub(super) struct WildcardsDeserializer<'a> {
    names: Vec<Option<&'a str>>,
    texts: Vec<&'a str>,
}

impl<'a> WildcardsDeserializer<'a> {
    pub(super) fn new(wildcards: impl Iterator<Item = (Option<&'a str>, &'a str)>) -> Self {
        let (names, texts) = wildcards.unzip();
        Self { names, texts }
    }

    /// Returns the only wildcard, for types that need exactly one value. Additional wildcards are
    /// an error, so that they aren't silently ignored.
    fn single(&self) -> Result<TextsDeserializer<'_, 'a>, TypeError> {
        match self.texts.len() {
            1 => Ok(TextsDeserializer::new(&self.texts)),
            given => Err(TypeError::new(format_args!("expected 1 value, found {given}"))),
        }
    }
}

macro_rules! deserialize_single {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
            self.single()?.$method(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for WildcardsDeserializer<'de> {
    type Error = TypeError;

    deserialize_single! {
        deserialize_any deserialize_bool deserialize_char
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    /// Reads `None` if there are no wildcards, so that one function can serve both `/task/new` and
    /// `/task/*`.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        if self.texts.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    deserialize_wrappers! {}

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_unit()
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        TextsDeserializer::new(&self.texts).deserialize_seq(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        TextsDeserializer::new(&self.texts).deserialize_tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let pairs = self.names.iter().zip(&self.texts);
        let named: Vec<_> = pairs.filter_map(|(name, text)| Some(((*name)?, *text))).collect();
        FieldsDeserializer::new(&named, None).deserialize_map(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        self.single()?.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! { str string bytes byte_buf unit_struct identifier ignored_any }
}
