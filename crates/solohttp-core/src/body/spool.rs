//! Receives a body, in memory at first and then in a temporary file.
//!
//! Independent of framing.

use std::io::{self, BufWriter, IntoInnerError, Write as _};
use std::path::Path;

use super::Body;
use super::temporary_file::TemporaryFile;

#[derive(Debug)]
pub(crate) struct Spool(Storage);

#[derive(Debug)]
enum Storage {
    Memory(Vec<u8>),
    /// The file is buffered, because a body may arrive in chunks of one byte.
    File(BufWriter<TemporaryFile>, u64),
}

impl Default for Spool {
    fn default() -> Self {
        Self(Storage::Memory(Vec::new()))
    }
}

impl Spool {
    /// Allocates memory for this many bytes, and more as bytes arrive.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Storage::Memory(Vec::with_capacity(capacity)))
    }

    /// Appends bytes. Once there are more than `in_memory` bytes, moves everything to a temporary
    /// file in `folder`. The announced length doesn't matter, because a client could use up file
    /// descriptors by announcing long bodies.
    pub(crate) fn push(&mut self, bytes: &[u8], in_memory: usize, folder: &Path) -> io::Result<()> {
        match &mut self.0 {
            Storage::Memory(memory) if memory.len().saturating_add(bytes.len()) <= in_memory => {
                memory.extend_from_slice(bytes);
                Ok(())
            }
            Storage::Memory(memory) => {
                let mut file = TemporaryFile::create(folder)?;
                file.write_all(memory)?;
                self.0 = Storage::File(BufWriter::new(file), size(memory.len()));
                self.push(bytes, in_memory, folder)
            }
            Storage::File(file, len) => {
                file.write_all(bytes)?;
                *len += size(bytes.len());
                Ok(())
            }
        }
    }

    pub(crate) fn len(&self) -> u64 {
        match &self.0 {
            Storage::Memory(bytes) => size(bytes.len()),
            Storage::File(_, len) => *len,
        }
    }

    /// Truncates to a length, which must not exceed the current one.
    pub(crate) fn truncate(&mut self, to: u64) -> io::Result<()> {
        match &mut self.0 {
            Storage::Memory(bytes) => bytes.truncate(usize::try_from(to).unwrap_or(usize::MAX)),
            Storage::File(file, len) => {
                file.flush()?;
                file.get_mut().truncate(to)?;
                *len = to;
            }
        }
        Ok(())
    }

    pub(crate) fn into_body(self) -> io::Result<Body> {
        match self.0 {
            Storage::Memory(bytes) => Ok(bytes.into()),
            Storage::File(file, len) => {
                let file = file.into_inner().map_err(IntoInnerError::into_error)?;
                Ok(Body::in_file(file, len))
            }
        }
    }
}

pub(super) fn size(len: usize) -> u64 {
    u64::try_from(len).expect("a length fits in 64 bits")
}
