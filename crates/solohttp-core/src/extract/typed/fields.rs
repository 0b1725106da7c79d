//! Deserializes fields as a map with one entry per name, in order of first appearance.

use std::collections::HashMap;

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use super::absent::AbsentDeserializer;
use super::error::TypeError;
use super::hints::{Hints, Kind};
use super::text::TextsDeserializer;
use super::wrappers::deserialize_wrappers;

pub(super) struct FieldsDeserializer<'a, 'h> {
    pairs: &'h [(&'a str, &'a str)],
    hints: Option<&'h Hints>,
    /// Each name with all its values, in order of first appearance.
    groups: std::vec::IntoIter<(&'a str, Vec<&'a str>)>,
    values: Option<(&'a str, Vec<&'a str>)>,
    /// Expected fields that were not sent. They are visited last.
    absent: std::slice::Iter<'h, (&'static str, Option<Kind>)>,
}

impl<'a, 'h> FieldsDeserializer<'a, 'h> {
    pub(super) fn new(pairs: &'h [(&'a str, &'a str)], hints: Option<&'h Hints>) -> Self {
        let mut groups: Vec<(&str, Vec<&str>)> = Vec::with_capacity(pairs.len());
        // A form with a large table can have thousands of field names, so they are looked up in a
        // map. Its hash function is randomly keyed, which prevents deliberate collisions.
        let mut places: HashMap<&str, usize> = HashMap::with_capacity(pairs.len());
        for &(name, value) in pairs {
            let place = *places.entry(name).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, values)) => values.push(value),
                None => groups.push((name, vec![value])),
            }
        }
        let absent = hints.map(Hints::absent).unwrap_or_default().iter();
        Self { pairs, hints, groups: groups.into_iter(), values: None, absent }
    }
}

impl<'de> Deserializer<'de> for FieldsDeserializer<'de, '_> {
    type Error = TypeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_map(self)
    }

    /// Reads a sequence of pairs, which preserves the order and repeated names.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        let one = |text| TextsDeserializer::new(std::slice::from_ref(text));
        let pairs = self.pairs.iter().map(|(name, value)| (one(name), one(value)));
        MapDeserializer::new(pairs).deserialize_seq(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_some(self)
    }

    deserialize_wrappers! {}

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit_struct tuple map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for FieldsDeserializer<'de, '_> {
    type Error = TypeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, TypeError> {
        self.values = self.groups.next();
        let sent = self.values.as_ref().map(|(name, _)| *name);
        let name = sent.or_else(|| self.absent.as_slice().first().map(|(name, _)| *name));
        name.map(|name| seed.deserialize(TextsDeserializer::new(&[name]))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, TypeError> {
        if let Some((name, values)) = self.values.take() {
            let texts = TextsDeserializer::with_hints(&values, self.hints);
            return seed.deserialize(texts).map_err(|error| error.in_field(name));
        }
        let &(name, kind) = self.absent.next().expect("serde asks for a value after its key");
        seed.deserialize(AbsentDeserializer { name, kind })
    }
}
