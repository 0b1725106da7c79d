//! Multiple choice: groups of checkboxes, and lists that allow multiple selections.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use solohttp_core::{Fields, IoList};

use crate::element::cell::CellKind;
use crate::element::info::{ElementInfo, Layout, info_methods};
use crate::element::radio::ChoiceButton;
use crate::element::reuse::Reuse;
use crate::element::{Element, select};
use crate::form::data::FormData;
use crate::lens::{self, Choices, Lens};
use crate::markup::writer::Writer;
use crate::validation::ValidationError;
use crate::validation::errors::ValidationErrors;
use crate::view::field::FieldView;

/// A multiple-choice element. The value is a `Vec`, a `BTreeSet` or another collection.
#[derive(Clone)]
pub struct Many<V, C> {
    info: ElementInfo,
    choices: Choices<V>,
    initial: Vec<String>,
    min: usize,
    max: Option<usize>,
    boxes: bool,
    collection: PhantomData<fn() -> C>,
}

/// A group of checkboxes.
pub fn checkboxes<V, C>(label: impl Into<Cow<'static, str>>, choices: Choices<V>) -> Many<V, C> {
    Many::new(label, choices, true)
}

/// A list that allows multiple selections.
pub fn multi_select<V, C>(label: impl Into<Cow<'static, str>>, choices: Choices<V>) -> Many<V, C> {
    Many::new(label, choices, false)
}

impl<V, C> Many<V, C> {
    fn new(label: impl Into<Cow<'static, str>>, choices: Choices<V>, boxes: bool) -> Self {
        Self {
            info: ElementInfo::new(label),
            choices,
            initial: Vec::new(),
            min: 0,
            max: None,
            boxes,
            collection: PhantomData,
        }
    }

    info_methods!();

    /// Requires at least one choice.
    #[must_use]
    pub fn required(self) -> Self {
        self.at_least(1)
    }

    /// Sets the minimum number of choices.
    #[must_use]
    pub fn at_least(mut self, min: usize) -> Self {
        self.min = min;
        self
    }

    /// Sets the maximum number of choices.
    #[must_use]
    pub fn at_most(mut self, max: usize) -> Self {
        self.max = Some(max);
        self
    }
}

impl<V: Clone + PartialEq + 'static, C> Many<V, C> {
    /// Sets the choices that are selected in the form for a new record.
    #[must_use]
    pub fn initial(mut self, values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<V> = values.into_iter().collect();
        self.initial = self.choices.show_all(&values);
        self
    }

    fn read(&self, data: &FormData, name: &str) -> Result<Vec<V>, ValidationError> {
        let mut seen = HashSet::new();
        // A blank key means that nothing was chosen.
        let keys = data.texts(name).filter(|key| !key.is_empty() && seen.insert(*key));
        let values = keys.map(|key| self.choices.parse(key));
        let values = values.collect::<Result<Vec<V>, ValidationError>>()?;
        match (values.len(), self.min, self.max) {
            (0, 1, _) => Err(ValidationError::Missing),
            (count, min, _) if count < min => Err(ValidationError::TooFew { min }),
            (count, _, Some(max)) if count > max => Err(ValidationError::TooMany { max }),
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

    fn info(&self) -> &ElementInfo {
        &self.info
    }

    fn layout(&self) -> Layout {
        if self.boxes { Layout::CheckGroup } else { Layout::Single }
    }

    fn blank(&self, name: &str, fields: &mut Fields) {
        self.initial.iter().for_each(|key| fields.push(name, key));
    }

    fn show(&self, name: &str, values: &C, fields: &mut Fields) {
        fields.extend(self.choices.show_all(values).into_iter().map(|key| (name, key)));
    }

    fn parse(&self, name: &str, data: &FormData, errors: &mut ValidationErrors) -> Option<C> {
        match self.read(data, name) {
            Ok(values) => Some(values.into_iter().collect()),
            Err(error) => {
                errors.add(name, error);
                None
            }
        }
    }

    fn control(&self, field: &FieldView) -> IoList {
        Writer::list(|out| self.render_control(field, out))
    }

    fn render_control(&self, field: &FieldView, out: &mut Writer) {
        let choices = self.choices.choices().unwrap_or_default();
        if !self.boxes {
            let mut start = out
                .merging_tag("select", self.info.has_attributes())
                .flag_if("multiple", true)
                .flag_if("required", field.is_required());
            if self.is_required() && !field.is_required() {
                start = start.attr("aria-required", "true");
            }
            field.control_attributes(start).end();
            select::render_options(choices, field, out);
            return out.raw("</select>");
        }
        let selected: HashSet<&str> = field.texts().collect();
        let known = choices
            .iter()
            .map(|choice| (choice.key.as_str(), Cow::Borrowed(choice.label.as_str())));
        let unknown =
            select::unknown(choices, field).map(|text| (text, field.unavailable(text).into()));
        known.chain(unknown).enumerate().for_each(|(index, (key, label))| {
            let kind = "checkbox";
            let button = ChoiceButton { kind, index, key, label: &label, required: false };
            button.render(selected.contains(key), field, out);
        });
    }

    fn reuse(&self) -> Option<Reuse> {
        let choices = self.choices.choices().unwrap_or_default();
        Reuse::choices(choices.iter().map(|choice| choice.key.as_str()))
    }

    fn is_required(&self) -> bool {
        self.min > 0
    }

    fn cell(&self) -> Option<CellKind<'_>> {
        self.choices.choices().map(CellKind::Choices)
    }

    fn describe(&self, name: &str, data: &FormData) -> String {
        let choices = self.choices.choices().unwrap_or_default();
        // Only the first 80 characters are quoted, so there is no need to format thousands of
        // choices.
        let some = data.texts(name).take(100);
        some.map(|key| lens::label(choices, key)).collect::<Vec<_>>().join(", ")
    }
}

impl<V, C> fmt::Debug for Many<V, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Many").field("info", &self.info).finish_non_exhaustive()
    }
}
