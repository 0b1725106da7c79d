//! Methods that all deserializers in this module share.

/// Reads a newtype like its content, and a tuple struct like a tuple.
macro_rules! deserialize_wrappers {
    () => {
        fn deserialize_newtype_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            visitor: V,
        ) -> Result<V::Value, TypeError> {
            visitor.visit_newtype_struct(self)
        }

        fn deserialize_tuple_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            len: usize,
            visitor: V,
        ) -> Result<V::Value, TypeError> {
            self.deserialize_tuple(len, visitor)
        }
    };
}

pub(super) use deserialize_wrappers;
