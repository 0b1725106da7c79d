//! The list itself: what is gathered, what is shared, and how two lists become one.
//! Knows nothing of numbers, text or tuples (see `convert`), and makes no system call of its own.

use std::collections::VecDeque;
use std::io::{self, IoSlice, Write};
use std::mem;

use bytes::{Buf, Bytes, BytesMut};

use crate::convert::IntoPieces;
use crate::cursor::Cursor;
use crate::front::Front;

/// Pieces shorter than this many bytes are gathered, longer ones are kept as they are.
pub(crate) const GATHER_BELOW: usize = 512;

/// The first allocation of the gather buffer, in bytes.
const FIRST_ROOM: usize = 64;

/// The gather buffer that follows a piece kept apart, in bytes: it serves many holes of a page.
const NEXT_ROOM: usize = 1024;

/// How many slices one vectored write is given at most.
const SLICES_PER_WRITE: usize = 64;

/// Bytes in pieces, in order.
#[derive(Default, Clone)]
pub struct IoList {
    head: Front,
    pieces: VecDeque<Bytes>,
    pieces_len: usize,
    tail: BytesMut,
}

impl IoList {
    /// Makes an empty list, without allocating.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an empty list with room to gather this many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { tail: BytesMut::with_capacity(bytes), ..Self::default() }
    }

    /// How many bytes the list holds, without counting them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.head.len() + self.pieces_len + self.tail.len()
    }

    /// Whether the list holds no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends anything that is made of pieces.
    pub fn push(&mut self, item: impl IntoPieces) {
        item.append_to(self);
    }

    /// Puts anything that is made of pieces before all others.
    pub fn push_front(&mut self, item: impl IntoPieces) {
        let mut list = Self::new();
        item.append_to(&mut list);
        list.push_list(mem::take(self));
        *self = list;
    }

    /// Appends a copy of the text.
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    /// Appends a copy of the bytes.
    #[inline]
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        if self.tail.capacity() - self.tail.len() < bytes.len() {
            self.grow(bytes.len());
        }
        self.tail.extend_from_slice(bytes);
    }

    /// Appends text or bytes that live as long as the program; they are not copied unless short.
    pub fn push_static(&mut self, text: &'static (impl AsRef<[u8]> + ?Sized)) {
        let bytes = text.as_ref();
        if bytes.len() < GATHER_BELOW {
            self.push_bytes(bytes);
        } else {
            self.push_piece(Bytes::from_static(bytes));
        }
    }

    /// Appends shared bytes; they are not copied unless short.
    pub fn push_shared(&mut self, bytes: Bytes) {
        if bytes.len() < GATHER_BELOW {
            self.push_bytes(&bytes);
        } else {
            self.push_piece(bytes);
        }
    }

    /// Appends bytes that may be kept; they are not copied unless short.
    pub(crate) fn push_owned(&mut self, bytes: Vec<u8>) {
        if bytes.len() < GATHER_BELOW {
            self.push_bytes(&bytes);
        } else {
            self.push_piece(bytes.into());
        }
    }

    /// Appends another list, moving the smaller of the two into the larger, so that a list which
    /// is wrapped a million times is not moved a million times.
    pub(crate) fn push_list(&mut self, mut other: Self) {
        let gathered = other.head.len() + other.tail.len();
        if other.pieces.is_empty() && gathered < GATHER_BELOW {
            self.push_bytes(other.head.as_slice());
            self.push_bytes(&other.tail);
        } else if self.weight() < other.weight() {
            mem::swap(self, &mut other);
            self.prepend_list(other);
        } else {
            self.append_list(other);
        }
    }

    fn weight(&self) -> (usize, usize) {
        (self.pieces.len(), self.head.len() + self.tail.len())
    }

    fn append_list(&mut self, mut other: Self) {
        if other.head.len() < GATHER_BELOW {
            self.push_bytes(other.head.as_slice());
        } else {
            self.push_piece(other.head.into_shared());
        }
        if other.pieces.is_empty() && other.tail.len() < GATHER_BELOW {
            self.push_bytes(&other.tail);
            return;
        }
        self.seal_tail();
        self.pieces.append(&mut other.pieces);
        self.pieces_len += other.pieces_len;
        self.tail = other.tail;
    }

    fn prepend_list(&mut self, mut other: Self) {
        if other.tail.len() < GATHER_BELOW {
            self.head.prepend(&other.tail);
        } else {
            self.seal_head();
            self.prepend_piece(other.tail.freeze());
        }
        if other.pieces.is_empty() && other.head.len() < GATHER_BELOW {
            self.head.prepend(other.head.as_slice());
            return;
        }
        self.seal_head();
        while let Some(piece) = other.pieces.pop_back() {
            self.prepend_piece(piece);
        }
        self.head = other.head;
    }

    fn push_piece(&mut self, piece: Bytes) {
        self.seal_tail();
        self.pieces_len += piece.len();
        self.pieces.push_back(piece);
    }

    fn prepend_piece(&mut self, piece: Bytes) {
        self.pieces_len += piece.len();
        self.pieces.push_front(piece);
    }

    fn seal_tail(&mut self) {
        if !self.tail.is_empty() {
            let sealed = self.tail.split().freeze();
            self.pieces_len += sealed.len();
            self.pieces.push_back(sealed);
        }
    }

    fn seal_head(&mut self) {
        if !self.head.is_empty() {
            let sealed = mem::take(&mut self.head).into_shared();
            self.prepend_piece(sealed);
        }
    }

    #[cold]
    fn grow(&mut self, wanted: usize) {
        let least = if self.pieces.is_empty() { FIRST_ROOM } else { NEXT_ROOM };
        if self.tail.is_empty() {
            self.tail = BytesMut::with_capacity(wanted.max(least));
        } else {
            self.tail.reserve(wanted.max(self.tail.len()).max(least));
        }
    }

    /// The pieces in order, none of them empty.
    pub fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        let pieces = self.pieces.iter().map(|piece| &piece[..]);
        std::iter::once(self.head.as_slice())
            .chain(pieces)
            .chain(std::iter::once(&self.tail[..]))
            .filter(|chunk| !chunk.is_empty())
    }

    /// Takes the list apart for a writer that may take any number of bytes at a time.
    #[must_use]
    pub fn cursor(self) -> Cursor {
        Cursor::new(self)
    }

    /// Drops the first bytes. The caller knows that there are so many.
    pub(crate) fn drop_front(&mut self, mut count: usize) {
        if count >= self.head.len() {
            count -= self.head.len();
            self.head = Front::default();
        } else {
            self.head.advance(count);
            return;
        }
        while let Some(piece) = self.pieces.front_mut() {
            if count < piece.len() {
                piece.advance(count);
                self.pieces_len -= count;
                return;
            }
            count -= piece.len();
            self.pieces_len -= piece.len();
            self.pieces.pop_front();
        }
        self.tail.advance(count);
    }

    /// Writes the whole list, many pieces at a time.
    ///
    /// # Errors
    ///
    /// What the writer says, except that interrupted writes are repeated; `WriteZero` if it takes
    /// no more bytes.
    pub fn write_to(&self, writer: &mut (impl Write + ?Sized)) -> io::Result<()> {
        let mut chunks = self.chunks();
        loop {
            let mut slices = [IoSlice::new(&[]); SLICES_PER_WRITE];
            let mut count = 0;
            for (slice, chunk) in slices.iter_mut().zip(&mut chunks) {
                *slice = IoSlice::new(chunk);
                count += 1;
            }
            if count == 0 {
                return Ok(());
            }
            write_all_vectored(writer, &mut slices[..count])?;
        }
    }

    /// Joins the pieces; a single piece that nobody shares is handed over without copying.
    #[must_use]
    pub fn into_bytes(mut self) -> Vec<u8> {
        match (self.head.is_empty(), self.pieces.len(), self.tail.is_empty()) {
            (true, 0, _) => self.tail.into(),
            (false, 0, true) => self.head.into_vec(),
            (true, 1, true) => self.pieces.pop_front().map(Vec::from).unwrap_or_default(),
            _ => {
                let mut joined = Vec::with_capacity(self.len());
                self.chunks().for_each(|chunk| joined.extend_from_slice(chunk));
                joined
            }
        }
    }
}

/// `Write::write_all_vectored` is not stable yet (Rust 1.95).
fn write_all_vectored(
    writer: &mut (impl Write + ?Sized),
    mut slices: &mut [IoSlice<'_>],
) -> io::Result<()> {
    while !slices.is_empty() {
        match writer.write_vectored(slices) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => IoSlice::advance_slices(&mut slices, count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
