//! Typed values read from text by serde: query and form fields, and the wildcards of a path.
//!
//! Independent of requests. Paths, queries and forms read each value with the same deserializer, so
//! that `42` means the same in all of them.

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
/// Serde stores `#[serde(flatten)]` values as text, so in that case the fields are read again with
/// the types that it expects.
pub(crate) fn from_fields<T: DeserializeOwned>(fields: &Fields) -> Result<T, TypeError> {
    let pairs: Vec<(&str, &str)> = fields.iter().collect();
    match T::deserialize(fields::FieldsDeserializer::new(&pairs, None)) {
        Err(error) if error.clue.is_some() => retry::read(&pairs, error),
        read => read,
    }
    .map_err(TypeError::without_clue)
}

/// Reads the wildcards of a path: a single value, a tuple in order, or a struct by name. An
/// `Option` is `None` if there are no wildcards.
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
