//! A file that is read as long as it stays the same.
//!
//! A response tells its length and version before the bytes are read. Bytes of another version
//! behind them would be a lie, and so would be padding: the reader fails instead, and the server
//! then closes the connection before the promised length is reached, which every client notices.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::time::SystemTime;

#[derive(Debug)]
pub(super) struct Unchanged {
    file: File,
    seen: (u64, Option<SystemTime>),
}

impl Unchanged {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let seen = version(&file.metadata()?);
        Ok(Self { file, seen })
    }

    pub(super) fn seek_to(&mut self, start: u64) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(start)).map(drop)
    }
}

impl Read for Unchanged {
    /// Looks at the file after reading: what was read before a change is sound.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        if version(&self.file.metadata()?) != self.seen {
            return Err(io::Error::other("the file was changed while it was sent"));
        }
        Ok(count)
    }
}

fn version(metadata: &Metadata) -> (u64, Option<SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}
