//! A file that is read as long as it stays the same.
//!
//! A response tells its length and version before the bytes are read. Bytes of another version
//! behind them would be a lie, and so would be padding: the reader fails instead, and the server
//! then closes the connection before the promised length is reached, which every client notices.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::ops::Range;
use std::time::SystemTime;

/// How many bytes are read between two looks at the file: a look costs a system call.
const TRUSTED: u64 = 64 << 10;

#[derive(Debug)]
pub(super) struct Unchanged {
    file: File,
    seen: (u64, Option<SystemTime>),
    /// Bytes to read until the part ends.
    left: u64,
    /// Bytes read since the last look.
    unchecked: u64,
}

impl Unchanged {
    /// `metadata` is that of the version to be read.
    pub(super) fn new(file: File, metadata: &Metadata) -> Self {
        let seen = version(metadata);
        Self { file, left: seen.0, seen, unchecked: 0 }
    }

    /// From now on this part is read.
    pub(super) fn seek_to(&mut self, part: &Range<u64>) -> io::Result<()> {
        self.left = part.end - part.start;
        self.file.seek(SeekFrom::Start(part.start)).map(drop)
    }
}

impl Read for Unchanged {
    /// Looks at the file after the last byte was read, whatever comes before: so the part never
    /// becomes complete from a file that was changed.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let bytes = u64::try_from(count).expect("a length fits in 64 bits");
        self.left = self.left.saturating_sub(bytes);
        self.unchecked += bytes;
        if count == 0 || self.left == 0 || self.unchecked >= TRUSTED {
            self.unchecked = 0;
            if version(&self.file.metadata()?) != self.seen {
                return Err(io::Error::other("the file was changed while it was sent"));
            }
        }
        Ok(count)
    }
}

fn version(metadata: &Metadata) -> (u64, Option<SystemTime>) {
    (metadata.len(), metadata.modified().ok())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// Reads in pieces of 1,000 bytes; changes the file once `after` of them are read.
    fn read(len: u64, after: usize) -> io::Result<usize> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.as_file().set_len(len)?;
        let mut reader = Unchanged::new(file.reopen()?, &file.as_file().metadata()?);
        let mut piece = [0; 1000];
        let mut pieces = 0;
        loop {
            if pieces == after {
                file.write_all(b"other bytes")?;
                file.as_file().set_len(len + 1)?;
            }
            match reader.read(&mut piece)? {
                0 => return Ok(pieces),
                _ => pieces += 1,
            }
        }
    }

    #[test]
    fn a_changed_file_is_never_read_to_its_end() {
        for len in [0, 1, 1000, 1001, 65_536, 65_537, 100_000] {
            let pieces = usize::try_from(len).unwrap().div_ceil(1000);
            assert_eq!(read(len, usize::MAX).unwrap(), pieces, "{len}");
            for after in 0..pieces {
                assert!(read(len, after).is_err(), "{len}, changed after {after} pieces");
            }
        }
    }
}
