//! The page being written: one buffer, and long literals that go in between without being copied.

use solohttp_core::IoList;
use solohttp_core::bytes::Bytes;

use crate::program::SHARE_FROM;

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) bytes: Vec<u8>,
    /// Shared pieces, with the offset in `bytes` before which each belongs.
    shared: Vec<(usize, Bytes)>,
}

impl Page {
    pub(crate) fn with_room(room: usize) -> Self {
        Self { bytes: Vec::with_capacity(room), shared: Vec::new() }
    }

    /// Appends `text[start..end]`; behind the literals there is always padding.
    ///
    /// Most literals are a few bytes of markup. A copy of a fixed 16 or 32 bytes of which the
    /// surplus is dropped again costs a quarter of a copy of unknown length.
    #[inline]
    pub(crate) fn push_literal(&mut self, text: &Bytes, start: usize, end: usize) {
        let len = end - start;
        if len <= 16 {
            self.push_block::<16>(text, start, len);
        } else if len <= 64 {
            self.push_block::<64>(text, start, len);
        } else if len < SHARE_FROM {
            self.bytes.extend_from_slice(&text[start..end]);
        } else {
            self.push_shared(text.slice(start..end));
        }
    }

    #[inline]
    fn push_block<const N: usize>(&mut self, text: &[u8], start: usize, len: usize) {
        let block: &[u8; N] = text
            .get(start..)
            .and_then(<[u8]>::first_chunk)
            .expect("the literals are followed by as much padding as the largest block");
        let before = self.bytes.len();
        self.bytes.extend_from_slice(block);
        self.bytes.truncate(before + len);
    }

    /// Appends finished HTML, shared if it is long.
    pub(crate) fn push_html(&mut self, html: &Bytes) {
        if html.len() < SHARE_FROM {
            self.bytes.extend_from_slice(html);
        } else {
            self.push_shared(html.clone());
        }
    }

    #[cold]
    fn push_shared(&mut self, piece: Bytes) {
        self.shared.push((self.bytes.len(), piece));
    }

    pub(crate) fn into_iolist(self) -> IoList {
        if self.shared.is_empty() {
            let mut list = IoList::new();
            list.push(self.bytes);
            return list;
        }
        let mut list = IoList::new();
        let mut from = 0;
        let gathered = Bytes::from(self.bytes);
        for (at, piece) in self.shared {
            list.push_shared(gathered.slice(from..at));
            list.push_shared(piece);
            from = at;
        }
        list.push_shared(gathered.slice(from..));
        list
    }
}
