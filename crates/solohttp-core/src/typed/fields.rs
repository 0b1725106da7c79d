//! Fields as a serde map: one entry for each different name, in order of first appearance.

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use super::TypeError;
use super::text::TextsDeserializer;
use crate::fields::Fields;

pub(super) struct FieldsDeserializer<'a> {
    fields: &'a Fields,
    /// Sorted by first appearance of the name: a name, then all its values.
    groups: std::vec::IntoIter<(&'a str, Vec<&'a str>)>,
    values: Option<(&'a str, Vec<&'a str>)>,
}

impl<'a> FieldsDeserializer<'a> {
    pub(super) fn new(fields: &'a Fields) -> Self {
        let mut groups: Vec<(&str, Vec<&str>)> = Vec::with_capacity(fields.len());
        // Quadratic only in different names, of which `Limits::form_fields` bounds the number.
        for (name, value) in fields.iter() {
            match groups.iter_mut().find(|(seen, _)| *seen == name) {
                Some((_, values)) => values.push(value),
                None => groups.push((name, vec![value])),
            }
        }
        Self { fields, groups: groups.into_iter(), values: None }
    }
}

impl<'de> Deserializer<'de> for FieldsDeserializer<'_> {
    type Error = TypeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_map(self)
    }

    /// A sequence of pairs keeps order and repeats.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let pairs: Vec<(&str, &str)> = self.fields.iter().collect();
        let one = |text| TextsDeserializer::new(std::slice::from_ref(text));
        let pairs = pairs.iter().map(|(name, value)| (one(name), one(value)));
        MapDeserializer::new(pairs).deserialize_seq(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit_struct tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for FieldsDeserializer<'_> {
    type Error = TypeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, TypeError> {
        self.values = self.groups.next();
        self.values
            .as_ref()
            .map(|(name, _)| seed.deserialize(TextsDeserializer::new(&[name])))
            .transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, TypeError> {
        let (name, values) = self.values.take().expect("serde asks for a value after its key");
        seed.deserialize(TextsDeserializer::new(&values)).map_err(|error| error.in_field(name))
    }
}
