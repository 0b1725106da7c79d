//! Values that are shown but can't be edited.

use crate::element::widget::{EntryParts, Widget};
use crate::lens;
use crate::markup::tag::tag;
use crate::markup::writer::Writer;
use crate::view::field::FieldView;

/// Shown in place of a secret, whatever its length.
pub(crate) const MASK: &str = "••••••";

/// Shows the value as text.
#[derive(Debug)]
pub(crate) struct Display;

/// Shows only whether there is a value.
#[derive(Debug)]
pub(crate) struct MaskedDisplay;

impl Widget for Display {
    fn is_editable(&self) -> bool {
        false
    }

    /// Renders the text, and also the value in a hidden field, because browsers don't send an
    /// `<output>`.
    fn render(&self, entry: &EntryParts<'_>, field: &FieldView, out: &mut Writer) {
        let mut attributes = field.attributes();
        attributes.remove("name");
        attributes.remove("autofocus");
        let label = lens::label(entry.choices, field.text());
        let hidden = tag("input").attr("type", "hidden").attr("name", field.name());
        out.push(&tag("output").attrs(&attributes).text(label));
        out.push(&hidden.attr("value", field.text()).void());
    }
}

impl Widget for MaskedDisplay {
    fn is_editable(&self) -> bool {
        false
    }

    fn render(&self, _: &EntryParts<'_>, field: &FieldView, out: &mut Writer) {
        out.tag("output").attr_with("id", |out| field.render_id(out)).end();
        out.raw(if field.text().is_empty() { "" } else { MASK });
        out.raw("</output>");
    }

    fn is_secret(&self) -> bool {
        true
    }
}
