//! Text values into typed ones, by serde: query and form fields, wildcards of a path.
//!
//! Knows nothing of requests. One deserializer serves all of them, so that `42` means the same
//! in a path, a query and a form.

mod absent;
mod fields;
mod retry;
mod text;
mod wildcards;

use std::fmt;

use serde::de::{self, DeserializeOwned, Expected, Unexpected};

use self::retry::Clue;
use crate::url::Fields;

/// Reads a struct or map from fields: a repeated name fills a sequence, else the last one counts.
///
/// For an `Option`, an absent field and a blank one are both `None`. A ticked checkbox sends `on`,
/// which is `true`. Browsers leave out an unticked one and an empty selection, so an absent `bool`
/// is `false` and an absent `Vec` is empty. Infinity and "not a number" are not numbers.
///
/// `#[serde(flatten)]` works, for numbers too: serde stores flattened values as text, so the
/// fields are read again with the types that it then asks for.
///
/// # Errors
/// The name of the field and what was wrong with it.
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
    .map_err(|error| TypeError { clue: None, ..error })
}

/// Reads a single value, a tuple or a sequence from texts in order.
///
/// # Errors
/// Which text could not be read, and why; or a different number of them than `T` has.
///
/// ```
/// let sum: (f64, f64) = solohttp_core::typed::from_texts(&["5", "7"]).unwrap();
/// assert_eq!(sum.0 + sum.1, 12.0);
/// ```
pub fn from_texts<T: DeserializeOwned>(texts: &[&str]) -> Result<T, TypeError> {
    T::deserialize(text::TextsDeserializer::new(texts))
}

/// Reads wildcards of a path: a single value, a tuple in their order, or a struct by their names;
/// an `Option` is `None` if there are no wildcards.
///
/// # Errors
/// Which of them could not be read, and why; or a different number of them than `T` has.
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

/// Why texts do not fit a type: the field, if it is known, and what was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeError {
    field: Option<String>,
    problem: String,
    clue: Option<Clue>,
}

impl TypeError {
    fn new(problem: impl fmt::Display) -> Self {
        Self { field: None, problem: problem.to_string(), clue: None }
    }

    fn missing(field: &str) -> Self {
        Self::new("it is missing").in_field(field)
    }

    fn in_field(mut self, name: &str) -> Self {
        self.field.get_or_insert_with(|| name.to_owned());
        self
    }

    /// The name of the field that did not fit.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "Field `{field}`: {}.", self.problem),
            None => write!(f, "{}.", self.problem),
        }
    }
}

impl std::error::Error for TypeError {}

impl de::Error for TypeError {
    fn custom<T: fmt::Display>(problem: T) -> Self {
        Self::new(problem)
    }

    fn missing_field(field: &'static str) -> Self {
        Self { clue: Some(Clue::Missing(field)), ..Self::missing(field) }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let clue = match found {
            Unexpected::Str(text) => {
                let address = retry::address(text);
                Some(Clue::Text { address, expected: expected.to_string() })
            }
            Unexpected::Unit => Some(Clue::Nothing { expected: expected.to_string() }),
            _ => None,
        };
        Self { clue, ..Self::new(format_args!("invalid type: {found}, expected {expected}")) }
    }
}

#[cfg(test)]
mod tests;
