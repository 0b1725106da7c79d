//! A serializer that adds named values to the fields of a struct or a map.

use std::fmt::{self, Write as _};

use serde::Serialize;
use serde::ser::{
    Error as _, Impossible, SerializeMap, SerializeStruct, SerializeStructVariant, Serializer,
};

use super::{NamedValues, WriteValue};

/// Serializes named values, and then the fields of `base` that have other names.
///
/// # Errors
/// The serializer's errors. It is also an error if `base` has no fields.
#[inline]
pub fn serialize_with_base<V: NamedValues, B: Serialize, S: Serializer>(
    values: &V,
    base: &B,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    base.serialize(WithValues { values, serializer })
}

struct WithValues<'v, V, S> {
    values: &'v V,
    serializer: S,
}

impl<V: NamedValues, S: Serializer> WithValues<'_, V, S> {
    /// For a base without any fields.
    fn alone(self) -> Result<S::Ok, S::Error> {
        SerializeStruct::end(self.serialize_struct("", 0)?)
    }

    #[cold]
    fn reject<T>() -> Result<T, S::Error> {
        Err(S::Error::custom("the base of `values!` must be a struct or a map"))
    }
}

/// Adds the fields of the base to a struct.
struct Struct<R> {
    names: &'static [&'static str],
    record: R,
}

/// Adds the entries of the base to a map.
struct Map<R> {
    names: &'static [&'static str],
    map: R,
    /// Whether the current entry is replaced by a named value.
    is_replaced: bool,
}

struct StructWriter<'r, R>(&'r mut R);

impl<R: SerializeStruct> WriteValue for StructWriter<'_, R> {
    type Error = R::Error;

    #[inline]
    fn value<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), R::Error> {
        self.0.serialize_field(name, value)
    }
}

struct MapWriter<'r, R>(&'r mut R);

impl<R: SerializeMap> WriteValue for MapWriter<'_, R> {
    type Error = R::Error;

    fn value<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), R::Error> {
        self.0.serialize_entry(name, value)
    }
}

macro_rules! rejected {
    ($($method:ident($($Type:ty),*);)+) => {$(
        fn $method(self, $(_: $Type),*) -> Result<S::Ok, S::Error> {
            Self::reject()
        }
    )+};
}

macro_rules! rejected_parts {
    ($($method:ident($($Type:ty),*) -> $Parts:ident;)+) => {$(
        fn $method(self, $(_: $Type),*) -> Result<Self::$Parts, S::Error> {
            Self::reject()
        }
    )+};
}

impl<V: NamedValues, S: Serializer> Serializer for WithValues<'_, V, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Map<S::SerializeMap>;
    type SerializeStruct = Struct<S::SerializeStruct>;
    type SerializeStructVariant = Struct<S::SerializeStruct>;

    #[inline]
    fn serialize_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStruct, S::Error> {
        let mut record = self.serializer.serialize_struct(name, len + V::NAMES.len())?;
        self.values.write(&mut StructWriter(&mut record))?;
        Ok(Struct { names: V::NAMES, record })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStruct, S::Error> {
        self.serialize_struct(variant, len)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        let len = len.map(|len| len + V::NAMES.len());
        let mut map = self.serializer.serialize_map(len)?;
        self.values.write(&mut MapWriter(&mut map))?;
        Ok(Map { names: V::NAMES, map, is_replaced: false })
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.alone()
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.alone()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<S::Ok, S::Error> {
        self.alone()
    }

    rejected! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    rejected_parts! {
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
    }
}

impl<R: SerializeStruct> SerializeStruct for Struct<R> {
    type Ok = R::Ok;
    type Error = R::Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), R::Error> {
        if self.names.contains(&name) {
            return Ok(());
        }
        self.record.serialize_field(name, value)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), R::Error> {
        if self.names.contains(&name) {
            return Ok(());
        }
        self.record.skip_field(name)
    }

    #[inline]
    fn end(self) -> Result<R::Ok, R::Error> {
        self.record.end()
    }
}

impl<R: SerializeStruct> SerializeStructVariant for Struct<R> {
    type Ok = R::Ok;
    type Error = R::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), R::Error> {
        SerializeStruct::serialize_field(self, name, value)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), R::Error> {
        SerializeStruct::skip_field(self, name)
    }

    fn end(self) -> Result<R::Ok, R::Error> {
        SerializeStruct::end(self)
    }
}

impl<R: SerializeMap> SerializeMap for Map<R> {
    type Ok = R::Ok;
    type Error = R::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), R::Error> {
        self.is_replaced = is_one_of(self.names, key);
        if self.is_replaced { Ok(()) } else { self.map.serialize_key(key) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), R::Error> {
        if self.is_replaced { Ok(()) } else { self.map.serialize_value(value) }
    }

    fn end(self) -> Result<R::Ok, R::Error> {
        self.map.end()
    }
}

/// Whether the key is text, and one of these names.
fn is_one_of<K: Serialize + ?Sized>(names: &[&str], key: &K) -> bool {
    let mut text = String::new();
    write!(text, "{}", Key(key)).is_ok() && names.contains(&text.as_str())
}

struct Key<'k, K: ?Sized>(&'k K);

/// serde writes text and numbers to a formatter as they are, and fails for anything else.
impl<K: Serialize + ?Sized> fmt::Display for Key<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.serialize(f)
    }
}
