//! The body of a request, which is held in memory, or in a temporary file if it is large.
//!
//! `spool` receives the body, `form_data` parses it into fields and uploads, `multipart` finds the
//! parts, and `overflow` reduces a form that is too large. `image_type` recognizes images. These
//! modules are independent of connections.

mod file_name;
mod form_data;
pub(crate) mod image_type;
pub mod multipart;
mod overflow;
mod spool;
mod temporary_file;
mod upload;

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

pub use self::file_name::safe as safe_file_name;
pub(crate) use self::form_data::{FormData, FormLimits};
pub use self::overflow::Oversized;
pub(crate) use self::overflow::{Overflow, Received, Store};
pub(crate) use self::spool::Spool;
use self::spool::size;
use self::temporary_file::TemporaryFile;
pub use self::upload::Upload;
use crate::wire::framing::too_large;

/// The body of a request, after chunked decoding. Empty if the request had none.
///
/// A body of up to [`Limits::body_in_memory`](crate::Limits::body_in_memory) bytes is held in
/// memory. A larger body is held in a temporary file, which is removed when the last clone is
/// dropped. Cloning is cheap.
///
/// ```
/// use solohttp_core::Request;
/// let request = Request::post("/note").body("bread, butter").build();
/// assert_eq!(request.body().len(), 13);
/// assert_eq!(request.body().to_bytes().unwrap(), "bread, butter");
/// ```
#[derive(Clone, Default)]
pub struct Body(Content);

#[derive(Clone)]
enum Content {
    Memory(Bytes),
    File {
        /// Shared with threads that process an upload.
        file: Arc<TemporaryFile>,
        start: u64,
        len: u64,
    },
    /// A form over the limit, which was not stored in full. See
    /// [`Request::sent_form`](crate::Request::sent_form).
    TooLarge {
        len: u64,
        limit: u64,
    },
}

impl Default for Content {
    fn default() -> Self {
        Self::Memory(Bytes::new())
    }
}

impl Body {
    fn in_file(file: TemporaryFile, len: u64) -> Self {
        Self(Content::File { file: Arc::new(file), start: 0, len })
    }

    /// Creates a placeholder for a body of this length that was not stored in full. Reading from
    /// the placeholder fails.
    pub(crate) fn too_large(len: u64, limit: u64) -> Self {
        Self(Content::TooLarge { len, limit })
    }

    /// The size in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.0 {
            Content::Memory(bytes) => size(bytes.len()),
            Content::File { len, .. } | Content::TooLarge { len, .. } => *len,
        }
    }

    /// Whether the body is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns a reader that starts at the first byte. Each reader has its own position. For many
    /// small reads, wrap it in a [`BufReader`](std::io::BufReader).
    ///
    /// If the body is a form over [`Limits::body`](crate::Limits::body), reading fails with a
    /// [`Rejection`](crate::Rejection) whose status is 413. Use
    /// [`Request::sent_form`](crate::Request::sent_form) to access the parts that were stored.
    #[must_use]
    pub fn reader(&self) -> BodyReader {
        BodyReader { body: self.clone(), position: 0 }
    }

    /// Returns all bytes. This is cheap if the body is in memory. If not, it reads the whole file
    /// into memory.
    ///
    /// # Errors
    /// If the temporary file can't be read, or the body is a form over the limit (see
    /// [`reader`](Self::reader)).
    pub fn to_bytes(&self) -> io::Result<Bytes> {
        match &self.0 {
            Content::Memory(bytes) => Ok(bytes.clone()),
            Content::TooLarge { limit, .. } => Err(too_large_to_read(*limit)),
            Content::File { len, .. } => {
                let len = usize::try_from(*len).map_err(|_| io::ErrorKind::OutOfMemory)?;
                let mut bytes = Vec::with_capacity(len);
                self.reader().read_to_end(&mut bytes)?;
                Ok(bytes.into())
            }
        }
    }

    /// Returns a part of the body without copying. `range` must be within the body.
    fn slice(&self, range: Range<u64>) -> Self {
        Self(match &self.0 {
            Content::Memory(bytes) => {
                let index =
                    |at| usize::try_from(at).expect("the range lies within bytes in memory");
                Content::Memory(bytes.slice(index(range.start)..index(range.end)))
            }
            Content::File { file, start, .. } => Content::File {
                file: Arc::clone(file),
                start: start + range.start,
                len: range.end - range.start,
            },
            Content::TooLarge { len, limit } => Content::TooLarge { len: *len, limit: *limit },
        })
    }

    /// Calls `take` with consecutive pieces of the body. A body in memory is a single piece.
    fn for_each_piece<E: From<io::Error>>(
        &self,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Content::Memory(bytes) = &self.0 {
            return take(bytes);
        }
        let mut reader = self.reader();
        let mut piece = vec![0; 64 << 10];
        loop {
            match reader.read(&mut piece) {
                Ok(0) => return Ok(()),
                Ok(count) => take(&piece[..count])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Content::Memory(bytes.into()))
    }
}

/// Wraps a rejection, so that a handler that uses `?` when reading the body responds with 413.
fn too_large_to_read(limit: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, too_large(limit))
}

/// Shows the size but not the bytes, which may be secret.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_memory = matches!(self.0, Content::Memory(_));
        f.debug_struct("Body").field("len", &self.len()).field("in_memory", &in_memory).finish()
    }
}

/// A reader for a [`Body`] or [`Upload`].
#[derive(Debug, Clone)]
pub struct BodyReader {
    body: Body,
    position: u64,
}

impl Read for BodyReader {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = self.body.len().saturating_sub(self.position);
        let max = usize::try_from(left).unwrap_or(usize::MAX).min(to.len());
        let count = match &self.body.0 {
            _ if max == 0 => 0,
            Content::Memory(bytes) => {
                let at =
                    usize::try_from(self.position).expect("the range lies within bytes in memory");
                to[..max].copy_from_slice(&bytes[at..at + max]);
                max
            }
            Content::File { file, start, .. } => {
                file.read_at(&mut to[..max], start + self.position)?
            }
            Content::TooLarge { limit, .. } => return Err(too_large_to_read(*limit)),
        };
        self.position += size(count);
        Ok(count)
    }
}

impl Seek for BodyReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.body.len().checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests;
