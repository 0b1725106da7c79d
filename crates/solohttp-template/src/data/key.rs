//! Converts map keys to strings.

use std::fmt;

use serde::Serialize;
use serde::ser::{Error as _, Impossible, Serializer};

use super::error::RenderError;
use super::skip::scalars;

/// Calls `read` with the key as a string.
pub(super) fn with_text<K: Serialize + ?Sized, R>(
    key: &K,
    read: impl FnOnce(&str) -> R,
) -> Result<R, RenderError> {
    key.serialize(Key(read))
}

struct Key<F>(F);

impl<F: FnOnce(&str) -> R, R> Key<F> {
    fn display(self, key: impl fmt::Display) -> Result<R, RenderError> {
        Ok((self.0)(&key.to_string()))
    }

    fn reject<T>() -> Result<T, RenderError> {
        Err(RenderError::custom("map keys must be text or numbers"))
    }
}

impl<F: FnOnce(&str) -> R, R> Serializer for Key<F> {
    type Ok = R;
    type Error = RenderError;
    type SerializeSeq = Impossible<R, RenderError>;
    type SerializeTuple = Impossible<R, RenderError>;
    type SerializeTupleStruct = Impossible<R, RenderError>;
    type SerializeTupleVariant = Impossible<R, RenderError>;
    type SerializeMap = Impossible<R, RenderError>;
    type SerializeStruct = Impossible<R, RenderError>;
    type SerializeStructVariant = Impossible<R, RenderError>;

    scalars!(|key, text| Ok((key.0)(text)); serialize_str(&str) serialize_unit_struct(&'static str));
    scalars!(|key, value| key.display(value);
        serialize_bool(bool) serialize_char(char)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_i128(i128) serialize_u128(u128) serialize_f32(f32) serialize_f64(f64)
    );
    scalars!(|_key, _bytes| Self::reject(); serialize_bytes(&[u8]));

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<R, RenderError> {
        Ok((self.0)(variant))
    }

    fn serialize_none(self) -> Result<R, RenderError> {
        Self::reject()
    }

    fn serialize_unit(self) -> Result<R, RenderError> {
        Self::reject()
    }

    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Result<R, RenderError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &V,
    ) -> Result<R, RenderError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &V,
    ) -> Result<R, RenderError> {
        Self::reject()
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Self::SerializeSeq, RenderError> {
        Self::reject()
    }

    fn serialize_tuple(self, _len: usize) -> Result<Self::SerializeTuple, RenderError> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleStruct, RenderError> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, RenderError> {
        self.serialize_seq(None)
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Self::SerializeMap, RenderError> {
        self.serialize_seq(None)
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStruct, RenderError> {
        self.serialize_seq(None)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, RenderError> {
        self.serialize_seq(None)
    }
}
