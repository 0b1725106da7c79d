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
    /// Where the HTML differs from page to page. `None` if nobody asks.
    slots: Option<Vec<(Range<usize>, Slot)>>,
}

/// A name and an escaped value.
type Attribute = (String, Option<Writer>);

/// A place in the HTML of a field that differs from page to page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The field's text.
    Value,
    /// The field's errors.
    Error,
    /// The attribute `flag` of the choice with this key, if it is chosen.
    Choice { key: String, flag: &'static str },
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { html: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// Renders one piece of a form as a list.
    pub(crate) fn list(render: impl FnOnce(&mut Self)) -> IoList {
        let mut out = Self::default();
        render(&mut out);
        out.into()
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

    /// Appends text that needs no escaping. If it is short, it is copied in two parts of fixed size,
    /// which may overlap, because this is faster than one copy of any size.
    #[inline(always)]
    pub(crate) fn plain(&mut self, text: &str) {
        let start = self.html.len();
        let mut copy_ends = |first: &[u8], last: &[u8]| {
            self.html.extend_from_slice(first);
            self.html.truncate(start + text.len() - last.len());
            self.html.extend_from_slice(last);
        };
        let bytes = text.as_bytes();
        match bytes.len() {
            4..8 => copy_ends(&ends::<4>(bytes)[0], &ends::<4>(bytes)[1]),
            8..16 => copy_ends(&ends::<8>(bytes)[0], &ends::<8>(bytes)[1]),
            _ => self.raw(text),
        }
    }

    /// Appends text, escaped. This is faster if it is one line that needs no escaping.
    pub(crate) fn line(&mut self, text: &str) {
        if html::is_plain_line(text.as_bytes()) { self.plain(text) } else { self.text(text) }
    }

    /// Appends a field's text, escaped.
    #[inline]
    pub(crate) fn value(&mut self, text: &str) {
        self.slot(|| Slot::Value, |out| out.text(text));
    }

    /// Appends a field's errors, escaped.
    pub(crate) fn error(&mut self, text: &str) {
        self.slot(|| Slot::Error, |out| out.text(text));
    }

    /// Records what the function writes as a slot.
    #[inline]
    fn slot(&mut self, slot: impl FnOnce() -> Slot, write: impl FnOnce(&mut Self)) {
        let start = self.html.len();
        write(self);
        if let Some(slots) = &mut self.slots {
            slots.push((start..self.html.len(), slot()));
        }
    }

    /// Appends bytes of HTML.
    #[inline]
    pub(crate) fn bytes(&mut self, html: &[u8]) {
        self.html.extend_from_slice(html);
    }

    /// Creates a buffer that records the slots of the HTML.
    pub(crate) fn with_slots() -> Self {
        Self { slots: Some(Vec::new()), ..Self::default() }
    }

    /// Returns the HTML and its slots, in order.
    pub(crate) fn into_slots(self) -> (Vec<u8>, Vec<(Range<usize>, Slot)>) {
        (self.html, self.slots.unwrap_or_default())
    }

    /// Appends the HTML of another buffer, with its slots.
    fn append(&mut self, other: Self) {
        let start = self.html.len();
        self.html.extend_from_slice(&other.html);
        if let Some(slots) = &mut self.slots {
            let others = other.slots.into_iter().flatten();
            slots.extend(others.map(|(at, slot)| (start + at.start..start + at.end, slot)));
        }
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

/// The first and last bytes, if there are so many.
#[inline(always)]
fn ends<const N: usize>(bytes: &[u8]) -> [[u8; N]; 2] {
    [bytes.first_chunk(), bytes.last_chunk()].map(|end| end.copied().unwrap_or([0; N]))
}

impl From<Writer> for IoList {
    fn from(writer: Writer) -> Self {
        Self::from_buffer(writer.html)
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

    /// Sets the attribute `flag` if the choice with this key is chosen.
    pub(crate) fn choice(self, key: &str, flag: &'static str, is_chosen: bool) -> Self {
        if self.0.merged.is_some() {
            return self.flag_if(flag, is_chosen);
        }
        let slot = || Slot::Choice { key: key.to_owned(), flag };
        self.0.slot(slot, |out| out.raw_flag_if(flag, is_chosen));
        self
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
                let slots = out.slots.as_ref().map(|_| Vec::new());
                let mut value = Writer { slots, ..Writer::default() };
                write(&mut value);
                value
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
    /// Writes the attribute `flag` if the condition is true.
    pub(crate) fn raw_flag_if(&mut self, flag: &str, condition: bool) {
        if condition {
            self.raw(" ");
            self.raw(flag);
        }
    }

    fn merge(&mut self, name: &str, value: Option<Self>) {
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
                self.append(value);
                self.raw("\"");
            }
        }
    }
}
