//! The list itself: which bytes are copied, which are kept as pieces, and how lists are joined.

use std::collections::VecDeque;
use std::io::{self, IoSlice, Write};
use std::{iter, mem};

use bytes::{Buf, Bytes};

use crate::buffer::{Buffer, MAX_CAPACITY};

/// Pieces shorter than this are copied into a buffer; longer ones are kept as they are.
///
/// A kept piece costs an I/O vector, plus another one for the text between it and the next piece.
/// The table shows the extra cost of keeping a piece instead of copying it, in nanoseconds, for a
/// 64 KiB page that is built and written to a loopback socket (Linux 6.18, x86-64):
///
/// | bytes in a piece | 64 | 128 | 256 | 512 | 1024 | 2048 |
/// |---|---|---|---|---|---|---|
/// | nothing between the pieces | 45 | 45 | 35 | 20 | −5 | −40 |
/// | 8 bytes between the pieces | 150 | 150 | 140 | 120 | 50 | −60 |
pub(crate) const COPY_BELOW: usize = 1024;

/// A list of bytes with a known length, stored as pieces that can be written without joining them
/// first.
///
/// The list is always flat: pushing a list onto another moves the pieces of the shorter one into
/// the longer one. Wrapping a list a million times costs no more than a million pushes, and writing
/// or dropping it never recurses.
///
/// Short pieces are copied into buffers of up to 64 KiB. Static, shared and owned pieces of 1024
/// bytes or more are never copied; clones share them.
///
/// ```
/// use solohttp_iolist::{IoList, iolist};
///
/// let mut list = IoList::from("Peace be with you. ");
/// list.push(("This is visit ", 3));
/// let page = iolist!["<p>", list, "</p>"];
/// assert_eq!(page.len(), 41);
/// assert_eq!(page, "<p>Peace be with you. This is visit 3</p>");
/// ```
#[derive(Default, Clone)]
pub struct IoList {
    // The content is `head`, then `pieces`, then `tail`. `head` is empty until something is pushed
    // to the front.
    head: Buffer,
    pieces: VecDeque<Bytes>,
    tail: Buffer,
    pieces_len: usize,
}

