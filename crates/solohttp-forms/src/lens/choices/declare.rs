//! The `choices!` macro.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::Visitor;
use solohttp_core::{StoredChoice, StoredKey};

/// Creates [`Choices`](crate::Choices) from the variants of an enum and their labels, or declares
/// such an enum.
///
/// # The choices of an enum
///
/// A missing or misspelled variant is a compile error. The keys are the names of the variants.
///
/// ```
/// use solohttp_forms::{Choices, choices};
///
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// enum Priority { Low, High }
///
/// fn priorities() -> Choices<Priority> {
///     choices!(Priority { High: "as soon as possible", Low: "some day" })
/// }
/// assert_eq!(priorities().label(&Priority::Low), Some("some day"));
/// ```
///
/// ```compile_fail
/// # use solohttp_forms::{Choices, choices};
/// # #[derive(Debug, Clone, Copy, PartialEq)]
/// # enum Priority { Low, High }
/// fn priorities() -> Choices<Priority> {
///     choices!(Priority { High: "as soon as possible" }) // `Low` is missing
/// }
/// ```
///
/// # Declaring an enum
///
/// One list has the variants, the text that the database stores, and the labels that the user sees:
///
/// ```
/// use solohttp_forms::{choices, form, radio};
///
/// choices! {
///     /// The state of a sample.
///     pub enum Status {
///         Fresh = "fresh": "Fresh",
///         Spoiled = "spoiled": "Spoiled, discard",
///     }
/// }
///
/// struct Sample { status: Status }
/// let form = form!(Sample { status: radio("Status", Status::choices()) });
///
/// assert_eq!(Status::Spoiled.label(), "Spoiled, discard");
/// assert_eq!(Status::Spoiled.to_string(), "spoiled"); // and serialized by serde
/// assert_eq!("fresh".parse(), Ok(Status::Fresh)); // and deserialized by serde
/// assert_eq!(Status::ALL, [Status::Fresh, Status::Spoiled]);
/// assert_eq!(Status::sql_list(), "'fresh', 'spoiled'"); // for CHECK (status IN (…))
/// ```
///
/// If the database stores integers, declare the enum with `: i64`. The key of a variant, which
/// forms, `Display`, `FromStr` and serde use, is then its name:
///
/// ```
/// use solohttp_core::{StoredChoice, StoredKey};
/// use solohttp_forms::choices;
///
/// choices! {
///     pub enum Priority: i64 { High = 3: "High", Normal = 2: "Normal", Low = 1: "Low" }
/// }
/// assert_eq!(Priority::High.to_string(), "High");
/// assert_eq!(Priority::High.stored(), StoredKey::Integer(3));
/// assert_eq!(Priority::sql_list(), "3, 2, 1");
/// ```
///
/// The enum has `Debug`, `Clone`, `Copy`, `PartialEq`, `Eq` and `Hash`; add other derives above it.
/// It implements [`StoredChoice`], so a record of solohttp-sqlite-guard stores it as a `choice`.
///
/// Don't call `sql_list` in a migration that has been released: its text must stay the same when
/// the enum gets another variant. Copy its result instead, and rebuild the table in a new migration.
/// A record that is checked at the start finds a list that is out of date.
#[macro_export]
macro_rules! choices {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $Enum:ident {
            $($(#[$of_variant:meta])* $Variant:ident = $key:literal : $label:expr),+ $(,)?
        }
    ) => {
        $crate::choices!(@declare
            [$(#[$attribute])* $visibility] $Enum
            $([$(#[$of_variant])*] $Variant, $key, Text($key), $label;)+
        );
    };
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $Enum:ident : i64 {
            $($(#[$of_variant:meta])* $Variant:ident = $number:literal : $label:expr),+ $(,)?
        }
    ) => {
        $crate::choices!(@declare
            [$(#[$attribute])* $visibility] $Enum
            $([$(#[$of_variant])*] $Variant, stringify!($Variant), Integer($number), $label;)+
        );
    };
    (@declare
        [$(#[$attribute:meta])* $visibility:vis] $Enum:ident
        $(
            [$(#[$of_variant:meta])*]
            $Variant:ident, $key:expr, $Kind:ident($stored:literal), $label:expr;
        )+
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $visibility enum $Enum {
            $($(#[$of_variant])* $Variant,)+
        }

        impl $Enum {
            /// All values, in the order in which they are declared.
            #[allow(dead_code, reason = "a program may not need it")]
            $visibility const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// The text that identifies the value in forms and files.
            #[must_use]
            #[allow(dead_code, reason = "a program may not need it")]
            $visibility const fn key(self) -> &'static str {
                match self { $(Self::$Variant => $key,)+ }
            }

            /// The text that the user sees.
            #[must_use]
            #[allow(dead_code, reason = "a program may not need it")]
            $visibility const fn label(self) -> &'static str {
                match self { $(Self::$Variant => $label,)+ }
            }

            /// The choices for a form.
            #[must_use]
            #[allow(dead_code, reason = "a program may not need it")]
            $visibility fn choices() -> $crate::Choices<Self> {
                $crate::Choices::keyed([$((Self::$Variant, Self::$Variant.key(), $label),)+])
                    .stored_as($crate::declare::stored_text)
            }

            /// The stored values as a list of SQL literals, for a `CHECK`.
            #[must_use]
            #[allow(dead_code, reason = "a program may not need it")]
            $visibility fn sql_list() -> ::std::string::String {
                $crate::declare::sql_list::<Self>()
            }
        }

        impl $crate::declare::StoredChoice for $Enum {
            const ALL: &'static [Self] = Self::ALL;

            fn stored(self) -> $crate::declare::StoredKey<'static> {
                match self {
                    $(Self::$Variant => $crate::declare::StoredKey::$Kind($stored),)+
                }
            }
        }

        impl ::std::fmt::Display for $Enum {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.key())
            }
        }

        impl ::std::str::FromStr for $Enum {
            type Err = $crate::ParseChoiceError;

            fn from_str(key: &str) -> ::std::result::Result<Self, $crate::ParseChoiceError> {
                let found = Self::ALL.iter().find(|choice| choice.key() == key);
                found.copied().ok_or_else(|| {
                    let keys = Self::ALL.iter().map(|choice| choice.key());
                    $crate::ParseChoiceError::new(stringify!($Enum), key, keys)
                })
            }
        }

        impl $crate::declare::serde::Serialize for $Enum {
            fn serialize<S: $crate::declare::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.key())
            }
        }

        impl<'de> $crate::declare::serde::Deserialize<'de> for $Enum {
            fn deserialize<D: $crate::declare::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::declare::deserialize_choice(deserializer)
            }
        }
    };
    // Last, because `pub` and `enum` aren't paths, which ends the compilation.
    ($Enum:path { $($Variant:ident : $label:expr),+ $(,)? }) => {{
        type __Enum = $Enum;
        let _none_is_missing = |value: &__Enum| match value {
            $(__Enum::$Variant => (),)+
        };
        $crate::Choices::keyed([
            $((__Enum::$Variant, stringify!($Variant), $label),)+
        ])
    }};
}

/// The error for text that isn't the key of any value of an enum that [`choices!`](crate::choices!)
/// declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseChoiceError(String);

impl ParseChoiceError {
    #[doc(hidden)]
    pub fn new(name: &str, key: &str, known: impl Iterator<Item = &'static str>) -> Self {
        let known: Vec<&str> = known.collect();
        Self(format!("“{key}” is not a valid {name}: expected one of {}", known.join(", ")))
    }
}

impl fmt::Display for ParseChoiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ParseChoiceError {}

/// Deserializes a value from its key. Called by [`choices!`](crate::choices!).
///
/// # Errors
/// If the input isn't the key of a value. The error lists the keys.
pub fn deserialize_choice<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: StoredChoice + FromStr<Err = ParseChoiceError> + fmt::Display + 'static,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(ChoiceVisitor(PhantomData))
}

struct ChoiceVisitor<T>(PhantomData<T>);

impl<T> Visitor<'_> for ChoiceVisitor<T>
where
    T: StoredChoice + FromStr<Err = ParseChoiceError> + fmt::Display + 'static,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = T::ALL.iter().map(T::to_string).collect();
        write!(f, "one of {}", keys.join(", "))
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<T, E> {
        key.parse().map_err(E::custom)
    }
}

/// What the database stores, as text. Called by [`choices!`](crate::choices!).
#[must_use]
pub fn stored_text<T: StoredChoice>(choice: &T) -> String {
    match choice.stored() {
        StoredKey::Integer(number) => number.to_string(),
        StoredKey::Text(text) => text.to_owned(),
    }
}

/// Called by [`choices!`](crate::choices!).
#[must_use]
pub fn sql_list<T: StoredChoice>() -> String {
    T::ALL.iter().map(|choice| choice.stored().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;
    use serde::de::IntoDeserializer;
    use serde::de::value::Error;

    use crate::lens::Lens as _;

    choices! {
        /// Documented.
        #[derive(PartialOrd, Ord)]
        enum Size {
            /// Also documented.
            Small = "s": "Small",
            Large = "it's": "Large",
        }
    }

    choices! {
        enum Level: i64 { High = 3: "High", Low = -1: "Low" }
    }

    #[test]
    fn one_list_has_everything() {
        assert!(Size::Small < Size::Large);
        assert_eq!(Size::choices().show(&Size::Large), "it's");
        assert_eq!(Size::choices().label(&Size::Large), Some("Large"));
        assert_eq!(Size::sql_list(), "'s', 'it''s'");
        assert_eq!(Level::sql_list(), "3, -1");
        assert_eq!(Level::choices().parse("Low"), Ok(Level::Low));
        for level in Level::ALL {
            assert_eq!(level.to_string().parse(), Ok(*level));
        }
        let error = "l".parse::<Size>().unwrap_err().to_string();
        assert_eq!(error, "“l” is not a valid Size: expected one of s, it's");
    }

    #[test]
    fn a_value_is_deserialized_from_its_key() {
        let size = |key: &str| Size::deserialize(IntoDeserializer::<Error>::into_deserializer(key));
        for value in Size::ALL {
            assert_eq!(size(value.key()), Ok(*value));
        }
        assert_eq!(
            size("Small").unwrap_err().to_string(),
            "“Small” is not a valid Size: expected one of s, it's"
        );
        // An enum that is stored as integers is serialized as its names.
        let level = Level::deserialize(IntoDeserializer::<Error>::into_deserializer("Low"));
        assert_eq!(level, Ok(Level::Low));
        let number = Level::deserialize(IntoDeserializer::<Error>::into_deserializer(3_i64));
        assert_eq!(
            number.unwrap_err().to_string(),
            "invalid type: integer `3`, expected one of High, Low"
        );
    }
}
