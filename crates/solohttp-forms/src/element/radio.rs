//! Groups of radio buttons.

use std::borrow::Cow;

use solohttp_core::{IoList, iolist};

use crate::element::entry::Entry;
use crate::element::info::Layout;
use crate::element::select::unknown;
use crate::element::widget::{EntryParts, Widget};
use crate::lens::Choices;
use crate::markup::tag::tag;
use crate::view::field::FieldView;

/// A group of radio buttons. If it is `optional()`, the first button means “no selection”.
pub fn radio<V: Clone + PartialEq + 'static>(
    label: impl Into<Cow<'static, str>>,
    choices: Choices<V>,
) -> Entry<Choices<V>> {
    Entry::new(label, choices, &Radio)
}

#[derive(Debug)]
struct Radio;

impl Widget for Radio {
    fn control(&self, entry: &EntryParts<'_>, field: &FieldView) -> IoList {
        let EntryParts { choices, blank_label, .. } = *entry;
        let required = entry.lens.has("required");
        let none = blank_label.map_or_else(|| field.words().none.to_string().into(), Cow::Borrowed);
        let none = (!required).then_some(("", none));
        let known =
            choices.iter().map(|choice| (choice.key.as_str(), choice.label.as_str().into()));
        let unknown = unknown(choices, field).map(|text| (text, field.unavailable(text).into()));
        let buttons = none.into_iter().chain(known).chain(unknown).enumerate();
        let buttons = buttons.map(|(index, (key, label)): (usize, (&str, Cow<'_, str>))| {
            let checked = field.text() == key;
            button("radio", index, key, &label, checked, required, field)
        });
        buttons.collect()
    }

    fn layout(&self) -> Layout {
        Layout::RadioGroup
    }
}

/// A radio button or checkbox in a group, with its label.
pub(crate) fn button(
    kind: &'static str,
    index: usize,
    key: &str,
    label: &str,
    checked: bool,
    required: bool,
    field: &FieldView,
) -> IoList {
    let id = format!("{}-{index}", field.id());
    let input = tag("input")
        .attr("type", kind)
        .attr("id", &id)
        .attr("name", field.name())
        .attr("value", key)
        .flag_if("checked", checked)
        .flag_if("required", required)
        .flag_if("autofocus", index == 0 && field.has_focus())
        .attr_if("aria-invalid", (kind == "checkbox" && field.has_errors()).then_some("true"))
        .attrs(field.own_attributes());
    let label = tag("label").attr("for", &id).text(label);
    tag("div").attr("class", "choice").content(iolist![input.void(), " ", label])
}
