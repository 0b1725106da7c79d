//! A form's errors: those in its fields, and those that concern the form as a whole.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use crate::form::field::Field;
use crate::validation::ValidationError;

/// Validation errors with the full names of their fields. The name is blank if the error concerns
/// the form as a whole.
///
/// Elements add errors here. The application's own checks use the typed [`Errors`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationErrors {
    list: Vec<(String, ValidationError)>,
    /// Maps each name to the indexes of its errors, so that lookups are fast even with thousands of
    /// errors. Empty if there are only a few. Creating a `HashMap` would take a noticeable part of
    /// the time of a short form.
    at: BTreeMap<String, Vec<usize>>,
}

/// Up to this many errors are scanned for each lookup.
const FEW: usize = 16;

impl ValidationErrors {
    /// Adds an error to a field.
    pub fn add(&mut self, name: &str, error: impl Into<ValidationError>) {
        self.list.push((name.to_owned(), error.into()));
        if self.list.len() > FEW {
            let indexed = if self.at.is_empty() { 0 } else { self.list.len() - 1 };
            for (index, (name, _)) in self.list.iter().enumerate().skip(indexed) {
                self.at.entry(name.clone()).or_default().push(index);
            }
        }
    }

    /// Whether there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The errors of this field.
    pub(crate) fn at<'a>(
        &'a self,
        name: &str,
    ) -> impl Iterator<Item = &'a ValidationError> + use<'a> {
        let is_few = self.list.len() <= FEW;
        let indexes = if is_few { None } else { self.at.get(name) };
        let indexes = indexes.map(Vec::as_slice).unwrap_or_default();
        // The list's own copy of the name outlives the argument.
        let few = if is_few { self.list.as_slice() } else { &[] };
        let first = few.iter().position(|(known, _)| known == name);
        let few = first.map(|first| &few[first..]).unwrap_or_default();
        let few = few.iter().filter(|(known, _)| *known == few[0].0);
        indexes.iter().map(|&index| &self.list[index].1).chain(few.map(|(_, error)| error))
    }

    /// Whether this field has errors.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self.list.len() <= FEW {
            true => self.list.iter().any(|(known, _)| known == name),
            false => self.at.contains_key(name),
        }
    }

    /// All errors with the names of their fields, in the order in which they were added.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &ValidationError)> {
        self.list.iter().map(|(name, error)| (name.as_str(), error))
    }
}

/// The validation errors for a record `T`.
///
/// This type implements [`Error`], so `save` can return it. The form is then shown again with these
/// errors next to their fields.
///
/// ```
/// use solohttp_forms::{Errors, field};
/// struct Stay { from: u32, to: u32 }
///
/// fn check(stay: &Stay, errors: &mut Errors<Stay>) {
///     if stay.to < stay.from {
///         errors.on(field!(Stay.to), "Enter a day after the start.");
///     }
/// }
/// let mut errors = Errors::new();
/// check(&Stay { from: 3, to: 2 }, &mut errors);
/// errors.on_form("The hotel is full.");
/// assert_eq!(errors.to_string(), "to: Enter a day after the start.\nThe hotel is full.");
/// ```
pub struct Errors<T> {
    pub(crate) list: ValidationErrors,
    of: PhantomData<fn(&T)>,
}

impl<T> Errors<T> {
    /// Creates an empty list.
    #[must_use]
    pub fn new() -> Self {
        Self { list: ValidationErrors::default(), of: PhantomData }
    }

    /// Adds an error to a field.
    #[expect(clippy::needless_pass_by_value, reason = "`field!` creates them in place")]
    pub fn on<V>(&mut self, field: Field<T, V>, error: impl Into<ValidationError>) {
        self.list.add(field.name(), error);
    }

    /// Adds an error for the form as a whole.
    pub fn on_form(&mut self, error: impl Into<ValidationError>) {
        self.list.add("", error);
    }

    /// Whether there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All errors with the full names of their fields. The name is blank if the error concerns the
    /// form as a whole.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &ValidationError)> {
        self.list.iter()
    }
}

impl<T> Default for Errors<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Errors<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// One error per line.
impl<T> fmt::Display for Errors<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, error)) in self.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            match name {
                "" => write!(f, "{gap}{error}")?,
                name => write!(f, "{gap}{name}: {error}")?,
            }
        }
        Ok(())
    }
}

impl<T> Error for Errors<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_errors_by_name_among_few_and_many() {
        let mut errors = ValidationErrors::default();
        let name = |index: usize| format!("field{}", index % 5);
        for count in 0..3 * FEW {
            for field in 0..6 {
                let expect: Vec<usize> = (0..count).filter(|index| index % 5 == field).collect();
                let found = errors.at(&format!("field{field}")).map(|error| match error {
                    ValidationError::TooFew { min } => *min,
                    _ => usize::MAX,
                });
                assert_eq!(found.collect::<Vec<_>>(), expect, "{field} of {count}");
            }
            errors.add(&name(count), ValidationError::TooFew { min: count });
        }
    }
}
