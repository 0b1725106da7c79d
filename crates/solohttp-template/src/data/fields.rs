//! A serializer that passes the fields of a struct or map to a visit.

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, SerializeStructVariant, Serializer};

use super::error::RenderError;
use super::skip::{Skip, scalars};

/// A visit of a record's fields, in their order. Other values have no fields.
pub(super) trait Fields {
    /// Called before the fields of a struct, with the number of fields that its type announces.
    fn begin(&mut self, type_name: &'static str, len: usize);

    fn field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), RenderError>;

    /// Called after the fields of a struct.
    fn end(&mut self);

    /// Called for each key of a map.
    fn key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), RenderError>;

    /// Called for each value of a map, after its key.
    fn value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), RenderError>;
}

/// The serializer for a visit.
pub(super) struct Visitor<'f, F>(pub(super) &'f mut F);

impl<F: Fields> Serializer for Visitor<'_, F> {
    type Ok = ();
    type Error = RenderError;
    type SerializeSeq = Skip<()>;
    type SerializeTuple = Skip<()>;
    type SerializeTupleStruct = Skip<()>;
    type SerializeTupleVariant = Skip<()>;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    // Scalars have no fields.
    scalars!(|_record, _value| Ok(()));

    fn serialize_none(self) -> Result<(), RenderError> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), RenderError> {
        Ok(())
    }

    #[inline]
    fn serialize_some<V: Serialize + ?Sized>(self, value: &V) -> Result<(), RenderError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &V,
    ) -> Result<(), RenderError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        value: &V,
    ) -> Result<(), RenderError> {
        value.serialize(self)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Skip<()>, RenderError> {
        Ok(Skip(()))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Skip<()>, RenderError> {
        Ok(Skip(()))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _len: usize,
    ) -> Result<Skip<()>, RenderError> {
        Ok(Skip(()))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Skip<()>, RenderError> {
        Ok(Skip(()))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Self, RenderError> {
        Ok(self)
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self, RenderError> {
        self.0.begin(name, len);
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self, RenderError> {
        self.0.begin(variant, len);
        Ok(self)
    }
}

impl<F: Fields> SerializeStruct for Visitor<'_, F> {
    type Ok = ();
    type Error = RenderError;

    #[inline(always)]
    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), RenderError> {
        self.0.field(name, value)
    }

    /// A field skipped by `skip_serializing_if` exists but is empty.
    fn skip_field(&mut self, name: &'static str) -> Result<(), RenderError> {
        self.0.field(name, &())
    }

    #[inline]
    fn end(self) -> Result<(), RenderError> {
        self.0.end();
        Ok(())
    }
}

impl<F: Fields> SerializeStructVariant for Visitor<'_, F> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), RenderError> {
        self.0.field(name, value)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), RenderError> {
        self.0.field(name, &())
    }

    fn end(self) -> Result<(), RenderError> {
        self.0.end();
        Ok(())
    }
}

impl<F: Fields> SerializeMap for Visitor<'_, F> {
    type Ok = ();
    type Error = RenderError;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), RenderError> {
        self.0.key(key)
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), RenderError> {
        self.0.value(value)
    }

    fn end(self) -> Result<(), RenderError> {
        Ok(())
    }
}
