//! Reads fields again with what a first failure has told about their types.
//!
//! Serde asks a deserializer for a type, field by field, except where it can't know the field yet:
//! `#[serde(flatten)]` and tagged enums store every value first, and then refuse the text `3` for a
//! number. And a field that wasn't sent is never asked for, although a browser sends nothing for an
//! unticked box and an empty selection. In both cases the error says what was expected, so the
//! fields are read once more with that hint. Records that fit at once pay nothing.

use std::collections::{HashMap, HashSet};

use serde::de::DeserializeOwned;

use super::TypeError;
use super::fields::FieldsDeserializer;
use super::text;

/// How many fields are read again at most, over all tries: a small body must not cause much work.
const MOST_WORK: usize = 100_000;

/// What an error tells about the type of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clue {
    /// The field was not sent, and its type has no default.
    Missing(&'static str),
    /// The text at this address was stored as text, and this was expected instead.
    Text { address: usize, expected: String },
    /// The same for a field that was not sent.
    Nothing { expected: String },
}

/// What a stored value has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Bool,
    Sequence,
    /// A blank number: `None` if that is possible.
    Nothing,
}

/// What is known beside the fields themselves.
#[derive(Debug, Default)]
pub(super) struct Hints {
    kinds: HashMap<usize, Kind>,
    /// The last texts of repeated names that have to be sequences; `kinds` are those of elements.
    sequences: HashSet<usize>,
    /// Fields that were not sent, in the order in which they were missed.
    absent: Vec<(&'static str, Option<Kind>)>,
    /// The field that has just become [`Kind::Nothing`], which is an error unless it's optional.
    blank: Option<String>,
}

impl Hints {
    pub(super) fn of(&self, text: &str, is_element: bool) -> Option<Kind> {
        if !is_element && self.sequences.contains(&address(text)) {
            return Some(Kind::Sequence);
        }
        self.kinds.get(&address(text)).copied()
    }

    /// False if that was known already, and did not help.
    fn add(&mut self, address: usize, kind: Kind) -> bool {
        match kind {
            Kind::Sequence => self.sequences.insert(address),
            _ => self.kinds.insert(address, kind).is_none(),
        }
    }

    pub(super) fn absent(&self) -> &[(&'static str, Option<Kind>)] {
        &self.absent
    }
}

/// Where a text lies. Serde hands a borrowed text on as it is, so this names a field.
pub(super) fn address(text: &str) -> usize {
    text.as_ptr().addr()
}

/// Reads the fields again after `first` was the error of reading them without hints.
pub(super) fn read<T: DeserializeOwned>(
    pairs: &[(&str, &str)],
    first: TypeError,
) -> Result<T, TypeError> {
    // All values in one text with something between them, so that blank ones have addresses too.
    let mut text = String::new();
    for (_, value) in pairs {
        text.push_str(value);
        text.push('\n');
    }
    let mut start = 0;
    let placed: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| {
            let end = start + value.len();
            let placed = &text[start..end];
            start = end + 1;
            (*name, placed)
        })
        .collect();
    let mut hints = Hints::default();
    if let Some(Clue::Missing(name)) = first.clue {
        hints.absent.push((name, None));
    }
    let tries = (MOST_WORK / placed.len().max(1)).clamp(16, 256);
    for _ in 0..tries {
        let error = match T::deserialize(FieldsDeserializer::new(&placed, Some(&hints))) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        learn(&mut hints, &placed, error)?;
    }
    Err(first)
}

/// Adds what the error tells, or returns it if that is nothing new.
fn learn(hints: &mut Hints, placed: &[(&str, &str)], error: TypeError) -> Result<(), TypeError> {
    let blank = hints.blank.take();
    match &error.clue {
        Some(Clue::Missing(name)) if hints.absent.iter().all(|(known, _)| known != name) => {
            hints.absent.push((*name, None));
        }
        Some(Clue::Nothing { expected }) => {
            if let Some(name) = blank {
                return text::check_number("", expected).map_err(|error| error.in_field(&name));
            }
            match (hints.absent.last_mut(), kind(expected)) {
                (Some((_, known @ None)), kind @ (Kind::Bool | Kind::Sequence)) => {
                    *known = Some(kind);
                }
                (Some((name, _)), _) => return Err(TypeError::missing(name)),
                (None, _) => return Err(error),
            }
        }
        Some(Clue::Text { address: at, expected }) => {
            let Some((name, text)) = placed.iter().find(|(_, text)| address(text) == *at) else {
                return Err(error);
            };
            let mut kind = kind(expected);
            if kind == Kind::Number && text.trim().is_empty() {
                kind = Kind::Nothing;
                hints.blank = Some((*name).to_owned());
            } else if kind == Kind::Number {
                text::check_number(text, expected).map_err(|error| error.in_field(name))?;
            }
            if !hints.add(*at, kind) {
                return Err(error.in_field(name));
            }
        }
        _ => return Err(error),
    }
    Ok(())
}

/// The kind that serde's visitors mean by what they say they expect.
fn kind(expected: &str) -> Kind {
    if expected == "a boolean" {
        Kind::Bool
    } else if ["a sequence", "a set", "an array", "a tuple"]
        .iter()
        .any(|start| expected.starts_with(start))
    {
        Kind::Sequence
    } else {
        Kind::Number
    }
}
