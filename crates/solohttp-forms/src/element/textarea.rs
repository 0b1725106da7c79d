//! `<textarea>`: multi-line text.

use std::borrow::Cow;

use solohttp_core::{IoList, html};

use crate::element::entry::Entry;
use crate::element::widget::{EntryParts, Widget};
use crate::lens::Text;
use crate::markup::attributes::Attributes;
use crate::markup::tag::tag;
use crate::view::field::FieldView;

/// Multi-line text, kept exactly as typed, including whitespace. Optional unless you call
/// `required()`.
pub fn textarea(label: impl Into<Cow<'static, str>>) -> Entry<Text> {
    Entry::new(label, Text, &Textarea)
}

#[derive(Debug)]
struct Textarea;

impl Widget for Textarea {
    fn control(&self, entry: &EntryParts<'_>, field: &FieldView) -> IoList {
        control(entry.lens, field)
    }
}

pub(crate) fn control(lens: &Attributes, field: &FieldView) -> IoList {
    // An HTML parser drops one line break right after the start tag (WHATWG HTML 13.2.6.4.7).
    // Always writing one preserves a leading line break in the text.
    let mut inner = IoList::from("\n");
    html::escape_into(field.text(), &mut inner);
    tag("textarea").attrs(lens).attrs(&field.attributes()).content(inner)
}
