//! `<select>`, of one choice or of several, with headings.

use std::borrow::Cow;
use std::collections::HashSet;

use solohttp_core::IoList;

use crate::element::Entry;
use crate::element::choice::{Choices, Labelled};
use crate::element::entry::Widget;
use crate::markup::attributes::Attributes;
use crate::markup::tag::{option, tag};
use crate::view::FieldView;

/// One of these, chosen from a list that folds.
///
/// The first line is blank unless something must be, and is, chosen; so nothing is chosen by
/// not looking.
pub fn select<V: Clone + PartialEq + 'static>(
    label: impl Into<Cow<'static, str>>,
    choices: Choices<V>,
) -> Entry<Choices<V>> {
    Entry::new(label, choices, Widget::Select { blank: None })
}

pub(crate) fn control(
    choices: &[Labelled],
    blank: Option<&str>,
    lens: &Attributes,
    at: &FieldView,
) -> IoList {
    let chosen = at.text();
    let mut inner = IoList::new();
    let is_known = choices.iter().any(|choice| choice.key == chosen);
    if !(lens.has("required") && is_known) {
        inner.push(option("", blank.unwrap_or_default(), chosen.is_empty()));
    }
    inner.push(options(choices, at));
    tag("select").attrs(lens).attrs(&at.attributes()).content(inner)
}

/// The choices under their headings, and what was chosen though it is none of them.
pub(crate) fn options(choices: &[Labelled], at: &FieldView) -> IoList {
    let mut list = IoList::new();
    let chosen: HashSet<&str> = at.texts().collect();
    for chunk in choices.chunk_by(|one, next| one.group == next.group) {
        let options = chunk
            .iter()
            .map(|choice| option(&choice.key, &choice.label, chosen.contains(choice.key.as_str())));
        let options: IoList = options.collect();
        match chunk.first().and_then(|choice| choice.group.as_ref()) {
            Some(heading) => list.push(tag("optgroup").attr("label", heading).content(options)),
            None => list.push(options),
        }
    }
    for text in unknown(choices, at) {
        list.push(option(text, &at.unavailable(text), true));
    }
    list
}

/// What was sent and is none of the choices; shown again, or the redisplay would lose it.
pub(crate) fn unknown<'a>(
    choices: &'a [Labelled],
    at: &'a FieldView,
) -> impl Iterator<Item = &'a str> {
    let keys: HashSet<&str> = choices.iter().map(|choice| choice.key.as_str()).collect();
    at.texts().filter(move |text| !text.is_empty() && !keys.contains(text))
}
