//! Deserializes a field that was not sent, such as an unchecked checkbox or an empty selection.

use serde::de::Visitor;
use serde::de::value::SeqDeserializer;
use serde::{Deserializer, forward_to_deserialize_any};

use super::error::TypeError;
use super::hints::Kind;
use super::text::TextsDeserializer;
use super::wrappers::deserialize_wrappers;

/// Reads `false`, an empty sequence or `None`. For any other type, returns a missing-field error.
#[derive(Clone, Copy)]
pub(super) struct AbsentDeserializer {
    pub(super) name: &'static str,
    pub(super) kind: Option<Kind>,
}

macro_rules! missing {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, TypeError> {
            Err(TypeError::missing(self.name))
        }
    )*};
}

impl<'de> Deserializer<'de> for AbsentDeserializer {
    type Error = TypeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        match self.kind {
            Some(Kind::Bool) => visitor.visit_bool(false),
            Some(Kind::Sequence) => self.deserialize_seq(visitor),
            _ => visitor.visit_unit(),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_bool(false)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_seq(SeqDeserializer::new(std::iter::empty::<TextsDeserializer<'_, 'de>>()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypeError> {
        visitor.visit_none()
    }

    deserialize_wrappers! {}

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _len: usize,
        _visitor: V,
    ) -> Result<V::Value, TypeError> {
        Err(TypeError::missing(self.name))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, TypeError> {
        Err(TypeError::missing(self.name))
    }

    missing! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64 deserialize_char deserialize_str deserialize_string
        deserialize_bytes deserialize_byte_buf deserialize_map deserialize_identifier
    }

    forward_to_deserialize_any! { unit unit_struct struct ignored_any }
}
