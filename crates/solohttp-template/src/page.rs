//! The page being written: one buffer, and long literals that go in between without being copied.

use std::mem;

use solohttp_core::IoList;
use solohttp_core::bytes::Bytes;

use crate::program::{SHARE_FROM, Text};

/// A stretch of at least this many bytes becomes a piece of its own instead of being copied again.
const MOVE_FROM: usize = 512;

#[derive(Debug)]
pub(crate) struct Page {
    /// What came after the last long literal.
    pub(crate) bytes: Vec<u8>,
    /// Everything up to it.
    before: IoList,
}

impl Page {
    pub(crate) fn with_room(room: usize) -> Self {
        Self { bytes: Vec::with_capacity(room), before: IoList::new() }
    }

    /// Appends a literal; behind the literals there is always padding.
    ///
    /// Most literals are a few bytes of markup. A copy of a fixed 16 or 32 bytes of which the
    /// surplus is dropped again costs a quarter of a copy of unknown length.
    #[inline(always)]
    pub(crate) fn push_literal(&mut self, literals: &Bytes, text: Text) {
        if text.len <= 16 {
            self.push_block::<16>(literals, text);
        } else {
            self.push_long(literals, text);
        }
    }

    #[inline(always)]
    fn push_block<const N: usize>(&mut self, literals: &[u8], text: Text) {
        let block: &[u8; N] = literals
            .get(text.start..)
            .and_then(<[u8]>::first_chunk)
            .expect("the literals are followed by as much padding as the largest block");
        let before = self.bytes.len();
        self.bytes.extend_from_slice(block);
        self.bytes.truncate(before + text.len);
    }

    #[inline(never)]
    fn push_long(&mut self, literals: &Bytes, text: Text) {
        let range = text.start..text.start + text.len;
        if text.len <= 64 {
            self.push_block::<64>(literals, text);
        } else if text.len < SHARE_FROM {
            self.bytes.extend_from_slice(&literals[range]);
        } else {
            self.push_shared(literals.slice(range));
        }
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

    /// The page, and how much room its buffer needed.
    pub(crate) fn finish(mut self) -> (IoList, usize) {
        let room = self.bytes.len();
        self.gather();
        (self.before, room)
    }
}
