//! A second connection to the database of a program, which sees it as it was at one moment.

use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::open::exclusive::{self, ProcessLock};
use crate::open::{collation, keeper, settings};

/// A read-only connection.
pub(super) struct Snapshot {
    /// Closed before the lock is released.
    pub(super) db: Connection,
    _lock: Option<ProcessLock>,
}

impl Snapshot {
    /// Opens the connection's file again. `None` for an in-memory database, or if the file can't be
    /// opened.
    ///
    /// Without WAL mode, a read transaction would block writing, so there the connection sees later
    /// changes.
    pub(super) fn of(db: &Connection) -> Option<Self> {
        let file = keeper::file_of(db)?;
        let lock = keeper::lock_of(&file);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let own = exclusive::connect(&file, flags, lock.is_some()).ok()?;
        own.busy_timeout(Duration::ZERO).ok()?;
        settings::configure(&own).ok()?;
        collation::install(&own).ok()?;
        // Not opened as read-only, because the last connection to a file in WAL mode cleans up.
        own.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF").ok()?;
        let mode: String = own.query_row("PRAGMA journal_mode", [], |row| row.get(0)).ok()?;
        if mode == "wal" {
            own.execute_batch("BEGIN").ok()?;
            // The transaction only begins with the first statement that reads.
            own.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).ok()?;
        }
        Some(Self { db: own, _lock: lock })
    }
}
