//! `<select>`: drop-down lists with optional headings.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::element::entry::Entry;
use crate::element::reuse::Reuse;
use crate::element::widget::{EntryParts, Widget};
use crate::lens::{Choice, Choices};
use crate::markup::writer::Writer;
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
    fn render(&self, entry: &EntryParts<'_>, field: &FieldView, out: &mut Writer) {
        let EntryParts { lens, choices, .. } = entry;
        let selected = field.text();
        let select = lens.write(out.merging_tag("select", entry.merges), &[]);
        field.control_attributes(select).end();
        let is_known = choices.iter().any(|choice| choice.key == selected);
        if !(lens.has("required") && is_known) {
            let label = entry.blank_label.unwrap_or_default();
            render_option("", label, selected.is_empty(), out);
        }
        render_options(choices, field, out);
        out.raw("</select>");
    }

    fn reuse(&self, choices: &[Choice]) -> Option<Reuse> {
        Reuse::choices(choices.iter().map(|choice| choice.key.as_str()))
    }
}

/// Renders the choices under their headings, followed by submitted values that aren't choices.
pub(crate) fn render_options(choices: &[Choice], field: &FieldView, out: &mut Writer) {
    let selected: HashSet<&str> = field.texts().collect();
    for chunk in choices.chunk_by(|one, next| one.group == next.group) {
        let heading = chunk.first().and_then(|choice| choice.group.as_ref());
        if let Some(heading) = heading {
            out.tag("optgroup").attr("label", heading).end();
        }
        for choice in chunk {
            let is_selected = selected.contains(choice.key.as_str());
            render_option(&choice.key, &choice.label, is_selected, out);
        }
        if heading.is_some() {
            out.raw("</optgroup>");
        }
    }
    for text in unknown(choices, field) {
        render_option(text, &field.unavailable(text), true, out);
    }
}

fn render_option(value: &str, label: &str, selected: bool, out: &mut Writer) {
    out.tag("option").attr("value", value).choice(value, "selected", selected).end();
    out.text(label);
    out.raw("</option>");
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
