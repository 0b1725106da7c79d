//! Keeps other programs away from a file, and lets this program's own connections in.
//!
//! SQLite's exclusive locking mode admits a single connection. Its VFS `unix-excl` admits a single
//! process instead, but exists only on Unix. A lock file works everywhere, but only between
//! programs that look at it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, ffi};
use solohttp_core::private_file;

use crate::open::copy::with_suffix;

/// The lock file of an exclusive database. It is shared by the program's connections, and the
/// system releases it when the process ends.
#[derive(Debug, Clone)]
pub(crate) struct ProcessLock(
    #[expect(dead_code, reason = "closing the file unlocks it")] Arc<File>,
);

impl ProcessLock {
    /// Locks the file next to `database`. Fails as busy if another process has locked it.
    pub(crate) fn take(database: &Path) -> rusqlite::Result<Self> {
        let failed = |error: io::Error| sqlite_error(ffi::SQLITE_CANTOPEN, Some(error.to_string()));
        let file = open(&with_suffix(database, "-lock")).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(Arc::new(file))),
            Err(TryLockError::WouldBlock) => Err(sqlite_error(ffi::SQLITE_BUSY, None)),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    match private_file::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            OpenOptions::new().read(true).write(true).open(path)
        }
        created => created,
    }
}

fn sqlite_error(code: i32, message: Option<String>) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), message)
}

/// Opens a connection. If it is exclusive, the whole process locks the file at the first access.
pub(crate) fn connect(
    path: &Path,
    flags: OpenFlags,
    is_exclusive: bool,
) -> rusqlite::Result<Connection> {
    if is_exclusive && cfg!(unix) {
        return Connection::open_with_flags_and_vfs(path, flags, "unix-excl");
    }
    Connection::open_with_flags(path, flags)
}

/// Locks out all other connections, of this program too, until [`let_in`]. Fails as busy, without
/// waiting, if there are any, even idle ones. In a journal mode other than WAL, idle connections
/// aren't detected.
pub(crate) fn lock_out(db: &Connection) -> rusqlite::Result<()> {
    // Opens the `-wal`. If it were opened in the exclusive mode, SQLite couldn't leave that mode.
    db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let timeout: u32 = db.query_row("PRAGMA busy_timeout", [], |row| row.get(0))?;
    db.busy_timeout(Duration::ZERO)?;
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let locked = touch(db);
    db.busy_timeout(Duration::from_millis(timeout.into()))?;
    if locked.is_err() {
        let_in(db)?;
    }
    locked
}

/// Lets other connections in again.
pub(crate) fn let_in(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "locking_mode", "NORMAL")?;
    touch(db)
}

/// A change of the locking mode takes effect at the next write transaction.
fn touch(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("BEGIN IMMEDIATE; COMMIT")
}
