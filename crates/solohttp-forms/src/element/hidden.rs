//! Values in hidden fields.

use crate::element::entry::Entry;
use crate::element::info::Layout;
use crate::element::reuse::Reuse;
use crate::element::widget::{EntryParts, Widget};
use crate::lens::{Choice, Lens};
use crate::markup::writer::Writer;
use crate::view::field::FieldView;

/// A hidden value, such as the version of a row. Don't use this for secrets, because the value is
/// part of the page's source.
pub fn hidden<L: Lens>(lens: L) -> Entry<L> {
    Entry::new("", lens, &Hidden)
}

#[derive(Debug)]
struct Hidden;

impl Widget for Hidden {
    fn is_editable(&self) -> bool {
        false
    }

    fn render(&self, _: &EntryParts<'_>, field: &FieldView, out: &mut Writer) {
        // `attr` doesn't allow these names.
        out.tag("input")
            .attr("type", "hidden")
            .attr("name", field.name())
            .attr_with("value", |out| out.value(field.text()))
            .attrs(field.own_attributes(), &[])
            .end();
    }

    fn reuse(&self, _: &[Choice]) -> Option<Reuse> {
        Some(Reuse::Text { sample: "x", fits: |_| true })
    }

    fn layout(&self) -> Layout {
        Layout::Hidden
    }
}
