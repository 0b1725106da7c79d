//! The page with the form of a record, written while the record is read.
//!
//! This is the fastest way from a record to a page: each value is formatted in its final place. It
//! takes a form whose controls are all lines of text or boxes. If the fields are needed as well, for
//! example for a part of the form, they are read from the page.

use std::fmt;
use std::mem;
use std::ops::Range;
use std::rc::Rc;
use std::slice;

use solohttp_core::html::{self, ShortText};
use solohttp_core::{Bytes, Fields};

use crate::element::input::is_one_line;
use crate::view::prerendered::field::{Shown, Simple};
use crate::view::prerendered::{ESCAPES_LEN, Prerendered, Shared};

/// The usual length of a value, in bytes.
const VALUE_LEN: usize = 16;

/// A page to which the values of a record are added, in the form's order.
pub(crate) struct RecordPage<'a> {
    form: &'a Prerendered,
    html: Vec<u8>,
    /// The bytes of the form's buffer that are copied next.
    run: Range<usize>,
    /// The fields whose values haven't been added yet.
    next: slice::Iter<'a, Simple>,
    /// Whether the page can show all of the values so far.
    is_right: bool,
}

/// A finished page.
#[derive(Debug, Clone)]
pub(crate) struct ShownRecord {
    pub(crate) html: Bytes,
    pub(crate) form: Rc<Shared>,
}

impl<'a> RecordPage<'a> {
    #[inline]
    pub(super) fn new(form: &'a Prerendered) -> Option<Self> {
        let next = form.simple.as_ref()?.iter();
        let len = form.len + (VALUE_LEN + ESCAPES_LEN) * next.len();
        let html = Vec::with_capacity(len);
        Some(Self { form, html, run: form.start.clone(), next, is_right: true })
    }

    /// Adds the value that the function writes.
    #[inline]
    pub(crate) fn add(&mut self, write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result) {
        let field = self.next.next();
        self.is_right &= field.is_some_and(|field| self.add_to(field, write).is_ok());
    }

    #[inline]
    fn add_to(
        &mut self,
        field: &Simple,
        write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> fmt::Result {
        let mut value = Value { short: ShortText::default(), long: None, field, page: self };
        write(&mut value)?;
        let Value { short, long, .. } = value;
        match field.shown {
            _ if long.is_none() && short.is_empty() => self.copy(field.blank.clone()),
            Shown::LineAt(at) => {
                if long.is_none() {
                    self.copy(field.filled.start..at);
                    self.flush();
                }
                self.run = at..field.filled.end;
                match long {
                    None if short.is_plain_line() => short.copy_to_vec(&mut self.html),
                    _ => return self.escape(short, long),
                }
            }
            Shown::Only(only) if ShortText::new(only) == Some(short) => {
                self.copy(field.filled.clone());
            }
            Shown::Only(_) => return Err(fmt::Error),
        }
        Ok(())
    }

    /// Escapes a value that isn't plain, or is on the page from this index on.
    #[inline(never)]
    fn escape(&mut self, short: ShortText, long: Option<usize>) -> fmt::Result {
        if long.is_none() && short.is_line() {
            short.escape_to_vec(&mut self.html);
            return Ok(());
        }
        let start = long.unwrap_or_else(|| {
            let start = self.html.len();
            short.copy_to_vec(&mut self.html);
            start
        });
        let text = &self.html[start..];
        if !html::is_plain_line(text) {
            if !is_one_line(text) {
                return Err(fmt::Error);
            }
            html::escape_end(&mut self.html, start);
        }
        Ok(())
    }

    #[inline]
    fn copy(&mut self, bytes: Range<usize>) {
        if bytes.start != self.run.end {
            self.flush();
            self.run.start = bytes.start;
        }
        self.run.end = bytes.end;
    }

    #[inline]
    fn flush(&mut self) {
        self.html.extend_from_slice(&self.form.html[self.run.clone()]);
        self.run.start = self.run.end;
    }

    /// Takes the HTML, or `None` if the page can't show one of the values.
    #[inline]
    pub(crate) fn finish(&mut self) -> Option<Vec<u8>> {
        if !self.is_right || self.next.len() > 0 {
            return None;
        }
        self.copy(self.form.end.clone());
        self.flush();
        Some(mem::take(&mut self.html))
    }
}

/// A value that is being written.
struct Value<'v, 'a> {
    short: ShortText,
    /// Where the value starts on the page, if it is longer.
    long: Option<usize>,
    field: &'v Simple,
    page: &'v mut RecordPage<'a>,
}

impl fmt::Write for Value<'_, '_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.long.is_none() && self.short.push(text) { Ok(()) } else { self.write_long(text) }
    }
}

impl Value<'_, '_> {
    /// Writes the value to the page, because it is too long. Fails if the field shows no text.
    #[inline(never)]
    fn write_long(&mut self, text: &str) -> fmt::Result {
        let Shown::LineAt(at) = self.field.shown else { return Err(fmt::Error) };
        if self.long.is_none() {
            self.page.copy(self.field.filled.start..at);
            self.page.flush();
            self.long = Some(self.page.html.len());
            self.short.copy_to_vec(&mut self.page.html);
        }
        self.page.html.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl ShownRecord {
    /// The fields of the record, as read from the page.
    pub(crate) fn fields(&self) -> Fields {
        self.form.html.get().and_then(|form| form.read(&self.html)).unwrap_or_default()
    }
}

impl Prerendered {
    /// The fields on a page of this form. The HTML before the value ends with a quote, so it differs
    /// from that of a blank field, and the next quote ends the value.
    fn read(&self, html: &[u8]) -> Option<Fields> {
        let part = |range: &Range<usize>| &self.html[range.clone()];
        let mut rest = html.strip_prefix(part(&self.start))?;
        let mut fields = Fields::new();
        for field in &self.fields {
            let Simple { blank, filled, shown } = field.simple.as_ref()?;
            let before = match shown {
                Shown::LineAt(at) => part(&(filled.start..*at)),
                Shown::Only(_) => part(filled),
            };
            let after_start = rest.strip_prefix(before);
            rest = match (shown, after_start) {
                (Shown::LineAt(at), Some(value)) => {
                    let end = value.iter().position(|&byte| byte == b'"')?;
                    let (value, after) = value.split_at(end);
                    fields.push(field.name, html::unescape(str::from_utf8(value).ok()?));
                    after.strip_prefix(part(&(*at..filled.end)))?
                }
                (Shown::Only(only), Some(after)) => {
                    fields.push(field.name, only);
                    after
                }
                (Shown::LineAt(_), None) => {
                    fields.push(field.name, "");
                    rest.strip_prefix(part(blank))?
                }
                (Shown::Only(_), None) => rest.strip_prefix(part(blank))?,
            };
        }
        Some(fields)
    }
}
