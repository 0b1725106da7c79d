//! The output buffer, and long literals that are inserted without copying.

use solohttp_core::{Bytes, IoList, html};

use crate::format::number::{copy_small, push_u64};
use crate::step::{PADDING, SHARE_FROM, Text};

/// The minimum length of a shared piece. An `IoList` would copy a shorter piece again.
const MIN_PIECE: usize = 1024;

/// The room for a short value and the literal after it.
const ROOM: usize = 64;

#[derive(Debug)]
pub(crate) struct Page<'p> {
    pub(crate) bytes: Vec<u8>,
    /// The program's literal text.
    literals: &'p Bytes,
    /// Shared pieces, each with the offset in `bytes` where it is inserted.
    shared: Vec<(usize, Bytes)>,
    /// Whether the value of the last `If` is present.
    pub(crate) is_present: bool,
}

impl<'p> Page<'p> {
    pub(crate) fn with_capacity(room: usize, literals: &'p Bytes) -> Self {
        Self { bytes: Vec::with_capacity(room), literals, shared: Vec::new(), is_present: false }
    }

    /// Appends escaped text, and then a literal.
    #[inline(never)]
    pub(crate) fn push_escaped(&mut self, text: &str, after: &Text) {
        let is_done = text.len() <= html::CLEAN_LEN
            && self.push_short(after, |room| html::copy_clean(text, room).then_some(text.len()));
        if !is_done {
            self.push_escaped_slowly(text, after);
        }
    }

    #[inline(never)]
    fn push_escaped_slowly(&mut self, text: &str, after: &Text) {
        html::escape_to_vec(text, &mut self.bytes);
        self.push_literal(after);
    }

    /// Appends a value of up to 32 bytes and a literal, unless `write` returns `None`. Otherwise, it
    /// returns the length of the value. Checks the capacity only once, so that it rarely calls
    /// another function.
    #[inline(always)]
    fn push_short(
        &mut self,
        after: &Text,
        write: impl FnOnce(&mut [u8; 32]) -> Option<usize>,
    ) -> bool {
        let start = self.bytes.len();
        if self.bytes.capacity() - start < ROOM {
            return false;
        }
        self.bytes.extend_from_slice(&[0; ROOM]);
        let written = self.bytes.last_chunk_mut::<ROOM>().and_then(|room| {
            let len = write(room.first_chunk_mut()?)?;
            room.get_mut(len..)?.first_chunk_mut().map(|room| *room = after.short)?;
            Some(len)
        });
        let Some(len) = written else {
            self.bytes.truncate(start);
            return false;
        };
        if after.len <= after.short.len() {
            self.bytes.truncate(start + len + after.len);
        } else {
            self.bytes.truncate(start + len);
            self.push_long(after);
        }
        true
    }

    /// Appends text as it is, and then a literal.
    #[inline(never)]
    pub(crate) fn push_raw(&mut self, text: &str, after: &Text) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.push_literal(after);
    }

    /// Appends an integer, and then a literal.
    #[inline(never)]
    pub(crate) fn push_unsigned(&mut self, number: u64, after: &Text) {
        if !self.push_short(after, |room| copy_small(number, room)) {
            self.push_unsigned_slowly(number, after);
        }
    }

    #[inline(never)]
    fn push_unsigned_slowly(&mut self, number: u64, after: &Text) {
        push_u64(number, &mut self.bytes);
        self.push_literal(after);
    }

    /// Appends a literal.
    ///
    /// Copying a fixed 32 bytes and truncating takes a quarter of the time of a copy whose length
    /// is unknown at compile time.
    #[inline(always)]
    pub(crate) fn push_literal(&mut self, text: &Text) {
        if text.len <= text.short.len() {
            let before = self.bytes.len();
            self.bytes.extend_from_slice(&text.short);
            self.bytes.truncate(before + text.len);
        } else {
            self.push_long(text);
        }
    }

    #[inline(never)]
    fn push_long(&mut self, text: &Text) {
        let literals = self.literals;
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
            .expect("the literals are followed by a block of padding");
        let before = self.bytes.len();
        self.bytes.extend_from_slice(block);
        self.bytes.truncate(before + text.len);
    }

    /// Appends trusted HTML, which is shared if it is long.
    pub(crate) fn push_html(&mut self, html: &Bytes) {
        if html.len() < SHARE_FROM {
            self.bytes.extend_from_slice(html);
        } else {
            self.push_shared(html.clone());
        }
    }

    fn push_shared(&mut self, mut piece: Bytes) {
        let from = self.shared.last().map_or(0, |(at, _)| *at);
        let gathered = self.bytes.len() - from;
        if (1..MIN_PIECE).contains(&gathered) {
            // The text between two long literals is too short for a piece of its own, so it is
            // extended with the start of the second literal.
            self.bytes.extend_from_slice(&piece.split_to(MIN_PIECE - gathered));
        }
        if self.shared.is_empty() {
            self.shared.reserve_exact(16);
        }
        self.shared.push((self.bytes.len(), piece));
    }

    /// Returns the page and the length of its buffer.
    pub(crate) fn finish(self) -> (IoList, usize) {
        let len = self.bytes.len();
        let mut list = IoList::new();
        if self.shared.is_empty() {
            list.push(self.bytes);
            return (list, len);
        }
        let gathered = Bytes::from(self.bytes);
        let mut from = 0;
        for (at, piece) in self.shared {
            list.push_shared(gathered.slice(from..at));
            list.push_shared(piece);
            from = at;
        }
        list.push_shared(gathered.slice(from..));
        (list, len)
    }
}

const _: () = assert!(SHARE_FROM >= 2 * MIN_PIECE, "the rest of a split piece must be a piece");
