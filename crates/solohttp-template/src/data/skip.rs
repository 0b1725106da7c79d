//! Macros shared by the serializers, and a serializer that ignores values.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::error::RenderError;

/// Ignores all elements and returns the given value.
pub(super) struct Skip<T>(pub(super) T);

/// Implements one of serde's compound traits.
macro_rules! elements {
    ($Trait:ident :: $method:ident for ($($generics:tt)*) $Type:ty : $Ok:ty, |$this:ident, $value:ident| $each:expr, |$done:ident| $end:expr) => {
        impl<$($generics)*> $Trait for $Type {
            type Ok = $Ok;
            type Error = RenderError;

            #[inline]
            fn $method<V: Serialize + ?Sized>(&mut self, $value: &V) -> Result<(), RenderError> {
                let $this = self;
                $each
            }

            #[inline]
            fn end(self) -> Result<$Ok, RenderError> {
                let $done = self;
                $end
            }
        }
    };
}

/// Implements serde's four compound traits whose elements have no names.
macro_rules! sequence {
    (($($generics:tt)*) $Type:ty : $Ok:ty, |$this:ident, $value:ident| $each:expr, |$done:ident| $end:expr) => {
        $crate::data::skip::elements!(SerializeSeq::serialize_element for ($($generics)*) $Type: $Ok, |$this, $value| $each, |$done| $end);
        $crate::data::skip::elements!(SerializeTuple::serialize_element for ($($generics)*) $Type: $Ok, |$this, $value| $each, |$done| $end);
        $crate::data::skip::elements!(SerializeTupleStruct::serialize_field for ($($generics)*) $Type: $Ok, |$this, $value| $each, |$done| $end);
        $crate::data::skip::elements!(SerializeTupleVariant::serialize_field for ($($generics)*) $Type: $Ok, |$this, $value| $each, |$done| $end);
    };
}

/// Implements a method with the same body for each of several scalar types.
macro_rules! scalars {
    (|$this:ident, $value:ident| $body:expr; $($method:ident($Type:ty))+) => {$(
        #[inline]
        fn $method(self, $value: $Type) -> Result<Self::Ok, RenderError> {
            let $this = self;
            $body
        }
    )+};
    (|$this:ident, $value:ident| $body:expr) => {
        $crate::data::skip::scalars!(|$this, $value| $body;
            serialize_bool(bool) serialize_char(char) serialize_str(&str) serialize_bytes(&[u8])
            serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
            serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
            serialize_i128(i128) serialize_u128(u128) serialize_f32(f32) serialize_f64(f64)
            serialize_unit_struct(&'static str)
        );

        fn serialize_unit_variant(
            self,
            _name: &'static str,
            _index: u32,
            $value: &'static str,
        ) -> Result<Self::Ok, RenderError> {
            let $this = self;
            $body
        }
    };
}

pub(super) use {elements, scalars, sequence};

sequence!((T) Skip<T>: T, |_skip, _value| Ok(()), |skip| Ok(skip.0));

impl<T> SerializeStruct for Skip<T> {
    type Ok = T;
    type Error = RenderError;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        _name: &'static str,
        _value: &V,
    ) -> Result<(), RenderError> {
        Ok(())
    }

    fn end(self) -> Result<T, RenderError> {
        Ok(self.0)
    }
}

impl<T> SerializeStructVariant for Skip<T> {
    type Ok = T;
    type Error = RenderError;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        _name: &'static str,
        _value: &V,
    ) -> Result<(), RenderError> {
        Ok(())
    }

    fn end(self) -> Result<T, RenderError> {
        Ok(self.0)
    }
}

impl<T> SerializeMap for Skip<T> {
    type Ok = T;
    type Error = RenderError;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, _key: &K) -> Result<(), RenderError> {
        Ok(())
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, _value: &V) -> Result<(), RenderError> {
        Ok(())
    }

    fn end(self) -> Result<T, RenderError> {
        Ok(self.0)
    }
}
