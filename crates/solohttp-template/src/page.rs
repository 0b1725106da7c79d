//! The page being written: one buffer, and long literals that go in between without being copied.

use std::cell::Cell;
use std::mem;

use solohttp_core::{Bytes, IoList};

use crate::program::{PADDING, SHARE_FROM, Text};

/// A stretch of at least this many bytes becomes a piece of its own instead of being copied again.
const MOVE_FROM: usize = 512;

thread_local! {
    /// The empty buffer of an earlier page.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

#[derive(Debug)]
pub(crate) struct Page {
    /// What came after the last long literal.
    pub(crate) bytes: Vec<u8>,
    /// Everything up to it.
    before: IoList,
}

impl Page {
    pub(crate) fn with_room(room: usize) -> Self {
        // A short page is copied out in the end, so its buffer can serve the next one too.
        let mut bytes = if room < MOVE_FROM { SCRATCH.take() } else { Vec::new() };
        bytes.reserve_exact(room);
        Self { bytes, before: IoList::new() }
    }

    /// Appends a literal.
    ///
    /// A copy of a fixed 32 bytes of which the surplus is dropped again costs a quarter of a copy of
    /// unknown length.
    #[inline(always)]
    pub(crate) fn push_literal(&mut self, literals: &Bytes, text: &Text) {
        if text.len <= text.short.len() {
            let before = self.bytes.len();
            self.bytes.extend_from_slice(&text.short);
            self.bytes.truncate(before + text.len);
        } else {
            self.push_long(literals, text);
        }
    }

    #[inline(never)]
    fn push_long(&mut self, literals: &Bytes, text: &Text) {
        if text.len > PADDING {
            let range = text.start..text.start + text.len;
            if text.len < SHARE_FROM {
                self.bytes.extend_from_slice(&literals[range]);
            } else {
                self.push_shared(literals.slice(range));
            }
            return;
        }
        let block: &[u8; PADDING] = literals
            .get(text.start..)
            .and_then(<[u8]>::first_chunk)
            .expect("the literals are followed by as much padding as the block is long");
        let before = self.bytes.len();
        self.bytes.extend_from_slice(block);
        self.bytes.truncate(before + text.len);
    }

    /// Appends finished HTML, shared if it is long.
    pub(crate) fn push_html(&mut self, html: &Bytes) {
        if html.len() < SHARE_FROM {
            self.bytes.extend_from_slice(html);
        } else {
            self.push_shared(html.clone());
        }
    }

    fn push_shared(&mut self, piece: Bytes) {
        self.gather();
        self.before.push_shared(piece);
    }

    fn gather(&mut self) {
        if self.bytes.len() < MOVE_FROM {
            self.before.push_bytes(&self.bytes);
            self.bytes.clear();
        } else {
            self.before.push(mem::take(&mut self.bytes));
        }
    }

    /// The page, and how many bytes its buffer held last.
    pub(crate) fn finish(mut self) -> (IoList, usize) {
        let len = self.bytes.len();
        self.gather();
        if self.bytes.capacity() > 0 {
            SCRATCH.set(self.bytes);
        }
        (self.before, len)
    }
}