impl IoList {
    /// Creates an empty list, without allocating.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an empty list with a buffer of this capacity.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { tail: Buffer::with_capacity(bytes), ..Self::default() }
    }

    /// Creates a list from bytes that more will be pushed onto, or that are sent only once.
    ///
    /// Other owned bytes become a piece that clones of the list share. That takes two allocations,
    /// which is a noticeable part of the time of a short page. Here, a clone copies the bytes.
    ///
    /// ```
    /// use solohttp_iolist::IoList;
    ///
    /// let mut list = IoList::from_buffer(b"<p>".to_vec());
    /// list.push("Hello");
    /// assert_eq!(list, "<p>Hello");
    /// ```
    #[must_use]
    #[inline]
    pub fn from_buffer(bytes: Vec<u8>) -> Self {
        Self { tail: bytes.into(), ..Self::default() }
    }

    /// Builds the list in its final place, because an `IoList` is long enough that moving it takes a
    /// noticeable part of the time of a short page.
    #[inline]
    pub(crate) fn from_owned(bytes: Vec<u8>) -> Self {
        if bytes.len() >= COPY_BELOW {
            return Self::from_piece(bytes.into());
        }
        Self::from_buffer(bytes)
    }

    /// Same as [`from_owned`](Self::from_owned) for shared bytes, which are copied if they are short.
    #[inline]
    pub(crate) fn from_shared(bytes: Bytes) -> Self {
        if bytes.len() >= COPY_BELOW {
            return Self::from_piece(bytes);
        }
        Self::from_buffer(bytes.to_vec())
    }

    #[inline(never)]
    fn from_piece(piece: Bytes) -> Self {
        let pieces_len = piece.len();
        Self { pieces: VecDeque::from([piece]), pieces_len, ..Self::default() }
    }

    /// The number of bytes, in constant time.
    #[must_use]
    pub fn len(&self) -> usize {
        self.head.len() + self.pieces_len + self.tail.len()
    }

    /// Whether the list has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a copy of the text.
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    /// Appends a copy of the bytes.
    #[inline]
    pub(crate) fn push_bytes(&mut self, bytes: &[u8]) {
        if !self.tail.try_append(bytes) {
            self.extend_tail(bytes);
        }
    }

    /// Starts a new buffer if the tail is full, because growing a large one would copy it.
    #[cold]
    #[inline(never)]
    fn extend_tail(&mut self, bytes: &[u8]) {
        if self.tail.is_full_for(bytes.len()) {
            self.seal_tail();
            self.tail = Buffer::with_capacity(MAX_CAPACITY);
        }
        self.tail.append(bytes);
    }

    /// Appends static text or bytes, which are shared unless they are short.
    #[inline]
    pub fn push_static(&mut self, text: &'static (impl AsRef<[u8]> + ?Sized)) {
        let bytes = text.as_ref();
        if bytes.len() < COPY_BELOW {
            self.push_bytes(bytes);
        } else {
            self.push_piece(Bytes::from_static(bytes));
        }
    }

    /// Appends reference-counted bytes, which are shared unless they are short.
    pub fn push_shared(&mut self, bytes: Bytes) {
        if bytes.len() < COPY_BELOW {
            self.push_bytes(&bytes);
        } else {
            self.push_piece(bytes);
        }
    }

    /// Appends owned bytes, which are moved unless they are short.
    pub(crate) fn push_owned(&mut self, bytes: Vec<u8>) {
        if bytes.len() >= COPY_BELOW {
            self.push_piece(bytes.into());
        } else if self.tail.is_unallocated() {
            self.tail = bytes.into();
        } else {
            self.push_bytes(&bytes);
        }
    }

    /// Appends the bytes of another list; long pieces are shared.
    pub(crate) fn push_clone(&mut self, other: &Self) {
        self.push_bytes(other.head.as_slice());
        other.pieces.iter().for_each(|piece| self.push_shared(piece.clone()));
        self.push_bytes(other.tail.as_slice());
    }

    /// Appends a list by moving the shorter of the two into the longer, so that a piece is moved
    /// only when the list that contains it at least doubles.
    ///
    /// If both lists have the same number of pieces, the one with fewer buffered bytes counts as
    /// the shorter one, so that one buffer keeps growing instead of becoming many pieces. The
    /// choice barely affects the cost of copying buffers, because only short ones are copied.
    pub(crate) fn push_list(&mut self, mut other: Self) {
        if self.is_empty() && self.tail.is_unallocated() {
            *self = other;
        } else if other.pieces.is_empty() && other.buffered_len() < COPY_BELOW {
            self.push_bytes(other.head.as_slice());
            self.push_bytes(other.tail.as_slice());
        } else if self.weight() < other.weight() {
            mem::swap(self, &mut other);
            self.prepend_list(other);
        } else {
            self.append_list(other);
        }
    }

    fn weight(&self) -> (usize, usize) {
        (self.pieces.len(), self.buffered_len())
    }

    fn buffered_len(&self) -> usize {
        self.head.len() + self.tail.len()
    }

    fn append_list(&mut self, mut other: Self) {
        if other.head.len() < COPY_BELOW {
            self.push_bytes(other.head.as_slice());
        } else {
            self.push_piece(other.head.into_shared());
        }
        if other.pieces.is_empty() && other.tail.len() < COPY_BELOW {
            self.push_bytes(other.tail.as_slice());
            return;
        }
        self.seal_tail();
        self.pieces.append(&mut other.pieces);
        self.pieces_len += other.pieces_len;
        self.tail = other.tail;
    }

    fn prepend_list(&mut self, mut other: Self) {
        if other.tail.len() < COPY_BELOW {
            self.head.prepend(other.tail.as_slice());
        } else {
            self.seal_head();
            self.prepend_piece(other.tail.into_shared());
        }
        if other.pieces.is_empty() && other.head.len() < COPY_BELOW {
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

    /// Turns the tail buffer into a piece. Copies a short one, so that the buffer can be reused.
    fn seal_tail(&mut self) {
        let sealed = match self.tail.len() {
            0 => return,
            1..COPY_BELOW => Bytes::copy_from_slice(self.tail.as_slice()),
            _ => mem::take(&mut self.tail).into_shared(),
        };
        self.tail.clear();
        self.pieces_len += sealed.len();
        self.pieces.push_back(sealed);
    }

    fn seal_head(&mut self) {
        if !self.head.is_empty() {
            let sealed = mem::take(&mut self.head).into_shared();
            self.prepend_piece(sealed);
        }
    }

    /// Iterates over the bytes as contiguous, non-empty chunks.
    pub fn chunks(&self) -> impl Iterator<Item = &[u8]> {
        iter::once(self.head.as_slice())
            .chain(self.pieces.iter().map(|piece| &piece[..]))
            .chain(iter::once(self.tail.as_slice()))
            .filter(|chunk| !chunk.is_empty())
    }

    /// Drops the first `count` bytes and frees pieces that are dropped completely. The list must
    /// have at least `count` bytes.
    pub(crate) fn drop_front(&mut self, mut count: usize) {
        if count < self.head.len() {
            return self.head.advance(count);
        }
        count -= self.head.len();
        self.head = Buffer::default();
        while let Some(piece) = self.pieces.front_mut() {
            if count < piece.len() {
                self.pieces_len -= count;
                return piece.advance(count);
            }
            count -= piece.len();
            self.pieces_len -= piece.len();
            self.pieces.pop_front();
        }
        self.tail.advance(count);
    }

    /// Writes all bytes using vectored writes.
    ///
    /// # Errors
    ///
    /// Returns the writer's errors, or `WriteZero` if the writer accepts no bytes. Interrupted
    /// writes are retried.
    pub fn write_to(&self, writer: &mut (impl Write + ?Sized)) -> io::Result<()> {
        let mut slices: Vec<_> = self.chunks().map(IoSlice::new).collect();
        let mut rest = &mut slices[..];
        while !rest.is_empty() {
            match writer.write_vectored(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => IoSlice::advance_slices(&mut rest, count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Joins all bytes. Doesn't copy if there is only a single, unshared piece.
    #[must_use]
    pub fn into_bytes(mut self) -> Vec<u8> {
        match (self.head.is_empty(), self.pieces.len(), self.tail.is_empty()) {
            (true, 0, _) => self.tail.into_vec(),
            (true, 1, true) => self.pieces.pop_front().map(Vec::from).unwrap_or_default(),
            _ => self.joined(),
        }
    }

    /// Copies all bytes into one vector.
    pub(crate) fn joined(&self) -> Vec<u8> {
        let mut joined = Vec::with_capacity(self.len());
        self.chunks().for_each(|chunk| joined.extend_from_slice(chunk));
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_does_not_allocate() {
        let mut list = IoList::new();
        list.push(("", None::<u64>, Bytes::new(), String::new(), ()));
        list.push(IoList::new());
        list.push_front("");
        assert!(list.head.is_unallocated() && list.tail.is_unallocated());
        assert_eq!(list.pieces.capacity(), 0);
    }

    #[test]
    fn reuses_the_buffer_of_the_first_list() {
        let first = IoList::from_iter(0..10);
        let place = first.tail.as_slice().as_ptr();
        let list = IoList::from_iter([first, IoList::from("more")]);
        assert_eq!(list.tail.as_slice().as_ptr(), place);
    }

    #[test]
    fn with_capacity_allocates_once() {
        let mut list = IoList::with_capacity(100_000);
        let place = list.tail.as_slice().as_ptr();
        (0..10_000).for_each(|_| list.push("ten bytes."));
        assert_eq!(list.tail.as_slice().as_ptr(), place);
    }

    #[test]
    fn keeps_the_buffer_after_a_short_piece() {
        let mut list = IoList::from("short");
        let place = list.tail.as_slice().as_ptr();
        list.push_static(&[b'x'; COPY_BELOW]);
        list.push("short");
        assert_eq!(list.tail.as_slice().as_ptr(), place);
    }
}
