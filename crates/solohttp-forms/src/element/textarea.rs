//! `<textarea>`: multi-line text.

use std::borrow::Cow;

use crate::element::entry::Entry;
use crate::element::reuse::Reuse;
use crate::element::widget::{EntryParts, Widget};
use crate::lens::{Choice, Text};
use crate::markup::writer::Writer;
use crate::view::field::FieldView;

/// Multi-line text, kept exactly as typed, including whitespace. Optional unless you call
/// `required()`.
pub fn textarea(label: impl Into<Cow<'static, str>>) -> Entry<Text> {
    Entry::new(label, Text, &Textarea)
}

#[derive(Debug)]
struct Textarea;

impl Widget for Textarea {
    fn render(&self, entry: &EntryParts<'_>, field: &FieldView, out: &mut Writer) {
        render(entry, &[], field, out);
    }

    fn reuse(&self, _: &[Choice]) -> Option<Reuse> {
        Some(Reuse::Text { sample: "x", fits: |_| true })
    }
}

/// Renders the text area with the attributes of the lens, except these.
pub(crate) fn render(entry: &EntryParts<'_>, except: &[&str], field: &FieldView, out: &mut Writer) {
    let start = entry.lens.write(out.merging_tag("textarea", entry.merges), except);
    field.control_attributes(start).end();
    // An HTML parser drops one line break right after the start tag (WHATWG HTML 13.2.6.4.7).
    // Always writing one preserves a leading line break in the text.
    out.raw("\n");
    out.value(field.text());
    out.raw("</textarea>");
}
