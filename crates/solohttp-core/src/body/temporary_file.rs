//! An unnamed temporary file for a body that is too large for memory.
//!
//! The system removes the file when it is closed, even after a crash. This module uses only the
//! standard library, because a crate would double the dependencies of a small program.

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;

/// A random 64-bit name may already exist, but 16 collisions in a row are practically impossible.
const MAX_ATTEMPTS: usize = 16;

#[derive(Debug)]
pub(super) struct TemporaryFile(File);

impl TemporaryFile {
    pub(super) fn create(folder: &Path) -> io::Result<Self> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            // The name need not be secret, because `create_new` doesn't follow links or open
            // existing files.
            let number = RandomState::new().build_hasher().finish();
            match create_unnamed(&folder.join(format!(".solohttp-{number:016x}"))) {
                Err(error)
                    if error.kind() == io::ErrorKind::AlreadyExists && attempts < MAX_ATTEMPTS => {}
                created => return created.map(Self),
            }
        }
    }

    /// Reads at an explicit offset, because all readers share the file's position.
    pub(super) fn read_at(&self, bytes: &mut [u8], at: u64) -> io::Result<usize> {
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_at(&self.0, bytes, at);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_read(&self.0, bytes, at);
    }

    /// Truncates the file to this length. Later writes continue at the new end.
    pub(super) fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.0.set_len(len)?;
        self.0.seek(SeekFrom::Start(len)).map(drop)
    }

    /// Copies part of the file, within the kernel if the system supports that.
    pub(super) fn copy_to(&self, to: &mut File, at: u64, len: u64) -> io::Result<u64> {
        let mut file = &self.0;
        file.seek(SeekFrom::Start(at))?;
        io::copy(&mut file.take(len), to)
    }
}

/// Writes must come before all reads, because reading moves the write position on Windows.
impl Write for TemporaryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(unix)]
fn create_unnamed(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

#[cfg(windows)]
fn create_unnamed(path: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt as _;
    // From winnt.h and winbase.h. The file is cached in memory if possible and deleted when closed.
    const FILE_ATTRIBUTE_TEMPORARY: u32 = 0x0000_0100;
    const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .share_mode(0)
        .attributes(FILE_ATTRIBUTE_TEMPORARY)
        .custom_flags(FILE_FLAG_DELETE_ON_CLOSE)
        .open(path)
}
