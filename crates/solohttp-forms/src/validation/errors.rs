//! Everything that is wrong with a form: mistakes at fields, and with the form as a whole.
//!
//! Knows nothing of how they are shown.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use crate::form::field::Field;
use crate::validation::ValidationError;

/// ValidationErrors with the names of their fields; a blank name is the whole form.
///
/// Elements report here; checks of the application use the typed [`Errors`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationErrors {
    list: Vec<(String, ValidationError)>,
    /// Which of them are at each name, so that a page of thousands of fields can ask for each.
    at: HashMap<String, Vec<usize>>,
}

impl ValidationErrors {
    /// Reports what is wrong with a field.
    pub fn add(&mut self, name: &str, mistake: impl Into<ValidationError>) {
        match self.at.get_mut(name) {
            Some(places) => places.push(self.list.len()),
            None => drop(self.at.insert(name.to_owned(), vec![self.list.len()])),
        }
        self.list.push((name.to_owned(), mistake.into()));
    }

    /// Is nothing wrong?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What is wrong with this very field.
    pub fn at<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a ValidationError> + use<'a> {
        let places = self.at.get(name).map(Vec::as_slice).unwrap_or_default();
        places.iter().map(|&place| &self.list[place].1)
    }

    /// Every field's name with its mistake, in the order in which they were found.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &ValidationError)> {
        self.list.iter().map(|(name, mistake)| (name.as_str(), mistake))
    }
}

/// What is wrong with a record `T` as it was typed.
///
/// It is an error, so `save` can return it: then the form is shown again with these errors at
/// their fields.
///
/// ```
/// use solohttp_forms::{Errors, field};
/// struct Stay { from: u32, to: u32 }
///
/// fn check(stay: &Stay, errors: &mut Errors<Stay>) {
///     if stay.to < stay.from {
///         errors.on(field!(Stay.to), "This is before the start.");
///     }
/// }
/// let mut errors = Errors::new();
/// check(&Stay { from: 3, to: 2 }, &mut errors);
/// assert_eq!(errors.to_string(), "to: This is before the start.");
/// ```
pub struct Errors<T> {
    pub(crate) mistakes: ValidationErrors,
    of: PhantomData<fn(&T)>,
}

impl<T> Errors<T> {
    /// Nothing is wrong.
    #[must_use]
    pub fn new() -> Self {
        Self { mistakes: ValidationErrors::default(), of: PhantomData }
    }

    /// Says what is wrong with one field; the others may be fine.
    #[expect(clippy::needless_pass_by_value, reason = "fields are made where they are used")]
    pub fn on<V>(&mut self, field: Field<T, V>, mistake: impl Into<ValidationError>) {
        self.mistakes.add(field.name(), mistake);
    }

    /// Says what is wrong with the record as a whole.
    pub fn whole(&mut self, mistake: impl Into<ValidationError>) {
        self.mistakes.add("", mistake);
    }

    /// Is nothing wrong?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// Every field's name with its mistake; the name is blank for the whole.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &ValidationError)> {
        self.mistakes.iter()
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

impl<T> fmt::Display for Errors<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, mistake)) in self.iter().enumerate() {
            let gap = if place == 0 { "" } else { " " };
            match name {
                "" => write!(f, "{gap}{mistake}")?,
                name => write!(f, "{gap}{name}: {mistake}")?,
            }
        }
        Ok(())
    }
}

impl<T> Error for Errors<T> {}
