//! Reads fields again, with types learned from the first error.
//!
//! Serde usually asks for a specific type for each field. For `#[serde(flatten)]` and tagged enums,
//! however, it buffers all values as strings first, and then rejects the string `3` where it
//! expects a number. Serde also never asks for a field that wasn't sent, even though browsers send
//! nothing for an unchecked checkbox or an empty selection. In both cases, the error names the
//! expected type, and the fields are read again with that hint. If the first attempt succeeds,
//! there is no extra cost.

use serde::de::DeserializeOwned;

use super::error::{Clue, TypeError, address};
use super::fields::FieldsDeserializer;
use super::hints::{Hints, Kind};
use super::text;

/// The maximum number of fields to read over all attempts, so that a small body can't cause much
/// work.
const MAX_WORK: usize = 100_000;

/// Reads the fields again. `first` is the error from the first attempt, which had no hints.
pub(super) fn read<T: DeserializeOwned>(
    pairs: &[(&str, &str)],
    first: TypeError,
) -> Result<T, TypeError> {
    // Joins all values into one string with separators, so that even empty values have distinct
    // addresses.
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
    let attempts = (MAX_WORK / placed.len().max(1)).clamp(16, 256);
    for _ in 0..attempts {
        let error = match T::deserialize(FieldsDeserializer::new(&placed, Some(&hints))) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        learn(&mut hints, &placed, error)?;
    }
    Err(first)
}

/// Adds a hint from the error, or returns the error if it reveals nothing new.
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

/// Returns the kind of value that a visitor expects, given its description in a serde error.
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
