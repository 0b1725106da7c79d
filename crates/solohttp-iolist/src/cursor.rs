//! What of a list is still to be written: survives writes that take any number of bytes.
//! Makes no system call: it only says what to write next, and is told how much was taken.

use std::io::IoSlice;

use crate::iolist::IoList;

/// The rest of a list that is being written.
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
///     // A socket may take any part of this, or none for now.
///     let taken = socket.write_vectored(&slices[..count])?;
///     cursor.advance(taken);
/// }
/// # assert_eq!(socket, b"Content-Length: 4\r\n\r\nbody");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Cursor {
    rest: IoList,
}

impl Cursor {
    pub(crate) fn new(rest: IoList) -> Self {
        Self { rest }
    }

    /// How many bytes are still to be written.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Whether everything was written.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Puts what comes next into `slices`, as many as fit, and says how many it put. None of them
    /// is empty, and it puts none only if nothing remains or `slices` is empty.
    pub fn fill<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        self.fill_up_to(usize::MAX, slices)
    }

    /// The same, with at most so many bytes in all of them: the share of one writer among many.
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

    /// Moves on by as many bytes as were written, and frees the pieces that are through.
    ///
    /// # Panics
    ///
    /// If `count` is more than remains: no writer can take more than it was given.
    #[track_caller]
    pub fn advance(&mut self, count: usize) {
        let remaining = self.remaining();
        assert!(
            count <= remaining,
            "cannot advance by {count} bytes: {remaining} remain to be written"
        );
        self.rest.drop_front(count);
    }
}
