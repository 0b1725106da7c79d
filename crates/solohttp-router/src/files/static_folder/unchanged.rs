//! A reader that fails if the file changes.
//!
//! A response announces the file's length and version before the file is read. If the file changes,
//! the reader fails rather than mixing versions. The server then closes the connection before the
//! announced length is reached, which every client can detect.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::ops::Range;
use std::time::SystemTime;

/// The number of bytes read between two checks. Each check is a system call.
const CHECK_INTERVAL: u64 = 64 << 10;

#[derive(Debug)]
pub(super) struct Unchanged {
    file: File,
    expected: (u64, Option<SystemTime>),
    /// Bytes left to read.
    left: u64,
    /// Bytes read since the last check.
    unchecked: u64,
}

impl Unchanged {
    /// Creates a reader. `metadata` describes the expected version.
    pub(super) fn new(file: File, metadata: &Metadata) -> Self {
        let expected = version(metadata);
        Self { file, left: expected.0, expected, unchecked: 0 }
    }

    /// Restricts reading to this part.
    pub(super) fn seek_to(&mut self, part: &Range<u64>) -> io::Result<()> {
        self.left = part.end - part.start;
        self.file.seek(SeekFrom::Start(part.start)).map(drop)
    }
}

impl Read for Unchanged {
    /// Always checks after the last byte, so that reading a changed file never completes.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let bytes = u64::try_from(count).expect("a length fits in 64 bits");
        self.left = self.left.saturating_sub(bytes);
        self.unchecked += bytes;
        if count == 0 || self.left == 0 || self.unchecked >= CHECK_INTERVAL {
            self.unchecked = 0;
            if version(&self.file.metadata()?) != self.expected {
                return Err(io::Error::other("the file changed while it was being sent"));
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

    /// Reads pieces of 1,000 bytes and changes the file after `after` pieces.
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
