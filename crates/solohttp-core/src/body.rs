//! The body of a request: bytes in memory, or in a temporary file when there are many.
//!
//! Its rooms: `spool` takes it in, `form_data` makes fields and uploads of it, `multipart` finds
//! their parts, and `overflow` reduces a form that is too large. Knows nothing of connections.

mod file_name;
mod form_data;
pub mod multipart;
mod overflow;
mod spool;
mod temporary_file;
mod upload;

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::rc::Rc;

use bytes::Bytes;

pub(crate) use self::form_data::{FormData, FormLimits};
pub use self::overflow::Oversized;
pub(crate) use self::overflow::{Overflow, Received, Store};
pub(crate) use self::spool::Spool;
use self::spool::size;
use self::temporary_file::TemporaryFile;
pub use self::upload::Upload;
use crate::wire::framing::too_large;

/// The bytes of a request's body, after chunked decoding; empty if there was none.
///
/// Up to [`Limits::body_in_memory`](crate::Limits::body_in_memory) they are in memory, above in
/// a temporary file that goes when the last clone of this does. Cloning copies no bytes.
///
/// ```
/// use solohttp_core::Request;
/// let request = Request::post("/note").body("bread, butter").build();
/// assert_eq!(request.body().len(), 13);
/// assert_eq!(request.body().to_bytes().unwrap(), "bread, butter");
/// ```
#[derive(Clone, Default)]
pub struct Body(Kept);

#[derive(Clone)]
enum Kept {
    Memory(Bytes),
    File {
        file: Rc<TemporaryFile>,
        start: u64,
        len: u64,
    },
    /// Not kept, because it is a form over the limit: see [`Request::sent_form`](crate::Request::sent_form).
    TooLarge {
        len: u64,
        most: u64,
    },
}

impl Default for Kept {
    fn default() -> Self {
        Self::Memory(Bytes::new())
    }
}

impl Body {
    fn in_file(file: TemporaryFile, len: u64) -> Self {
        Self(Kept::File { file: Rc::new(file), start: 0, len })
    }

    /// What stands for a body of this length, of which not everything was kept: reading it fails.
    pub(crate) fn too_large(len: u64, most: u64) -> Self {
        Self(Kept::TooLarge { len, most })
    }

    /// The number of bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match &self.0 {
            Kept::Memory(bytes) => size(bytes.len()),
            Kept::File { len, .. } | Kept::TooLarge { len, .. } => *len,
        }
    }

    /// Are there no bytes?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads from the first byte on; every reader has a position of its own, and none blocks for
    /// longer than a disk does. For many small reads, put a [`BufReader`](std::io::BufReader)
    /// around it.
    ///
    /// Reading fails with a [`Rejection`](crate::Rejection) of 413 if the body is a form over
    /// [`Limits::body`](crate::Limits::body), of which only
    /// [`Request::sent_form`](crate::Request::sent_form) has what was kept.
    #[must_use]
    pub fn reader(&self) -> BodyReader {
        BodyReader { body: self.clone(), position: 0 }
    }

    /// All bytes at once. Costs nothing when they are in memory, and their length in memory when
    /// they are not.
    ///
    /// # Errors
    /// If the temporary file cannot be read, or the body is too large, as for
    /// [`reader`](Self::reader).
    pub fn to_bytes(&self) -> io::Result<Bytes> {
        match &self.0 {
            Kept::Memory(bytes) => Ok(bytes.clone()),
            Kept::TooLarge { most, .. } => Err(too_large_to_read(*most)),
            Kept::File { len, .. } => {
                let len = usize::try_from(*len).map_err(|_| io::ErrorKind::OutOfMemory)?;
                let mut bytes = Vec::with_capacity(len);
                self.reader().read_to_end(&mut bytes)?;
                Ok(bytes.into())
            }
        }
    }

    /// A part of these bytes, without copying. `range` lies within them.
    fn slice(&self, range: Range<u64>) -> Self {
        Self(match &self.0 {
            Kept::Memory(bytes) => {
                let index = |at| usize::try_from(at).expect("it lies within bytes in memory");
                Kept::Memory(bytes.slice(index(range.start)..index(range.end)))
            }
            Kept::File { file, start, .. } => Kept::File {
                file: Rc::clone(file),
                start: start + range.start,
                len: range.end - range.start,
            },
            Kept::TooLarge { len, most } => Kept::TooLarge { len: *len, most: *most },
        })
    }

    /// Gives all bytes to `take`, in order: one piece if they are in memory, else several.
    fn for_each_piece<E: From<io::Error>>(
        &self,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Kept::Memory(bytes) = &self.0 {
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
        Self(Kept::Memory(bytes.into()))
    }
}

/// The status survives `?`, so that a handler which reads the body answers with 413.
fn too_large_to_read(most: u64) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, too_large(most))
}

/// Tells the size and never the bytes, which may be anyone's secret.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_memory = matches!(self.0, Kept::Memory(_));
        f.debug_struct("Body").field("len", &self.len()).field("in_memory", &in_memory).finish()
    }
}

/// Reads a [`Body`] or an [`Upload`], from memory or from its temporary file.
#[derive(Debug, Clone)]
pub struct BodyReader {
    body: Body,
    position: u64,
}

impl Read for BodyReader {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let left = self.body.len().saturating_sub(self.position);
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(to.len());
        let count = match &self.body.0 {
            _ if most == 0 => 0,
            Kept::Memory(bytes) => {
                let at = usize::try_from(self.position).expect("it lies within bytes in memory");
                to[..most].copy_from_slice(&bytes[at..at + most]);
                most
            }
            Kept::File { file, start, .. } => {
                file.read_at(&mut to[..most], start + self.position)?
            }
            Kept::TooLarge { most, .. } => return Err(too_large_to_read(*most)),
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
