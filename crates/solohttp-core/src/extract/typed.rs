//! Uses serde to read typed values from query fields, form fields and path wildcards.
//!
//! This module doesn't depend on requests. Paths, queries and forms share a single deserializer, so
//! `42` means the same in all of them.

mod absent;
mod error;
mod fields;
mod hints;
mod retry;
mod text;
mod wildcards;
mod wrappers;

use serde::de::DeserializeOwned;

pub use self::error::TypeError;

use crate::url::Fields;

/// Reads a struct or map from fields: see [`Query`](crate::Query).
///
/// For `#[serde(flatten)]`, serde buffers all values as strings. If this causes an error, the
/// fields are read again with the types that serde expects.
pub(crate) fn from_fields<T: DeserializeOwned>(fields: &Fields) -> Result<T, TypeError> {
    let pairs: Vec<(&str, &str)> = fields.iter().collect();
    match T::deserialize(fields::FieldsDeserializer::new(&pairs, None)) {
        Err(error) if error.clue.is_some() => retry::read(&pairs, error),
        read => read,
    }
    .map_err(TypeError::without_clue)
}

/// Reads the wildcards of a path as a single value, as a tuple (in order) or as a struct (by name).
/// An `Option` is `None` if there are no wildcards.
///
/// # Errors
/// If a wildcard is invalid, or if `T` takes a different number of wildcards.
///
/// ```
/// let wildcards = [(Some("year"), "2026"), (None, "5")];
/// let day: (u16, u8) = solohttp_core::typed::from_wildcards(wildcards.into_iter()).unwrap();
/// assert_eq!(day, (2026, 5));
/// ```
pub fn from_wildcards<'a, T: DeserializeOwned>(
    wildcards: impl Iterator<Item = (Option<&'a str>, &'a str)>,
) -> Result<T, TypeError> {
    T::deserialize(wildcards::WildcardsDeserializer::new(wildcards))
}

#[cfg(test)]
mod tests;
