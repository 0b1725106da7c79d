//! The page being written: one buffer, and long literals that go in between without being copied.

use solohttp_core::{Bytes, IoList};

use crate::step::{PADDING, SHARE_FROM, Text};

/// An `IoList` copies shorter pieces once more, each into memory of its own if long ones follow.
const PIECE_FROM: usize = 1024;

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) bytes: Vec<u8>,
    /// Shared pieces, with the offset in `bytes` before which each belongs.
    shared: Vec<(usize, Bytes)>,
    /// Whether there is anything in the value that was asked about last.
    pub(crate) answer: bool,
}

impl Page {
    pub(crate) fn with_room(room: usize) -> Self {
        Self { bytes: Vec::with_capacity(room), shared: Vec::new(), answer: false }
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

    fn push_shared(&mut self, mut piece: Bytes) {
        let from = self.shared.last().map_or(0, |(at, _)| *at);
        let gathered = self.bytes.len() - from;
        if (1..PIECE_FROM).contains(&gathered) {
            // The text of a slot between two long literals grows until it is a piece.
            self.bytes.extend_from_slice(&piece.split_to(PIECE_FROM - gathered));
        }
        if self.shared.is_empty() {
            self.shared.reserve_exact(16);
        }
        self.shared.push((self.bytes.len(), piece));
    }

    /// The page, and how much room its buffer needed.
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

const _: () = assert!(SHARE_FROM >= 2 * PIECE_FROM, "what is left of a shared piece is one");
