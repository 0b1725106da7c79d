//! HTML from which the texts have been cut out, and pages that are put together from it.

use std::ops::Range;
use std::ptr;

use solohttp_core::{IoList, html};

use crate::element::input::is_one_line;
use crate::markup::writer::{Slot, Writer};
use crate::view::prerendered::field::{KeptField, Shown, Simple};
use crate::view::prerendered::messages::FieldMessages;
use crate::view::prerendered::texts::Texts;

/// A part of a buffer, and the places of the texts that are missing from it.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) range: Range<usize>,
    slots: Vec<(usize, Slot)>,
}

impl Cut {
    /// Appends HTML to the buffer, except the slots that pass the test.
    pub(super) fn new(out: Writer, is_missing: fn(&Slot) -> bool, buffer: &mut Vec<u8>) -> Self {
        let (html, slots) = out.into_slots();
        let (start, mut end) = (buffer.len(), 0);
        let missing = slots.into_iter().filter(|(_, slot)| is_missing(slot));
        let missing = missing.map(|(text, slot)| {
            buffer.extend_from_slice(&html[end..text.start]);
            end = text.end;
            (buffer.len(), slot)
        });
        let slots = missing.collect();
        buffer.extend_from_slice(&html[end..]);
        Self { range: start..buffer.len(), slots }
    }

    pub(super) fn has_value(&self) -> bool {
        self.slots.iter().any(|(_, slot)| *slot == Slot::Value)
    }

    /// The place of the field's text, if that is the only slot.
    pub(super) fn value(&self) -> Option<usize> {
        match *self.slots {
            [(at, Slot::Value)] => Some(at),
            _ => None,
        }
    }

    pub(super) fn has_choice(&self, wanted: &str) -> bool {
        let is_wanted = |slot: &Slot| matches!(slot, Slot::Choice { key, .. } if key == wanted);
        self.slots.iter().any(|(_, slot)| is_wanted(slot))
    }
}

/// A page that is put together. Adjacent parts of a buffer are copied at once.
pub(super) struct Page<'a> {
    buffer: &'a [u8],
    /// The bytes of the buffer that are copied next.
    run: Range<usize>,
    out: Writer,
}

impl<'a> Page<'a> {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { buffer: &[], run: 0..0, out: Writer::with_capacity(bytes) }
    }

    /// Appends a part of a buffer.
    #[inline(always)]
    pub(super) fn copy(&mut self, buffer: &'a [u8], bytes: Range<usize>) {
        if !ptr::eq(buffer, self.buffer) {
            self.flush();
            (self.buffer, self.run) = (buffer, bytes.start..bytes.start);
        }
        self.copy_near(bytes);
    }

    /// Appends HTML, with the text and the errors in their places.
    #[inline]
    pub(super) fn fill<'m>(
        &mut self,
        buffer: &'a [u8],
        cut: &Cut,
        text: &str,
        errors: impl FnOnce() -> FieldMessages<'m>,
    ) {
        match &*cut.slots {
            [] => self.copy(buffer, cut.range.clone()),
            _ => self.fill_slots(buffer, cut, text, errors()),
        }
    }

    /// Appends the HTML of fields in their usual state, up to the first one that isn't simple, or
    /// whose text doesn't fit. Returns their number.
    #[inline(never)]
    pub(super) fn fill_simple(
        &mut self,
        buffer: &'a [u8],
        fields: &[KeptField],
        texts: &mut Texts<'_>,
    ) -> usize {
        if !ptr::eq(buffer, self.buffer) {
            self.copy(buffer, 0..0);
        }
        for (index, field) in fields.iter().enumerate() {
            let Some(Simple { blank, filled, shown }) = &field.simple else { return index };
            let text = texts.find(field.name);
            match (*shown, text) {
                (_, None | Some("")) => self.copy_near(blank.clone()),
                (Shown::LineAt(at), Some(text)) if html::is_plain_line(text.as_bytes()) => {
                    self.copy_near(filled.start..at);
                    self.flush().plain(text);
                    self.run = at..filled.end;
                }
                (Shown::LineAt(at), Some(text)) if is_one_line(text.as_bytes()) => {
                    self.copy_near(filled.start..at);
                    self.flush().text(text);
                    self.run = at..filled.end;
                }
                (Shown::Only(only), Some(text)) if text == only => self.copy_near(filled.clone()),
                _ => return index,
            }
            if text.is_some() {
                texts.take();
            }
        }
        fields.len()
    }

    /// Appends another part of the same buffer.
    #[inline(always)]
    fn copy_near(&mut self, bytes: Range<usize>) {
        if bytes.start != self.run.end {
            self.flush();
            self.run.start = bytes.start;
        }
        self.run.end = bytes.end;
    }

    #[inline(never)]
    fn fill_slots(&mut self, buffer: &'a [u8], cut: &Cut, text: &str, errors: FieldMessages<'_>) {
        let mut start = cut.range.start;
        for (end, slot) in &cut.slots {
            self.copy(buffer, start..*end);
            start = *end;
            match slot {
                Slot::Value if text.is_empty() => {}
                Slot::Value => self.flush().line(text),
                Slot::Choice { key, flag } => {
                    if key == text {
                        self.flush().raw_flag_if(flag, true);
                    }
                }
                Slot::Error => {
                    let out = self.flush();
                    for (index, error) in errors.iter().enumerate() {
                        if index > 0 {
                            out.raw(" ");
                        }
                        out.raw(error);
                    }
                }
            }
        }
        self.copy(buffer, start..cut.range.end);
    }

    /// The end of the page so far, for HTML that isn't kept.
    #[inline]
    pub(super) fn flush(&mut self) -> &mut Writer {
        self.out.bytes(&self.buffer[self.run.clone()]);
        self.run.start = self.run.end;
        &mut self.out
    }

    pub(super) fn into_list(mut self) -> IoList {
        self.flush();
        self.out.into()
    }
}
