//! The buffer that a form is rendered into, and the start tags of its controls.

use std::borrow::Cow;

use solohttp_core::{IoList, html};

use crate::markup::attributes::Attributes;

/// A buffer for HTML. A whole form is rendered into a single one.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Writer {
    html: Vec<u8>,
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { html: Vec::with_capacity(bytes) }
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

    /// Appends a list of HTML, such as a custom control.
    pub(crate) fn push(&mut self, list: &IoList) {
        list.chunks().for_each(|chunk| self.html.extend_from_slice(chunk));
    }

    /// Starts a tag whose attributes all have different names.
    #[inline]
    pub(crate) fn tag(&mut self, kind: &str) -> StartTag<'_> {
        self.raw("<");
        self.raw(kind);
        StartTag { out: self, merged: None }
    }

    /// Starts a tag. If `merges` is true, an attribute replaces earlier ones with the same name.
    pub(crate) fn merging_tag(&mut self, kind: &str, merges: bool) -> StartTag<'_> {
        let tag = self.tag(kind);
        StartTag { merged: merges.then(Vec::new), ..tag }
    }
}

impl From<Writer> for IoList {
    fn from(writer: Writer) -> Self {
        writer.html.into()
    }
}

/// A start tag. Its attributes are written at once, unless later ones may replace them.
#[must_use = "call `end`"]
pub(crate) struct StartTag<'w> {
    out: &'w mut Writer,
    merged: Option<Vec<Attribute>>,
}

/// A name and an escaped value.
type Attribute = (Cow<'static, str>, Option<Writer>);

impl StartTag<'_> {
    /// Sets an attribute.
    #[inline]
    pub(crate) fn attr(self, name: &'static str, value: &str) -> Self {
        self.attr_with(name, |out| out.text(value))
    }

    /// Sets an attribute to an escaped value that the function writes.
    #[inline]
    pub(crate) fn attr_with(self, name: &'static str, write: impl FnOnce(&mut Writer)) -> Self {
        self.put(&Cow::Borrowed(name), Some(write))
    }

    /// Sets an attribute without a value, such as `hidden`, if the condition is true.
    #[inline]
    pub(crate) fn flag_if(self, name: &'static str, condition: bool) -> Self {
        if condition { self.put(&Cow::Borrowed(name), None::<fn(&mut Writer)>) } else { self }
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
    fn put(mut self, name: &Cow<'static, str>, value: Option<impl FnOnce(&mut Writer)>) -> Self {
        let Some(merged) = &mut self.merged else {
            self.out.raw(" ");
            self.out.raw(name);
            if let Some(write) = value {
                self.out.raw("=\"");
                write(self.out);
                self.out.raw("\"");
            }
            return self;
        };
        let value = value.map(|write| {
            let mut value = Writer::default();
            write(&mut value);
            value
        });
        match merged.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = value,
            None => merged.push((name.clone(), value)),
        }
        self
    }

    /// Ends the start tag.
    #[inline]
    pub(crate) fn end(self) {
        for (name, value) in self.merged.unwrap_or_default() {
            self.out.raw(" ");
            self.out.raw(&name);
            if let Some(value) = value {
                self.out.raw("=\"");
                self.out.html.extend_from_slice(&value.html);
                self.out.raw("\"");
            }
        }
        self.out.raw(">");
    }
}
