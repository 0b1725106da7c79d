//! The buffer that a form is rendered into, and the start tags of its controls.

use std::ops::Range;

use solohttp_core::{IoList, html};

use crate::markup::attributes::Attributes;

/// A buffer for HTML. A whole form is rendered into a single one.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Writer {
    html: Vec<u8>,
    /// The attributes of the current start tag, if later ones may replace them.
    merged: Option<Vec<Attribute>>,
    /// Where the last field's text is.
    value: Option<Range<usize>>,
}

/// A name and an escaped value.
type Attribute = (String, Option<Vec<u8>>);

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { html: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// Renders one piece of a form as a list.
    pub(crate) fn list(render: impl FnOnce(&mut Self)) -> IoList {
        let mut out = Self::default();
        render(&mut out);
        out.html.into()
    }

    /// Appends HTML.
    #[inline]
    pub(crate) fn raw(&mut self, html: &str) {
        self.html.extend_from_slice(html.as_bytes());
    }

    /// Appends text, escaped.
    #[inline]
    pub(crate) fn text(&mut self, text: &str) {
        html::escape_to_vec(text, &mut self.html);
    }

    /// Appends a field's text, escaped.
    #[inline]
    pub(crate) fn value(&mut self, text: &str) {
        let start = self.html.len();
        self.text(text);
        self.value = Some(start..self.html.len());
    }

    /// Returns where the last field's text is, if a field was rendered since the last call.
    pub(crate) fn take_value(&mut self) -> Option<Range<usize>> {
        self.value.take()
    }

    /// Appends bytes of HTML.
    #[inline]
    pub(crate) fn bytes(&mut self, html: &[u8]) {
        self.html.extend_from_slice(html);
    }

    /// Removes HTML.
    pub(crate) fn cut(&mut self, range: Range<usize>) {
        self.html.drain(range);
    }

    /// The place of the HTML that the function appends.
    pub(crate) fn range_of(&mut self, render: impl FnOnce(&mut Self)) -> Range<usize> {
        let start = self.html.len();
        render(self);
        start..self.html.len()
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.html
    }

    /// Appends a list of HTML, such as a custom control.
    pub(crate) fn push(&mut self, list: &IoList) {
        list.chunks().for_each(|chunk| self.html.extend_from_slice(chunk));
    }

    /// Starts a tag whose attributes all have different names.
    #[inline]
    pub(crate) fn tag(&mut self, kind: &str) -> StartTag<'_> {
        self.raw("<");
        self.raw(kind);
        StartTag(self)
    }

    /// Starts a tag. If `merges` is true, an attribute replaces earlier ones with the same name.
    pub(crate) fn merging_tag(&mut self, kind: &str, merges: bool) -> StartTag<'_> {
        let tag = self.tag(kind);
        tag.0.merged = merges.then(Vec::new);
        tag
    }
}

impl From<Writer> for IoList {
    fn from(writer: Writer) -> Self {
        writer.html.into()
    }
}

/// A start tag. Its attributes are written at once, unless later ones may replace them.
#[must_use = "call `end`"]
pub(crate) struct StartTag<'w>(&'w mut Writer);

impl StartTag<'_> {
    /// Sets an attribute.
    #[inline]
    pub(crate) fn attr(self, name: &'static str, value: &str) -> Self {
        self.attr_with(name, |out| out.text(value))
    }

    /// Sets an attribute to a value that needs no escaping.
    #[inline]
    pub(crate) fn raw(self, name: &'static str, value: &'static str) -> Self {
        self.attr_with(name, |out| out.raw(value))
    }

    /// Sets an attribute to an escaped value that the function writes.
    #[inline]
    pub(crate) fn attr_with(self, name: &'static str, write: impl FnOnce(&mut Writer)) -> Self {
        self.put(name, Some(write))
    }

    /// Sets an attribute without a value, such as `hidden`, if the condition is true.
    #[inline]
    pub(crate) fn flag_if(self, name: &'static str, condition: bool) -> Self {
        if condition { self.put(name, None::<fn(&mut Writer)>) } else { self }
    }

    /// Sets these attributes, except those with the names in `except`.
    pub(crate) fn attrs(self, attributes: &Attributes, except: &[&str]) -> Self {
        self.attrs_if(attributes, |name| !except.contains(&name))
    }

    /// Sets those of the attributes whose names pass the test.
    pub(crate) fn attrs_if(mut self, attributes: &Attributes, test: impl Fn(&str) -> bool) -> Self {
        for (name, value) in attributes.iter() {
            if test(name) {
                self = self.put(name, value.map(|value| move |out: &mut Writer| out.text(value)));
            }
        }
        self
    }

    #[inline]
    fn put(self, name: &str, value: Option<impl FnOnce(&mut Writer)>) -> Self {
        let out = &mut *self.0;
        if out.merged.is_some() {
            let value = value.map(|write| {
                let mut value = Writer::default();
                write(&mut value);
                value.html
            });
            out.merge(name, value);
            return self;
        }
        out.raw(" ");
        out.raw(name);
        if let Some(write) = value {
            out.raw("=\"");
            write(out);
            out.raw("\"");
        }
        self
    }

    /// Ends the start tag.
    #[inline]
    pub(crate) fn end(self) {
        if let Some(merged) = self.0.merged.take() {
            self.0.write_merged(merged);
        }
        self.0.raw(">");
    }
}

impl Writer {
    fn merge(&mut self, name: &str, value: Option<Vec<u8>>) {
        let merged = self.merged.get_or_insert_default();
        match merged.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = value,
            None => merged.push((name.to_owned(), value)),
        }
    }

    fn write_merged(&mut self, merged: Vec<Attribute>) {
        for (name, value) in merged {
            self.raw(" ");
            self.raw(&name);
            if let Some(value) = value {
                self.raw("=\"");
                self.html.extend_from_slice(&value);
                self.raw("\"");
            }
        }
    }
}
