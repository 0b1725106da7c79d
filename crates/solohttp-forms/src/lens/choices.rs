//! A list of values to choose from, each with a label and a key. This module is independent of
//! controls.

pub(crate) mod declare;

use std::collections::HashMap;

use crate::lens::{Choice, Lens};
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// A list of values to choose from, and the [`Lens`] between a value and its key.
///
/// For an enum, use [`choices!`](crate::choices!), which makes a missing variant a compile error, or
/// declares the enum.
///
/// ```
/// use solohttp_forms::Choices;
/// use solohttp_forms::lens::Lens;
///
/// let people = Choices::new([(7, "Ada"), (9, "Grace")]); // rows of a table
/// assert_eq!(people.parse("9"), Ok(9));
/// assert!(people.parse("8").is_err());
/// ```
#[derive(Debug, Clone)]
pub struct Choices<V> {
    values: Vec<V>,
    labels: Vec<Choice>,
    /// Maps each key to the index of its choice.
    indexes: HashMap<String, usize>,
    key_of: Option<fn(&V) -> String>,
}

impl<V: Clone + PartialEq + 'static> Choices<V> {
    /// Creates choices from values and labels. Each key is the value converted to a string, such as
    /// a row's id.
    ///
    /// # Panics
    /// If two values convert to the same string, or if one converts to a blank string.
    #[track_caller]
    pub fn new<L: Into<String>>(choices: impl IntoIterator<Item = (V, L)>) -> Self
    where
        V: ToString,
    {
        let keyed = choices.into_iter().map(|(value, label)| {
            let key = value.to_string();
            (value, key, label.into())
        });
        let mut list = Self::keyed(keyed);
        list.key_of = Some(V::to_string);
        list
    }

    /// Creates choices from values, keys and labels.
    ///
    /// # Panics
    /// If two keys are equal, or if a key is blank.
    #[track_caller]
    pub fn keyed<K: Into<String>, L: Into<String>>(
        choices: impl IntoIterator<Item = (V, K, L)>,
    ) -> Self {
        let (values, labels, indexes) = (Vec::new(), Vec::new(), HashMap::new());
        let mut list = Self { values, labels, indexes, key_of: None };
        for (value, key, label) in choices {
            let (key, label) = (key.into(), label.into());
            list.add(value, Choice { key, label, group: None, stored: None });
        }
        list
    }

    #[track_caller]
    fn add(&mut self, value: V, choice: Choice) {
        let key = &choice.key;
        assert!(
            !key.trim().is_empty(),
            "the choice `{}` needs a key: a blank key means that nothing was chosen",
            choice.label
        );
        let known = self.indexes.insert(key.clone(), self.values.len());
        assert!(known.is_none(), "two choices have the same key `{key}`");
        self.values.push(value);
        self.labels.push(choice);
    }

    /// Adds choices under a heading.
    ///
    /// # Panics
    /// If a key already exists.
    #[must_use]
    #[track_caller]
    pub fn group(mut self, heading: impl Into<String>, choices: Self) -> Self {
        let heading = heading.into();
        for (value, choice) in choices.values.into_iter().zip(choices.labels) {
            self.add(value, Choice { group: Some(heading.clone()), ..choice });
        }
        self.key_of = self.key_of.or(choices.key_of);
        self
    }

    /// Reverses the order. The keys don't change.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.values.reverse();
        self.labels.reverse();
        let last = self.values.len().saturating_sub(1);
        self.indexes.values_mut().for_each(|index| *index = last - *index);
        self
    }

    /// Adds what the database stores. Called by [`choices!`](crate::choices!).
    #[doc(hidden)]
    #[must_use]
    pub fn stored_as(mut self, stored: impl Fn(&V) -> String) -> Self {
        for (value, choice) in self.values.iter().zip(&mut self.labels) {
            choice.stored = Some(stored(value)).filter(|stored| *stored != choice.key);
        }
        self
    }

    fn unknown_key(&self) -> String {
        let mut key = "?".to_owned();
        while self.indexes.contains_key(&key) {
            key.push('?');
        }
        key
    }

    /// The index of this value. Tries the index `likely` first.
    fn index_of(&self, value: &V, likely: usize) -> Option<usize> {
        let by_key = || self.indexes.get(&self.key_of?(value)).copied();
        let is_at = |index: &usize| self.values.get(*index) == Some(value);
        let found = Some(likely).filter(is_at).or_else(|| by_key().filter(is_at));
        found.or_else(|| self.values.iter().position(|known| known == value))
    }

    /// The keys of several values. Takes a single pass if the values are in the same order as the
    /// choices, as they usually are.
    pub(crate) fn show_all<'a>(&self, values: impl IntoIterator<Item = &'a V>) -> Vec<String> {
        let mut likely = 0;
        let show = |value: &V| {
            let index = self.index_of(value, likely);
            likely = index.map_or(likely, |index| index + 1);
            self.key(value, index)
        };
        values.into_iter().map(show).collect()
    }

    /// The key of a value. If the value isn't a choice, for example because it is the id of a
    /// deleted row, this is a key that matches no choice. The user then has to choose again,
    /// instead of silently getting another value.
    fn key(&self, value: &V, index: Option<usize>) -> String {
        match (index, self.key_of) {
            (Some(index), _) => self.labels[index].key.clone(),
            (None, Some(key_of)) => key_of(value),
            (None, None) => self.unknown_key(),
        }
    }

    /// The label of this value, if it is one of the choices.
    #[must_use]
    pub fn label(&self, value: &V) -> Option<&str> {
        Some(&self.labels[self.index_of(value, 0)?].label)
    }
}

impl Choices<String> {
    /// Creates choices from strings that are their own labels.
    ///
    /// # Panics
    /// If two strings are equal, or if one is blank.
    #[track_caller]
    pub fn strings<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::pairs(texts.into_iter().map(|text| {
            let text = text.into();
            (text.clone(), text)
        }))
    }

    /// Creates choices from pairs of a key and its label.
    ///
    /// # Panics
    /// If two keys are equal, or if a key is blank.
    #[track_caller]
    pub fn pairs<K: Into<String>, L: Into<String>>(
        pairs: impl IntoIterator<Item = (K, L)>,
    ) -> Self {
        Self::new(pairs.into_iter().map(|(key, label)| (key.into(), label)))
    }
}

impl Choices<i64> {
    /// Creates choices with these labels, and with values that count up from `base`.
    pub fn numbered<L: Into<String>>(base: i64, labels: impl IntoIterator<Item = L>) -> Self {
        Self::new((base..).zip(labels))
    }
}

impl<V: Clone + PartialEq + 'static> Lens for Choices<V> {
    type Value = V;

    fn show(&self, value: &V) -> String {
        self.key(value, self.index_of(value, 0))
    }

    fn parse(&self, key: &str) -> Result<V, ValidationError> {
        match self.indexes.get(key).copied() {
            Some(index) => Ok(self.values[index].clone()),
            None if key.is_empty() => Err(ValidationError::Missing),
            None => Err(ValidationError::NoSuchChoice),
        }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        attributes.set_flag("required");
    }

    fn choices(&self) -> Option<&[Choice]> {
        Some(&self.labels)
    }
}
