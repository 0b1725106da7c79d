//! Copies an open database.

use std::ffi::c_int;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use solohttp_core::private_file;

use crate::open::error::BoxError;

/// The size of the buffers for comparing files.
const CHUNK: usize = 64 << 10;

/// How long to wait before retrying a step.
const LOCKED: Duration = Duration::from_millis(1);

/// Writes the content of `db` to `to`, replacing any existing file. The copy gets the permissions
/// of `original`, or is private to this user if `original` no longer exists.
pub(crate) fn write(db: &Connection, original: &Path, to: &Path) -> Result<(), BoxError> {
    // Copies all pages in one step, because another program's write between two steps would restart
    // the copy.
    write_in_steps(db, original, to, c_int::MAX, &mut || Ok(()))
}

/// Same as [`write`], but copies `pages` pages in each step and calls `between` after each one. An
/// error from `between` ends the copy. The caller must hold a read transaction, because otherwise a
/// write between two steps would restart the copy.
pub(crate) fn write_in_steps(
    db: &Connection,
    original: &Path,
    to: &Path,
    pages: c_int,
    between: &mut dyn FnMut() -> io::Result<()>,
) -> Result<(), BoxError> {
    match fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    // The copy must be private before it has any content.
    let file = private_file::create_new(to)?;
    if cfg!(unix)
        && let Ok(metadata) = fs::metadata(original)
    {
        file.set_permissions(metadata.permissions())?;
    }
    drop(file);
    let mut copy = Connection::open(to)?;
    // A half-written copy is useless, so it needs no journal.
    copy.query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))?;
    let backup = Backup::new(db, &mut copy)?;
    loop {
        match backup.step(pages)? {
            StepResult::Done => break,
            // Another program holds a lock, and will release it.
            StepResult::Busy | StepResult::Locked => thread::sleep(LOCKED),
            _ => {}
        }
        between()?;
    }
    drop(backup);
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Appends to the file name: `shop.sqlite` and `-wal` give `shop.sqlite-wal`.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Compares two files. Calls `between` after each chunk. An error from `between` ends the
/// comparison.
pub(crate) fn have_same_content(
    one: &Path,
    other: &Path,
    between: &mut dyn FnMut() -> io::Result<()>,
) -> io::Result<bool> {
    if fs::metadata(one)?.len() != fs::metadata(other)?.len() {
        return Ok(false);
    }
    let mut one = BufReader::with_capacity(CHUNK, File::open(one)?);
    let mut other = BufReader::with_capacity(CHUNK, File::open(other)?);
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let len = left.len().min(right.len());
        if len == 0 {
            return Ok(left.len() == right.len());
        }
        if left[..len] != right[..len] {
            return Ok(false);
        }
        between()?;
        one.consume(len);
        other.consume(len);
    }
}
