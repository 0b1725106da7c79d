//! Values that are shown but can't be edited.

use solohttp_core::{IoList, iolist};

use crate::element::widget::{EntryParts, Widget};
use crate::lens;
use crate::markup::tag::tag;
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
    fn control(&self, entry: &EntryParts<'_>, field: &FieldView) -> IoList {
        let mut attributes = field.attributes();
        attributes.remove("name");
        attributes.remove("autofocus");
        let label = lens::label(entry.choices, field.text());
        let hidden = tag("input").attr("type", "hidden").attr("name", field.name());
        iolist![
            tag("output").attrs(&attributes).text(label),
            hidden.attr("value", field.text()).void()
        ]
    }
}

impl Widget for MaskedDisplay {
    fn is_editable(&self) -> bool {
        false
    }

    fn control(&self, _: &EntryParts<'_>, field: &FieldView) -> IoList {
        let text = if field.text().is_empty() { "" } else { MASK };
        tag("output").attr("id", field.id()).text(text)
    }

    fn is_secret(&self) -> bool {
        true
    }
}
