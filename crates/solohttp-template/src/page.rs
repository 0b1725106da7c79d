//! The output buffer, and long literals that are inserted without copying.

use solohttp_core::{Bytes, IoList};

use crate::step::{PADDING, SHARE_FROM, Text};

/// The minimum length of a shared piece. An `IoList` would copy a shorter piece again.
const MIN_PIECE: usize = 1024;

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) bytes: Vec<u8>,
    /// Shared pieces, each with the offset in `bytes` where it is inserted.
    shared: Vec<(usize, Bytes)>,
    /// Whether the value of the last `If` is present.
    pub(crate) is_present: bool,
}

impl Page {
    pub(crate) fn with_capacity(room: usize) -> Self {
        Self { bytes: Vec::with_capacity(room), shared: Vec::new(), is_present: false }
    }

    /// Appends a literal.
    ///
    /// Copying a fixed 32 bytes and truncating takes a quarter of the time of a copy whose length
    /// is unknown at compile time.
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
