//! `values!`: a record without a struct. Public only for the macro.
//!
//! `flatten` adds the fields of another record.

mod flatten;

pub use serde;

use serde::Serialize;

pub use flatten::serialize_with_base;

/// Creates a record from named values, for a template or a JSON document, without declaring a
/// struct.
///
/// ```
/// use solohttp_core::values;
///
/// struct Place { street: String, number: u32 }
///
/// let place = Place { street: "Elm Street".into(), number: 7 };
/// let (title, lines) = ("Address", ["Ann", "Elm Street 7"]);
/// let page = values! { title, lines, number: place.number, street: &place.street };
/// # assert_eq!(
/// #     serde_json::to_string(&page)?,
/// #     r#"{"title":"Address","lines":["Ann","Elm Street 7"],"number":7,"street":"Elm Street"}"#
/// # );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// `title` is short for `title: title`, as in a struct. A value is anything that implements
/// `Serialize`, including a reference, or other `values!` for a nested record. The result
/// implements `Serialize`, and nothing else. A template is as fast as with a derived struct.
///
/// Values are moved, so write `&name` to keep one. Temporary values that are borrowed live until the
/// end of the statement.
///
/// # The fields of another record
///
/// `..base` comes last. It adds all fields of another struct or map, except those that are named
/// before:
///
/// ```
/// use solohttp_core::values;
///
/// #[derive(serde::Serialize)]
/// struct Contact { name: String, phone: String }
///
/// let contact = Contact { name: "Ann".into(), phone: "555-1234".into() };
/// let card = values! { id: 7, phone: "unknown", ..&contact };
/// # assert_eq!(serde_json::to_string(&card)?, r#"{"id":7,"phone":"unknown","name":"Ann"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// A value that can't be serialized is a compile error at that value:
///
/// ```compile_fail,E0277
/// struct Opaque;
/// let page = solohttp_core::values! { title: "Address", secret: Opaque };
/// ```
#[macro_export]
macro_rules! values {
    ($($field:ident $(: $value:expr)?),* $(,)?) => {
        // Unlike a block, `match` keeps temporary values until the end of the statement.
        match ($($crate::__value!($field $(: $value)?),)*) {
            ($($field,)*) => {
                // The names of the fields serve as type parameters, so that each has a name of its
                // own.
                #[allow(non_camel_case_types, reason = "named after fields")]
                struct __Values<$($field),*> {
                    $($field: $field),*
                }

                #[allow(non_camel_case_types, reason = "named after fields")]
                impl<$($field: $crate::values::serde::Serialize),*>
                    $crate::values::serde::Serialize for __Values<$($field),*>
                {
                    #[inline]
                    fn serialize<__S: $crate::values::serde::Serializer>(
                        &self,
                        serializer: __S,
                    ) -> ::core::result::Result<__S::Ok, __S::Error> {
                        #[allow(unused_mut, reason = "there may be no fields")]
                        let mut record = $crate::values::serde::Serializer::serialize_struct(
                            serializer,
                            ::core::concat!($(::core::stringify!($field), " "),*),
                            const { <[&str]>::len(&[$($crate::__value_name!($field)),*]) },
                        )?;
                        $($crate::values::serde::ser::SerializeStruct::serialize_field(
                            &mut record,
                            $crate::__value_name!($field),
                            &self.$field,
                        )?;)*
                        $crate::values::serde::ser::SerializeStruct::end(record)
                    }
                }

                __Values { $($field),* }
            }
        }
    };
    ($($field:ident $(: $value:expr)?,)* ..$base:expr) => {
        match ($($crate::__value!($field $(: $value)?),)* $crate::values::value($base),) {
            ($($field,)* __base,) => {
                #[allow(non_camel_case_types, reason = "named after fields")]
                struct __Values<$($field,)* __Base> {
                    $($field: $field,)*
                    __base: __Base,
                }

                #[allow(non_camel_case_types, reason = "named after fields")]
                impl<$($field: $crate::values::serde::Serialize,)* __Base>
                    $crate::values::NamedValues for __Values<$($field,)* __Base>
                {
                    const NAMES: &'static [&'static str] =
                        &[$($crate::__value_name!($field)),*];

                    #[inline]
                    fn write<__W: $crate::values::WriteValue>(
                        &self,
                        record: &mut __W,
                    ) -> ::core::result::Result<(), __W::Error> {
                        $(record.value($crate::__value_name!($field), &self.$field)?;)*
                        let _ = record;
                        ::core::result::Result::Ok(())
                    }
                }

                #[allow(non_camel_case_types, reason = "named after fields")]
                impl<
                    $($field: $crate::values::serde::Serialize,)*
                    __Base: $crate::values::serde::Serialize,
                > $crate::values::serde::Serialize for __Values<$($field,)* __Base>
                {
                    #[inline]
                    fn serialize<__S: $crate::values::serde::Serializer>(
                        &self,
                        serializer: __S,
                    ) -> ::core::result::Result<__S::Ok, __S::Error> {
                        $crate::values::serialize_with_base(self, &self.__base, serializer)
                    }
                }

                __Values { $($field,)* __base }
            }
        }
    };
}

/// One value of `values!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __value {
    ($field:ident) => {
        $crate::values::value($field)
    };
    ($field:ident : $value:expr) => {
        $crate::values::value($value)
    };
}

/// The name of a field, as serde's derive would write it.
#[doc(hidden)]
#[macro_export]
macro_rules! __value_name {
    ($field:ident) => {
        const { $crate::values::plain(::core::stringify!($field)) }
    };
}

/// Returns the value. Reports the value that doesn't implement `Serialize`, instead of the record.
#[inline(always)]
pub fn value<T: Serialize>(value: T) -> T {
    value
}

/// Strips the prefix from a raw identifier.
#[must_use]
pub const fn plain(identifier: &'static str) -> &'static str {
    match identifier.as_bytes() {
        [b'r', b'#', ..] => identifier.split_at(2).1,
        _ => identifier,
    }
}

/// The values that are named before `..base`.
pub trait NamedValues {
    /// Their names, in order.
    const NAMES: &'static [&'static str];

    /// Writes all of them.
    fn write<W: WriteValue>(&self, record: &mut W) -> Result<(), W::Error>;
}

/// A struct or a map to which named values are written.
pub trait WriteValue {
    /// The serializer's error.
    type Error;

    /// Writes a value.
    fn value<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Self::Error>;
}

#[cfg(test)]
mod tests;
