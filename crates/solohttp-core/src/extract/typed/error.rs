//! The error for values that can't be deserialized. It includes a clue for another attempt: see
//! `retry`.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

/// The error for a value that doesn't have the expected type. Names the field if it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeError {
    field: Option<String>,
    problem: Problem,
    pub(super) clue: Option<Clue>,
}

impl TypeError {
    pub(super) fn new(problem: impl fmt::Display) -> Self {
        Self { field: None, problem: Problem::Message(problem.to_string()), clue: None }
    }

    /// An error whose message is a sentence about the field, such as "Field `a` is missing".
    pub(super) fn predicate(predicate: impl fmt::Display) -> Self {
        Self { field: None, problem: Problem::Predicate(predicate.to_string()), clue: None }
    }

    pub(super) fn missing(field: &str) -> Self {
        Self::predicate("is missing").in_field(field)
    }

    pub(super) fn without_clue(self) -> Self {
        Self { clue: None, ..self }
    }

    pub(super) fn in_field(mut self, name: &str) -> Self {
        self.field.get_or_insert_with(|| name.to_owned());
        self
    }

    /// The name of the invalid field, if known.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.field, &self.problem) {
            (Some(field), Problem::Message(message)) => write!(f, "Field `{field}`: {message}."),
            (None, Problem::Message(message)) => write!(f, "{message}."),
            (Some(field), Problem::Predicate(predicate)) => {
                write!(f, "Field `{field}` {predicate}.")
            }
            (None, Problem::Predicate(predicate)) => write!(f, "The value {predicate}."),
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
                let address = address(text);
                Some(Clue::Text { address, expected: expected.to_string() })
            }
            Unexpected::Unit => Some(Clue::Nothing { expected: expected.to_string() }),
            _ => None,
        };
        Self { clue, ..Self::new(format_args!("invalid type: {found}, expected {expected}")) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    /// A complete message.
    Message(String),
    /// The rest of a sentence that starts with the field.
    Predicate(String),
}

/// What an error reveals about the type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clue {
    /// The field was not sent and its type has no default.
    Missing(&'static str),
    /// Serde buffered the value at this address as a string, but then expected another type.
    Text { address: usize, expected: String },
    /// Like `Text`, but for a field that was not sent.
    Nothing { expected: String },
}

/// The address of a value, which identifies its field, because serde passes on borrowed strings
/// unchanged.
pub(super) fn address(text: &str) -> usize {
    text.as_ptr().addr()
}
