//! A file without a name, for what is too large to hold: the only place that makes one.
//!
//! By the standard library alone: the crates for it would double what a small program depends
//! on. The system removes the file when it is closed, also after a crash. Knows nothing of bodies.

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::Path;

/// Another program may have a file of the same 64 random bits; not 16 times in a row.
const TRIES: usize = 16;

#[derive(Debug)]
pub(super) struct TemporaryFile(File);

impl TemporaryFile {
    pub(super) fn create(folder: &Path) -> io::Result<Self> {
        let mut tried = 0;
        loop {
            tried += 1;
            // The name only has to be free: it is made by `create_new`, which follows no link
            // that somebody else has put there.
            let number = RandomState::new().build_hasher().finish();
            match create_unnamed(&folder.join(format!(".solohttp-{number:016x}"))) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tried < TRIES => {}
                made => return made.map(Self),
            }
        }
    }

    /// Reads from `at` on without a position that readers would have to share.
    pub(super) fn read_at(&self, bytes: &mut [u8], at: u64) -> io::Result<usize> {
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_at(&self.0, bytes, at);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_read(&self.0, bytes, at);
    }

    /// Removes everything from this length on; writing goes on there.
    pub(super) fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.0.set_len(len)?;
        self.0.seek(SeekFrom::Start(len)).map(drop)
    }

    /// Copies within the kernel, where the system can.
    pub(super) fn copy_to(&self, to: &mut File, at: u64, len: u64) -> io::Result<u64> {
        let mut file = &self.0;
        file.seek(SeekFrom::Start(at))?;
        io::copy(&mut file.take(len), to)
    }
}

/// All writing comes before all reading, because on Windows reading moves the place where writing
/// goes on.
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
    // Of winnt.h and winbase.h: kept in memory as long as there is room, removed when closed.
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
