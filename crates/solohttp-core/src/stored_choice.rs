//! Enums that are stored as one of a fixed list of values.
//!
//! solohttp-forms declares such enums and solohttp-sqlite-guard stores them. Neither depends on the
//! other, so they meet here.

use std::fmt;

/// An enum with a fixed list of values, each with the form in which it is stored. `choices!` of
/// solohttp-forms implements it, and a `choice` column of solohttp-sqlite-guard uses it.
///
/// ```
/// use solohttp_core::{StoredChoice, StoredKey};
///
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// enum Size { Small, Large }
///
/// impl StoredChoice for Size {
///     const ALL: &'static [Self] = &[Self::Small, Self::Large];
///
///     fn stored(self) -> StoredKey<'static> {
///         StoredKey::Text(match self { Self::Small => "s", Self::Large => "l" })
///     }
/// }
/// assert_eq!(Size::from_stored(StoredKey::Text("l")), Some(Size::Large));
/// assert_eq!(Size::from_stored(StoredKey::Text("xl")), None);
/// ```
pub trait StoredChoice: Copy + Sized + 'static {
    /// All values, in the order in which they are declared.
    const ALL: &'static [Self];

    /// The form in which the value is stored.
    fn stored(self) -> StoredKey<'static>;

    /// The value that is stored in this form, if there is one.
    #[must_use]
    fn from_stored(key: StoredKey<'_>) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.stored() == key)
    }
}

/// The form in which a [`StoredChoice`] is stored. Displayed as an SQL literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredKey<'a> {
    /// As text.
    Text(&'a str),
    /// As an integer.
    Integer(i64),
}

impl fmt::Display for StoredKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Integer(number) => write!(f, "{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_shown_as_sql() {
        assert_eq!(StoredKey::Text("it's").to_string(), "'it''s'");
        assert_eq!(StoredKey::Integer(-3).to_string(), "-3");
    }
}
