//! The page with the form of a record, written while the record is read.
//!
//! This is the fastest way from a record to a page: each value is formatted in its final place. It
//! takes a form whose controls are all lines of text or boxes. If the fields are needed as well, for
//! example for a part of the form, they are read from the page.

use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use solohttp_core::{Bytes, Fields, html};

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
    /// The index of the next field. `None` if the page can't show one of the values.
    next: Option<usize>,
}

/// A finished page.
#[derive(Debug, Clone)]
pub(crate) struct ShownRecord {
    pub(crate) html: Bytes,
    pub(crate) form: Rc<Shared>,
}

impl<'a> RecordPage<'a> {
    pub(super) fn new(form: &'a Prerendered) -> Self {
        let len = form.len + (VALUE_LEN + ESCAPES_LEN) * form.fields.len();
        Self { form, html: Vec::with_capacity(len), run: form.start.clone(), next: Some(0) }
    }

    /// Adds the value that the function writes.
    #[inline]
    pub(crate) fn add(&mut self, write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result) {
        let field = self.next.and_then(|index| self.form.fields.get(index)?.simple.as_ref());
        let is_shown = field.is_some_and(|field| self.add_to(field, write).is_ok());
        self.next = self.next.filter(|_| is_shown).map(|index| index + 1);
    }

    #[inline]
    fn add_to(
        &mut self,
        field: &Simple,
        write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> fmt::Result {
        match field.shown {
            Shown::LineAt(at) => {
                let before = (self.html.len(), self.run.clone());
                self.copy(field.filled.start..at);
                self.flush();
                let start = self.html.len();
                write(&mut Value(&mut self.html))?;
                if self.html.len() == start {
                    // A blank field has other HTML.
                    self.html.truncate(before.0);
                    self.run = before.1;
                    self.copy(field.blank.clone());
                    return Ok(());
                }
                self.run = at..field.filled.end;
                if !html::is_plain_line(&self.html[start..]) {
                    return self.escape(start);
                }
            }
            Shown::Only(only) => {
                let start = self.html.len();
                write(&mut Value(&mut self.html))?;
                let (is_blank, fits) =
                    (self.html.len() == start, self.html[start..] == *only.as_bytes());
                self.html.truncate(start);
                if !is_blank && !fits {
                    return Err(fmt::Error);
                }
                self.copy(if is_blank { &field.blank } else { &field.filled }.clone());
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn escape(&mut self, start: usize) -> fmt::Result {
        if !is_one_line(&self.html[start..]) {
            return Err(fmt::Error);
        }
        html::escape_end(&mut self.html, start);
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

    /// The HTML, or `None` if the page can't show one of the values.
    pub(crate) fn into_html(mut self) -> Option<Vec<u8>> {
        self.next.filter(|&count| count == self.form.fields.len())?;
        self.copy(self.form.end.clone());
        self.flush();
        Some(self.html)
    }
}

/// Appends text to the page.
struct Value<'a>(&'a mut Vec<u8>);

impl fmt::Write for Value<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
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
