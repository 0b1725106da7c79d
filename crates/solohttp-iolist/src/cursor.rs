//! Tracks how much of a list has been written, for partial writes of any size. Makes no system
//! calls.

use std::io::IoSlice;

use crate::iolist::IoList;

/// Tracks the unwritten rest of a list.
///
/// ```
/// use std::io::{self, IoSlice, Write};
///
/// # fn main() -> io::Result<()> {
/// # let mut socket = Vec::new();
/// let mut cursor = solohttp_iolist::iolist!["Content-Length: 4\r\n\r\n", "body"].cursor();
/// while !cursor.is_done() {
///     let mut slices = [IoSlice::new(&[]); 64];
///     let count = cursor.fill(&mut slices);
///     // A socket may accept only some of the bytes.
///     let written = socket.write_vectored(&slices[..count])?;
///     cursor.advance(written);
/// }
/// # assert_eq!(socket, b"Content-Length: 4\r\n\r\nbody");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Cursor {
    rest: IoList,
}

impl IoList {
    /// Converts the list into a cursor, for writers that may accept only some of the bytes at a
    /// time.
    #[must_use]
    pub fn cursor(self) -> Cursor {
        Cursor { rest: self }
    }
}

impl Cursor {
    /// The number of bytes left to write.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Whether everything has been written.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Fills `slices` with the next chunks and returns how many it filled. Chunks are never empty,
    /// and the count is zero only if nothing remains or `slices` is empty.
    pub fn fill<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        self.fill_up_to(usize::MAX, slices)
    }

    /// Like [`fill`](Self::fill), but with at most `bytes` bytes in total, for fairness between
    /// writers.
    pub fn fill_up_to<'a>(&'a self, bytes: usize, slices: &mut [IoSlice<'a>]) -> usize {
        let mut left = bytes;
        let mut count = 0;
        for (slice, chunk) in slices.iter_mut().zip(self.rest.chunks()) {
            if left == 0 {
                break;
            }
            let chunk = &chunk[..chunk.len().min(left)];
            left -= chunk.len();
            *slice = IoSlice::new(chunk);
            count += 1;
        }
        count
    }

    /// Skips `count` written bytes and frees pieces that have been written completely.
    ///
    /// # Panics
    ///
    /// If `count` exceeds the remaining bytes.
    #[track_caller]
    pub fn advance(&mut self, count: usize) {
        let remaining = self.remaining();
        assert!(count <= remaining, "cannot advance by {count} bytes: only {remaining} remain");
        self.rest.drop_front(count);
    }
}
