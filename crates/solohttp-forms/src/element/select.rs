//! `<select>`: drop-down lists with optional headings.

use std::borrow::Cow;
use std::collections::HashSet;

use solohttp_core::IoList;

use crate::element::entry::Entry;
use crate::element::widget::{EntryParts, Widget};
use crate::lens::{Choice, Choices};
use crate::markup::tag::{option, tag};
use crate::view::field::FieldView;

/// A drop-down list of these choices.
///
/// The first option is blank unless a choice is required and one is already selected. This prevents
/// a required choice from being made by default.
pub fn select<V: Clone + PartialEq + 'static>(
    label: impl Into<Cow<'static, str>>,
    choices: Choices<V>,
) -> Entry<Choices<V>> {
    Entry::new(label, choices, &Select)
}

#[derive(Debug)]
struct Select;

impl Widget for Select {
    fn control(&self, entry: &EntryParts<'_>, field: &FieldView) -> IoList {
        let EntryParts { lens, choices, .. } = *entry;
        let selected = field.text();
        let mut inner = IoList::new();
        let is_known = choices.iter().any(|choice| choice.key == selected);
        if !(lens.has("required") && is_known) {
            inner.push(option("", entry.blank_label.unwrap_or_default(), selected.is_empty()));
        }
        inner.push(options(choices, field));
        tag("select").attrs(lens).attrs(&field.attributes()).content(inner)
    }
}

/// The choices under their headings, followed by submitted values that aren't choices.
pub(crate) fn options(choices: &[Choice], field: &FieldView) -> IoList {
    let mut list = IoList::new();
    let selected: HashSet<&str> = field.texts().collect();
    for chunk in choices.chunk_by(|one, next| one.group == next.group) {
        let options = chunk.iter().map(|choice| {
            option(&choice.key, &choice.label, selected.contains(choice.key.as_str()))
        });
        let options: IoList = options.collect();
        match chunk.first().and_then(|choice| choice.group.as_ref()) {
            Some(heading) => list.push(tag("optgroup").attr("label", heading).content(options)),
            None => list.push(options),
        }
    }
    for text in unknown(choices, field) {
        list.push(option(text, &field.unavailable(text), true));
    }
    list
}

/// The field's values that aren't choices. They are rendered too, so that they aren't lost when the
/// form is shown again.
pub(crate) fn unknown<'a>(
    choices: &'a [Choice],
    field: &'a FieldView,
) -> impl Iterator<Item = &'a str> {
    let keys: HashSet<&str> = choices.iter().map(|choice| choice.key.as_str()).collect();
    field.texts().filter(move |text| !text.is_empty() && !keys.contains(text))
}
