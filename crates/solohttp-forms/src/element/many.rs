//! Several of a list: check boxes in a group, or a select that takes many.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use solohttp_core::{Fields, IoList};

use crate::element::choice::{self, Choices};
use crate::element::{Element, Face, Shape, face_methods, radio, select};
use crate::form::sent::Sent;
use crate::lens::Lens;
use crate::markup::tag::tag;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::FieldView;

/// Any number of choices, kept in a `Vec`, a `BTreeSet` or another collection of the record's.
#[derive(Clone)]
pub struct Many<V, C> {
    face: Face,
    choices: Choices<V>,
    initial: Vec<String>,
    least: usize,
    most: Option<usize>,
    boxes: bool,
    collection: PhantomData<fn() -> C>,
}

/// Any number of these, as check boxes.
pub fn checkboxes<V, C>(label: impl Into<Cow<'static, str>>, choices: Choices<V>) -> Many<V, C> {
    Many::new(label, choices, true)
}

/// Any number of these, from a list.
pub fn multi_select<V, C>(label: impl Into<Cow<'static, str>>, choices: Choices<V>) -> Many<V, C> {
    Many::new(label, choices, false)
}

impl<V, C> Many<V, C> {
    fn new(label: impl Into<Cow<'static, str>>, choices: Choices<V>, boxes: bool) -> Self {
        Self {
            face: Face::new(label),
            choices,
            initial: Vec::new(),
            least: 0,
            most: None,
            boxes,
            collection: PhantomData,
        }
    }

    face_methods!();

    /// At least one.
    #[must_use]
    pub fn required(self) -> Self {
        self.at_least(1)
    }

    /// At least so many.
    #[must_use]
    pub fn at_least(mut self, least: usize) -> Self {
        self.least = least;
        self
    }

    /// At most so many.
    #[must_use]
    pub fn at_most(mut self, most: usize) -> Self {
        self.most = Some(most);
        self
    }
}

impl<V: Clone + PartialEq + 'static, C> Many<V, C> {
    /// What is chosen in the form for a new record.
    #[must_use]
    pub fn initial(mut self, values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<V> = values.into_iter().collect();
        self.initial = self.choices.show_all(&values);
        self
    }

    fn read(&self, sent: &Sent, name: &str) -> Result<Vec<V>, ValidationError> {
        let mut seen = HashSet::new();
        // A blank says that nothing was chosen.
        let keys = sent.texts(name).filter(|key| !key.is_empty() && seen.insert(*key));
        let values = keys.map(|key| self.choices.parse(key));
        let values = values.collect::<Result<Vec<V>, ValidationError>>()?;
        match (values.len(), self.least, self.most) {
            (0, 1, _) => Err(ValidationError::Missing),
            (is, least, _) if is < least => Err(ValidationError::TooFew { least }),
            (is, _, Some(most)) if is > most => Err(ValidationError::TooMany { most }),
            _ => Ok(values),
        }
    }
}

impl<V, C> Element for Many<V, C>
where
    V: Clone + PartialEq + 'static,
    C: FromIterator<V> + 'static,
    for<'a> &'a C: IntoIterator<Item = &'a V>,
{
    type Value = C;

    fn face(&self) -> &Face {
        &self.face
    }

    fn shape(&self) -> Shape {
        if self.boxes { Shape::CheckGroup } else { Shape::Single }
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        self.initial.iter().for_each(|key| fields.push(name, key));
    }

    fn show(&self, name: &str, values: &C, fields: &mut Fields) {
        fields.extend(self.choices.show_all(values).into_iter().map(|key| (name, key)));
    }

    fn parse(&self, name: &str, sent: &Sent, mistakes: &mut ValidationErrors) -> Option<C> {
        match self.read(sent, name) {
            Ok(values) => Some(values.into_iter().collect()),
            Err(mistake) => {
                mistakes.add(name, mistake);
                None
            }
        }
    }

    fn control(&self, at: &FieldView) -> IoList {
        let choices = self.choices.choices().unwrap_or_default();
        if !self.boxes {
            return tag("select")
                .flag_if("multiple", true)
                .flag_if("required", self.is_required())
                .attrs(&at.attributes())
                .content(select::options(choices, at));
        }
        let chosen: HashSet<&str> = at.texts().collect();
        let known = choices.iter().map(|choice| (choice.key.as_str(), choice.label.clone()));
        let gone = select::unknown(choices, at).map(|text| (text, at.unavailable(text)));
        let boxes = known.chain(gone).enumerate().map(|(place, (key, label))| {
            let checked = chosen.contains(key);
            radio::button("checkbox", place, key, &label, checked, false, at)
        });
        boxes.collect()
    }

    fn is_required(&self) -> bool {
        self.least > 0
    }

    fn say(&self, name: &str, sent: &Sent) -> String {
        let choices = self.choices.choices().unwrap_or_default();
        // Nobody reads more of thousands.
        let some = sent.texts(name).take(100);
        some.map(|key| choice::label(choices, key)).collect::<Vec<_>>().join(", ")
    }
}

impl<V, C> fmt::Debug for Many<V, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Many").field("face", &self.face).finish_non_exhaustive()
    }
}
