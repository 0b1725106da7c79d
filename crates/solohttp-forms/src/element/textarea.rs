//! `<textarea>`: several lines, kept as typed.

use std::borrow::Cow;

use solohttp_core::{IoList, html};

use crate::element::Entry;
use crate::element::entry::Widget;
use crate::lens::Text;
use crate::markup::attributes::Attributes;
use crate::markup::tag::tag;
use crate::view::FieldView;

/// Lines of text, kept as typed, blanks included; may be blank unless `required()`.
pub fn textarea(label: impl Into<Cow<'static, str>>) -> Entry<Text> {
    Entry::new(label, Text, Widget::Textarea)
}

pub(crate) fn control(lens: &Attributes, at: &FieldView) -> IoList {
    // An HTML parser drops one line break right after the start tag (WHATWG HTML 13.2.6.4.7), so
    // one is always put there, and a text that begins with its own keeps it.
    let mut inner = IoList::from("\n");
    html::escape_into(at.text(), &mut inner);
    tag("textarea").attrs(lens).attrs(&at.attributes()).content(inner)
}
