//! Groups of radio buttons.

use std::borrow::Cow;

use crate::element::entry::Entry;
use crate::element::info::Layout;
use crate::element::reuse::Reuse;
use crate::element::select::unknown;
use crate::element::widget::{EntryParts, Widget};
use crate::lens::{Choice, Choices};
use crate::markup::writer::Writer;
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
    fn render(&self, entry: &EntryParts<'_>, field: &FieldView, out: &mut Writer) {
        let EntryParts { choices, blank_label, .. } = *entry;
        let required = entry.lens.has("required");
        let none = blank_label.map_or_else(|| field.words().none.to_string().into(), Cow::Borrowed);
        let none = (!required).then_some(("", none));
        let known =
            choices.iter().map(|choice| (choice.key.as_str(), choice.label.as_str().into()));
        let unknown = unknown(choices, field).map(|text| (text, field.unavailable(text).into()));
        let buttons = none.into_iter().chain(known).chain(unknown).enumerate();
        let text = field.text();
        buttons.for_each(|(index, (key, label)): (usize, (&str, Cow<'_, str>))| {
            let button = ChoiceButton { kind: "radio", index, key, label: &label, required };
            button.render(text == key, field, out);
        });
    }

    fn reuse(&self, choices: &[Choice]) -> Option<Reuse> {
        Reuse::choices(choices.iter().map(|choice| choice.key.as_str()))
    }

    fn layout(&self) -> Layout {
        Layout::RadioGroup
    }
}

/// A radio button or checkbox in a group, with its label.
pub(crate) struct ChoiceButton<'a> {
    pub(crate) kind: &'static str,
    pub(crate) index: usize,
    pub(crate) key: &'a str,
    pub(crate) label: &'a str,
    pub(crate) required: bool,
}

impl ChoiceButton<'_> {
    pub(crate) fn render(&self, checked: bool, field: &FieldView, out: &mut Writer) {
        let index = self.index.to_string();
        let render_id = |out: &mut Writer| {
            field.render_id(out);
            out.raw("-");
            out.raw(&index);
        };
        out.raw("<div class=\"choice\">");
        let mut input = out
            .merging_tag("input", !field.own_attributes().is_empty())
            .attr("type", self.kind)
            .attr_with("id", render_id)
            .attr("name", field.name())
            .attr("value", self.key)
            .choice(self.key, "checked", checked)
            .flag_if("required", self.required)
            .flag_if("autofocus", self.index == 0 && field.has_focus());
        if self.kind == "checkbox" && field.has_errors() {
            input = input.attr("aria-invalid", "true");
        }
        input.attrs(field.own_attributes(), &[]).end();
        out.raw(" ");
        out.tag("label").attr_with("for", render_id).end();
        out.text(self.label);
        out.raw("</label></div>");
    }
}
