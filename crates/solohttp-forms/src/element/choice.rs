//! Values to choose from: a list of values, each with the key that is sent and a label.
//!
//! Knows nothing of selects or radio buttons; they show what is listed here.

mod declare;

use std::collections::HashMap;

use crate::lens::Lens;
use crate::markup::attributes::Attributes;
use crate::validation::ValidationError;

/// What a user sees of a choice, and what the browser sends for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// What is sent; unique among the choices, never blank.
    pub key: String,
    /// What the user reads.
    pub label: String,
    /// The heading it stands under, if any.
    pub group: Option<String>,
}

/// The label of the choice with this key; the key itself if there is none.
pub(crate) fn label<'a>(choices: &'a [Labelled], key: &'a str) -> &'a str {
    choices.iter().find(|choice| choice.key == key).map_or(key, |choice| choice.label.as_str())
}

/// A list of values to choose from. It is the [`Lens`] between a value and its key.
///
/// For an enum, [`choices!`](crate::choices) makes the compiler check that none is missing.
///
/// ```
/// use solohttp_forms::Choices;
/// use solohttp_forms::lens::Lens;
///
/// let people = Choices::new([(7, "Ada"), (9, "Grace")]); // as read from a table
/// assert_eq!(people.parse("9"), Ok(9));
/// assert!(people.parse("8").is_err());
/// ```
#[derive(Debug, Clone)]
pub struct Choices<V> {
    values: Vec<V>,
    labels: Vec<Labelled>,
    /// Where each key is.
    places: HashMap<String, usize>,
    key_of: Option<fn(&V) -> String>,
}

impl<V: Clone + PartialEq + 'static> Choices<V> {
    /// Values with labels; the key is the value's own text, such as the number of a row.
    ///
    /// # Panics
    /// If two values have the same text, or one has none.
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

    /// Values, each with a key and a label.
    ///
    /// # Panics
    /// If two keys are the same, or one is blank.
    #[track_caller]
    pub fn keyed<K: Into<String>, L: Into<String>>(
        choices: impl IntoIterator<Item = (V, K, L)>,
    ) -> Self {
        let (values, labels, places) = (Vec::new(), Vec::new(), HashMap::new());
        let mut list = Self { values, labels, places, key_of: None };
        for (value, key, label) in choices {
            list.add(value, Labelled { key: key.into(), label: label.into(), group: None });
        }
        list
    }

    #[track_caller]
    fn add(&mut self, value: V, labelled: Labelled) {
        let key = &labelled.key;
        assert!(
            !key.trim().is_empty(),
            "the choice `{}` needs a key that is not blank: blank means that nothing was chosen",
            labelled.label
        );
        let known = self.places.insert(key.clone(), self.values.len());
        assert!(known.is_none(), "two choices have the key `{key}`: only one could ever be chosen");
        self.values.push(value);
        self.labels.push(labelled);
    }

    /// Adds choices under a heading.
    ///
    /// # Panics
    /// If a key is there already.
    #[must_use]
    #[track_caller]
    pub fn group(mut self, heading: impl Into<String>, choices: Self) -> Self {
        let heading = heading.into();
        for (value, labelled) in choices.values.into_iter().zip(choices.labels) {
            self.add(value, Labelled { group: Some(heading.clone()), ..labelled });
        }
        self.key_of = self.key_of.or(choices.key_of);
        self
    }

    /// The same in the opposite order; keys stay as they are.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.values.reverse();
        self.labels.reverse();
        let last = self.values.len().saturating_sub(1);
        self.places.values_mut().for_each(|place| *place = last - *place);
        self
    }

    fn unknown_key(&self) -> String {
        let mut key = "?".to_owned();
        while self.places.contains_key(&key) {
            key.push('?');
        }
        key
    }

    /// Where this value is, looked for first where it is likely to be.
    fn place(&self, value: &V, likely: usize) -> Option<usize> {
        let by_key = || self.places.get(&self.key_of?(value)).copied();
        let is_at = |place: &usize| self.values.get(*place) == Some(value);
        let found = Some(likely).filter(is_at).or_else(|| by_key().filter(is_at));
        found.or_else(|| self.values.iter().position(|known| known == value))
    }

    /// The keys of several values. They mostly come in the order of the choices, and then take no
    /// longer than one pass through these.
    pub(crate) fn show_all<'a>(&self, values: impl IntoIterator<Item = &'a V>) -> Vec<String> {
        let mut likely = 0;
        let show = |value: &V| {
            let place = self.place(value, likely);
            likely = place.map_or(likely, |place| place + 1);
            self.key(value, place)
        };
        values.into_iter().map(show).collect()
    }

    /// A value that is not among the choices, such as the number of a row that was deleted, is
    /// shown as a key that none has: the user must choose again, and nothing is chosen silently.
    fn key(&self, value: &V, place: Option<usize>) -> String {
        match (place, self.key_of) {
            (Some(place), _) => self.labels[place].key.clone(),
            (None, Some(key_of)) => key_of(value),
            (None, None) => self.unknown_key(),
        }
    }

    /// The values in order.
    #[must_use]
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> {
        self.values.iter()
    }

    /// What the user reads for this value, if it is among the choices.
    #[must_use]
    pub fn label(&self, value: &V) -> Option<&str> {
        Some(&self.labels[self.place(value, 0)?].label)
    }
}

impl Choices<String> {
    /// Texts that are their own labels.
    ///
    /// # Panics
    /// If two are the same, or one is blank.
    #[track_caller]
    pub fn strings<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::pairs(texts.into_iter().map(|text| {
            let text = text.into();
            (text.clone(), text)
        }))
    }

    /// Texts to keep, each with a label.
    ///
    /// # Panics
    /// If two are the same, or one is blank.
    #[track_caller]
    pub fn pairs<K: Into<String>, L: Into<String>>(
        pairs: impl IntoIterator<Item = (K, L)>,
    ) -> Self {
        Self::new(pairs.into_iter().map(|(key, label)| (key.into(), label)))
    }
}

impl Choices<i64> {
    /// Labels that are numbered from `base` on: the number is what is kept.
    pub fn numbered<L: Into<String>>(base: i64, labels: impl IntoIterator<Item = L>) -> Self {
        Self::new((base..).zip(labels))
    }
}

impl<V: Clone + PartialEq + 'static> Lens for Choices<V> {
    type Value = V;

    fn show(&self, value: &V) -> String {
        self.key(value, self.place(value, 0))
    }

    fn parse(&self, key: &str) -> Result<V, ValidationError> {
        match self.places.get(key).copied() {
            Some(place) => Ok(self.values[place].clone()),
            None if key.is_empty() => Err(ValidationError::Missing),
            None => Err(ValidationError::NoSuchChoice),
        }
    }

    fn attributes(&self, attributes: &mut Attributes) {
        attributes.set_flag("required");
    }

    fn choices(&self) -> Option<&[Labelled]> {
        Some(&self.labels)
    }
}
