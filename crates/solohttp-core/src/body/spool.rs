//! A body while it arrives: in memory at first, then in a temporary file.
//!
//! Knows nothing of how bodies are framed, nor what is done with them.

use std::io::{self, BufWriter, IntoInnerError, Write as _};
use std::path::Path;

use super::Body;
use super::temporary_file::TemporaryFile;

#[derive(Debug)]
pub(crate) struct Spool(Kept);

#[derive(Debug)]
enum Kept {
    Memory(Vec<u8>),
    /// Buffered, because a body may come in chunks of one byte each.
    File(BufWriter<TemporaryFile>, u64),
}

impl Default for Spool {
    fn default() -> Self {
        Self(Kept::Memory(Vec::new()))
    }
}

impl Spool {
    /// With memory for so many bytes; more is taken as they arrive.
    pub(crate) fn with_capacity(first: usize) -> Self {
        Self(Kept::Memory(Vec::with_capacity(first)))
    }

    /// Adds bytes. When there are more than `in_memory`, all go to a temporary file in `folder`:
    /// not before, because a file costs a descriptor, and a length is easily announced.
    pub(crate) fn push(&mut self, bytes: &[u8], in_memory: usize, folder: &Path) -> io::Result<()> {
        match &mut self.0 {
            Kept::Memory(kept) if kept.len().saturating_add(bytes.len()) <= in_memory => {
                kept.extend_from_slice(bytes);
                Ok(())
            }
            Kept::Memory(kept) => {
                let mut file = TemporaryFile::create(folder)?;
                file.write_all(kept)?;
                self.0 = Kept::File(BufWriter::new(file), size(kept.len()));
                self.push(bytes, in_memory, folder)
            }
            Kept::File(file, len) => {
                file.write_all(bytes)?;
                *len += size(bytes.len());
                Ok(())
            }
        }
    }

    pub(crate) fn len(&self) -> u64 {
        match &self.0 {
            Kept::Memory(bytes) => size(bytes.len()),
            Kept::File(_, len) => *len,
        }
    }

    /// Removes everything from this length on, which is not over the present one.
    pub(crate) fn truncate(&mut self, to: u64) -> io::Result<()> {
        match &mut self.0 {
            Kept::Memory(bytes) => bytes.truncate(usize::try_from(to).unwrap_or(usize::MAX)),
            Kept::File(file, len) => {
                file.flush()?;
                file.get_mut().truncate(to)?;
                *len = to;
            }
        }
        Ok(())
    }

    pub(crate) fn into_body(self) -> io::Result<Body> {
        match self.0 {
            Kept::Memory(bytes) => Ok(bytes.into()),
            Kept::File(file, len) => {
                let file = file.into_inner().map_err(IntoInnerError::into_error)?;
                Ok(Body::in_file(file, len))
            }
        }
    }
}

pub(super) fn size(len: usize) -> u64 {
    u64::try_from(len).expect("a length fits in 64 bits")
}
