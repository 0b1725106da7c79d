//! Values that nobody edits: carried along unseen, or shown.

use solohttp_core::{IoList, iolist};

use crate::element::Entry;
use crate::element::choice::Labelled;
use crate::element::entry::Widget;
use crate::lens::Lens;
use crate::markup::tag::tag;
use crate::view::FieldView;

/// A value that is carried along unseen, such as the version of a row. Not a secret: it is in the
/// page's source.
pub fn hidden<L: Lens>(lens: L) -> Entry<L> {
    Entry::new("", lens, Widget::Hidden)
}

pub(crate) fn control(at: &FieldView) -> IoList {
    tag("input")
        .attr("type", "hidden")
        .attr("name", at.name())
        .attr("value", at.text())
        .attrs(at.own_attributes())
        .void()
}

/// That there is a secret, and neither what it is nor how long.
pub(crate) fn masked(at: &FieldView) -> IoList {
    tag("output").attr("id", at.id()).text(if at.text().is_empty() {
        ""
    } else {
        "••••••"
    })
}

/// The value as text, and unseen once more, because `<output>` is not sent.
pub(crate) fn display(choices: &[Labelled], at: &FieldView) -> IoList {
    let label = choices.iter().find(|choice| choice.key == at.text()).map(|choice| &choice.label);
    let mut attributes = at.attributes();
    attributes.remove("name");
    attributes.remove("autofocus");
    let shown = tag("output").attrs(&attributes).text(label.map_or(at.text(), String::as_str));
    iolist![
        shown,
        tag("input").attr("type", "hidden").attr("name", at.name()).attr("value", at.text()).void()
    ]
}
