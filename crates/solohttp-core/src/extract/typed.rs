//! Typed values from text, by serde: query and form fields, wildcards of a path.
//!
//! Independent of requests. Paths, queries and forms read each text with the same deserializer, so
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

/// Reads a struct or map from fields. A repeated name fills a sequence; otherwise its last value is
/// used.
///
/// For an `Option`, an absent field and an empty one are both `None`. A checked checkbox sends `on`,
/// which is `true`. Browsers omit an unchecked one and an empty selection, so an absent `bool` is
/// `false` and an absent `Vec` is empty. Infinity and NaN are rejected.
///
/// `#[serde(flatten)]` works, for numbers too. Serde stores flattened values as text, so the fields
/// are read again with the types that it then expects.
///
/// # Errors
/// Names the field and the problem.
///
/// ```
/// # use serde::Deserialize;
/// #[derive(Deserialize)]
/// struct Search { q: String, tag: Vec<String>, page: Option<u32> }
///
/// let fields = solohttp_core::Fields::from_iter([("q", "x"), ("tag", "a"), ("tag", "b")]);
/// let search: Search = solohttp_core::typed::from_fields(&fields).unwrap();
/// assert_eq!((search.q.as_str(), search.tag.len(), search.page), ("x", 2, None));
/// ```
pub fn from_fields<T: DeserializeOwned>(fields: &Fields) -> Result<T, TypeError> {
    let pairs: Vec<(&str, &str)> = fields.iter().collect();
    match T::deserialize(fields::FieldsDeserializer::new(&pairs, None)) {
        Err(error) if error.clue.is_some() => retry::read(&pairs, error),
        read => read,
    }
    .map_err(TypeError::without_clue)
}

/// Reads a single value, a tuple or a sequence from texts in order.
///
/// # Errors
/// If a text is invalid, or if `T` takes a different number of texts.
///
/// ```
/// let sum: (f64, f64) = solohttp_core::typed::from_texts(&["5", "7"]).unwrap();
/// assert_eq!(sum.0 + sum.1, 12.0);
/// ```
pub fn from_texts<T: DeserializeOwned>(texts: &[&str]) -> Result<T, TypeError> {
    T::deserialize(text::TextsDeserializer::new(texts))
}

/// Reads the wildcards of a path: a single value, a tuple by order, or a struct by name. An
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
