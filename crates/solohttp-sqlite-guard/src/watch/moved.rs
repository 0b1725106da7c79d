//! Detects that the files of an open database were moved, replaced or deleted.
//!
//! Only Unix allows that.

use std::ffi::c_int;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::ptr;

use rusqlite::{Connection, ffi};

use crate::open::copy::with_suffix;

/// The size of the header of a write-ahead log. It contains a random number, so that two logs have
/// different headers (sqlite.org/fileformat2.html#walformat).
const HEADER: usize = 32;

/// How often to compare the headers again if another program writes one meanwhile.
const ATTEMPTS: usize = 3;

/// The beginning of a log. Bytes after the end of the file are zero.
type Header = [u8; HEADER];

/// Whether a restart would find a different file, no file, or not the write-ahead log that `db`
/// writes.
pub(crate) fn has_moved(db: &Connection) -> bool {
    file_has_moved(db) || log_has_moved(db)
}

/// Whether the path of the main database no longer leads to the open file.
#[expect(unsafe_code, reason = "rusqlite has no file controls")]
fn file_has_moved(db: &Connection) -> bool {
    let mut has_moved: c_int = 0;
    // SAFETY: the handle is that of an open connection, which is only used on this thread. The
    // name is NUL-terminated, and this file control writes one `int` to the pointer and doesn't
    // keep it (sqlite.org/c3ref, SQLITE_FCNTL_HAS_MOVED).
    let code = unsafe {
        ffi::sqlite3_file_control(
            db.handle(),
            c"main".as_ptr(),
            ffi::SQLITE_FCNTL_HAS_MOVED,
            (&raw mut has_moved).cast(),
        )
    };
    code == ffi::SQLITE_OK && has_moved != 0
}

/// Whether the path of the write-ahead log no longer leads to the open log. SQLite removes it only
/// when the last connection closes. If it was deleted, the next connection makes another one, so
/// its existence proves nothing.
fn log_has_moved(db: &Connection) -> bool {
    let Some(path) = db.path().filter(|path| !path.is_empty()) else { return false };
    let path = with_suffix(path.as_ref(), "-wal");
    for _ in 0..ATTEMPTS {
        let Some(before) = open_header(db) else { return false };
        match header_at(&path) {
            Ok(at_path) if at_path == before => return false,
            Err(error) if error.kind() != io::ErrorKind::NotFound => return false,
            _ if open_header(db) == Some(before) => return has_log(db),
            _ => {}
        }
    }
    false
}

fn has_log(db: &Connection) -> bool {
    let mode = db.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    mode.is_ok_and(|mode| mode == "wal")
}

/// The header of the file at `path`. SQLite has no locks on a log, which closing it here would
/// release.
fn header_at(path: &Path) -> io::Result<Header> {
    let mut read = Vec::with_capacity(HEADER);
    File::open(path)?.take(HEADER as u64).read_to_end(&mut read)?;
    let mut header = Header::default();
    header[..read.len()].copy_from_slice(&read);
    Ok(header)
}

/// The header of the log that `db` has open (without a log: of its journal, if it is open).
#[expect(unsafe_code, reason = "rusqlite has no file controls")]
fn open_header(db: &Connection) -> Option<Header> {
    let mut file: *mut ffi::sqlite3_file = ptr::null_mut();
    let mut header = Header::default();
    let size = c_int::try_from(header.len()).ok()?;
    // SAFETY:
    // - The handle is that of an open connection, which is only used on this thread. The name is
    //   NUL-terminated, and this file control writes one pointer and doesn't keep its address
    //   (sqlite.org/c3ref, SQLITE_FCNTL_JOURNAL_POINTER).
    // - The file belongs to the connection, and no statement is executed before it is read, so it
    //   isn't closed. A file that isn't open has no methods (sqlite.org/c3ref/file.html).
    // - The method writes at most `size` bytes, to an array of that size (c3ref/io_methods).
    let code = unsafe {
        let code = ffi::sqlite3_file_control(
            db.handle(),
            c"main".as_ptr(),
            ffi::SQLITE_FCNTL_JOURNAL_POINTER,
            (&raw mut file).cast(),
        );
        if code != ffi::SQLITE_OK {
            return None;
        }
        let read = file.as_ref()?.pMethods.as_ref()?.xRead?;
        read(file, header.as_mut_ptr().cast(), size, 0)
    };
    // After a short read, SQLite has filled the rest with zeros.
    matches!(code, ffi::SQLITE_OK | ffi::SQLITE_IOERR_SHORT_READ).then_some(header)
}
