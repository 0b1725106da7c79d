//! Radio buttons: one choice, all of them in sight.

use std::borrow::Cow;

use solohttp_core::{IoList, iolist};

use crate::element::Entry;
use crate::element::choice::{Choices, Labelled};
use crate::element::entry::Widget;
use crate::element::select::unknown;
use crate::markup::attributes::Attributes;
use crate::markup::tag::tag;
use crate::view::FieldView;

/// One of these, all in sight. If it is `optional()`, a button for none comes first.
pub fn radio<V: Clone + PartialEq + 'static>(
    label: impl Into<Cow<'static, str>>,
    choices: Choices<V>,
) -> Entry<Choices<V>> {
    Entry::new(label, choices, Widget::Radio { blank: None })
}

pub(crate) fn control(
    choices: &[Labelled],
    blank: Option<&str>,
    lens: &Attributes,
    at: &FieldView,
) -> IoList {
    let required = lens.has("required");
    let none = blank.map_or_else(|| at.words().none.to_string().into(), Cow::Borrowed);
    let none = (!required).then_some(("", none));
    let known = choices.iter().map(|choice| (choice.key.as_str(), choice.label.as_str().into()));
    let gone = unknown(choices, at).map(|text| (text, at.unavailable(text).into()));
    let buttons = none.into_iter().chain(known).chain(gone).enumerate();
    let buttons = buttons.map(|(place, (key, label)): (usize, (&str, Cow<'_, str>))| {
        let checked = at.text() == key;
        button("radio", place, key, &label, checked, required, at)
    });
    buttons.collect()
}

/// One radio button or check box of a group, with its label.
pub(crate) fn button(
    kind: &'static str,
    place: usize,
    key: &str,
    label: &str,
    checked: bool,
    required: bool,
    at: &FieldView,
) -> IoList {
    let id = format!("{}-{place}", at.id());
    let input = tag("input")
        .attr("type", kind)
        .attr("id", &id)
        .attr("name", at.name())
        .attr("value", key)
        .flag_if("checked", checked)
        .flag_if("required", required)
        .flag_if("autofocus", place == 0 && at.has_focus())
        .attr_if("aria-invalid", (kind == "checkbox" && at.has_errors()).then_some("true"))
        .attrs(at.own_attributes());
    let label = tag("label").attr("for", &id).text(label);
    tag("div").attr("class", "choice").content(iolist![input.void(), " ", label])
}
