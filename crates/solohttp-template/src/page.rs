//! The output buffer, and long literals that are inserted without copying.

use solohttp_core::{Bytes, IoList, html};

use crate::format::number::{push_u64, small_number};
use crate::step::{PADDING, SHARE_FROM, SHORT, Text};

/// The minimum length of a shared piece. An `IoList` would copy a shorter piece again.
const MIN_PIECE: usize = 1024;

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
    #[inline]
    pub(crate) fn with_capacity(room: usize, literals: &'p Bytes) -> Self {
        Self { bytes: Vec::with_capacity(room), literals, shared: Vec::new(), is_present: false }
    }

    /// Appends escaped text, and then a literal.
    #[inline(never)]
    pub(crate) fn push_escaped(&mut self, text: &str, after: &Text) {
        match html::clean_block(text) {
            Some(block) if self.has_room() => {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(&block);
                self.bytes.truncate(start + text.len());
                self.push_after(after);
            }
            _ => self.push_escaped_slowly(text, after),
        }
    }

    #[inline(never)]
    fn push_escaped_slowly(&mut self, text: &str, after: &Text) {
        html::escape_to_vec(text, &mut self.bytes);
        self.push_literal(after);
    }

    /// Returns whether a short piece fits. If this is checked before a piece is appended, the
    /// function doesn't have to save any registers for the case that the buffer grows.
    #[inline(always)]
    fn has_room(&self) -> bool {
        self.bytes.capacity() - self.bytes.len() >= SHORT
    }

    /// Appends a literal if it is short and fits. Returns whether it did.
    #[inline(always)]
    pub(crate) fn push_if_short(&mut self, text: &Text) -> bool {
        let is_short = self.has_room() && text.len <= SHORT;
        if is_short {
            let start = self.bytes.len();
            self.bytes.extend_from_slice(&text.short);
            self.bytes.truncate(start + text.len);
        }
        is_short
    }

    /// Appends a literal. Better than `push_literal` in a loop, because it needs fewer registers.
    #[inline(always)]
    pub(crate) fn push_after(&mut self, text: &Text) {
        if !self.push_if_short(text) {
            self.push_long(text);
        }
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
        match small_number(number) {
            Some((digits, len)) if self.has_room() => {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(&digits);
                self.bytes.truncate(start + len);
                self.push_after(after);
            }
            _ => self.push_unsigned_slowly(number, after),
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
            let range = text.range();
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

    #[inline]
    pub(crate) fn into_list(self) -> IoList {
        let Self { bytes, shared, .. } = self;
        if shared.is_empty() { IoList::from(bytes) } else { join(bytes, shared) }
    }
}

#[inline(never)]
fn join(bytes: Vec<u8>, shared: Vec<(usize, Bytes)>) -> IoList {
    let gathered = Bytes::from(bytes);
    let mut list = IoList::new();
    let mut from = 0;
    for (at, piece) in shared {
        list.push_shared(gathered.slice(from..at));
        list.push_shared(piece);
        from = at;
    }
    list.push_shared(gathered.slice(from..));
    list
}

const _: () = assert!(SHARE_FROM >= 2 * MIN_PIECE, "the rest of a split piece must be a piece");
