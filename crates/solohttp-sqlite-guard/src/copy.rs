//! Copies a database that is open, whole or not at all.

use std::ffi::c_int;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use solohttp_core::private_file;

use crate::migrate::Failed;

/// How many bytes of two copies are compared at a time.
const COMPARED: usize = 64 << 10;

/// Writes the content of `db` to `to`, replacing what was there. Whoever may read the file
/// `original` may read the copy; if that is gone, only this user may.
pub(crate) fn write(db: &Connection, original: &Path, to: &Path) -> Result<(), Failed> {
    match fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    // Closed to other accounts before anything is in it.
    let file = private_file::create_new(to)?;
    if cfg!(unix)
        && let Ok(metadata) = fs::metadata(original)
    {
        file.set_permissions(metadata.permissions())?;
    }
    drop(file);
    let mut copy = Connection::open(to)?;
    // All pages at once, so that a change by another program does not start it again.
    Backup::new(db, &mut copy)?.run_to_completion(c_int::MAX, Duration::ZERO, None)?;
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

pub(crate) fn have_same_content(one: &Path, other: &Path) -> io::Result<bool> {
    if fs::metadata(one)?.len() != fs::metadata(other)?.len() {
        return Ok(false);
    }
    let mut one = BufReader::with_capacity(COMPARED, File::open(one)?);
    let mut other = BufReader::with_capacity(COMPARED, File::open(other)?);
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let len = left.len().min(right.len());
        if len == 0 {
            return Ok(left.len() == right.len());
        }
        if left[..len] != right[..len] {
            return Ok(false);
        }
        one.consume(len);
        other.consume(len);
    }
}
