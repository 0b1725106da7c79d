//! Rows that have been checked but not yet imported. They are stored in a temporary table, which is
//! dropped when its connection is closed.
//!
//! The job has its own connection, on its thread. In WAL mode, this connection doesn't block the
//! reads for pages. All rows are imported in one transaction, so a cancelled import leaves nothing
//! behind.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use solohttp::Result;
use solohttp::desktop::Job;
use solohttp::sqlite::rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use solohttp::sqlite::{self, Undo};

use crate::import_row::{Kind, Row};

/// The number of rows to write between two checks for cancellation. Writing them takes a few
/// milliseconds.
const BATCH: i64 = 500;

/// How long an import sleeps before it checks again whether the user's change is done.
const PAUSE: Duration = Duration::from_millis(1);

/// How long an import waits for SQLite's write lock before it checks for cancellation.
const BUSY_TIMEOUT: Duration = Duration::from_millis(100);

pub(crate) struct Staged {
    db: Connection,
    kind: Kind,
    rows: Cell<i64>,
}

impl Staged {
    pub(crate) fn new(file: &Path, kind: Kind) -> Result<Self> {
        let db = sqlite::open(file)?;
        db.busy_timeout(BUSY_TIMEOUT)?;
        // An import touches all parts of the indexes, so it needs a large cache.
        db.pragma_update(None, "cache_size", -64 * 1024)?;
        // See `copy_log`.
        db.pragma_update(None, "wal_autocheckpoint", 0)?;
        // This table shadows the one in the file, so that rows are saved by the same code as
        // elsewhere.
        let (table, columns) = table(kind);
        db.execute_batch(&format!(
            "CREATE TEMP TABLE {table} (id INTEGER PRIMARY KEY, {columns}); BEGIN"
        ))?;
        Ok(Self { db, kind, rows: Cell::new(0) })
    }

    pub(crate) fn db(&self) -> &Connection {
        &self.db
    }

    pub(crate) fn push(&self, row: &Row) -> Result<()> {
        row.insert(&self.db)?;
        self.rows.update(|rows| rows + 1);
        if self.rows.get() % BATCH == 0 {
            // Rows may name contacts, which are looked up in the database. In one long transaction,
            // these reads would keep the write-ahead log from being reset.
            self.db.execute_batch("COMMIT; BEGIN")?;
        }
        Ok(())
    }

    /// Adds all rows to the database, or none. The import can be undone like any other change.
    pub(crate) fn import(
        &mut self,
        job: &Job,
        turn: &Turn,
        undo: &Undo,
        name: &str,
    ) -> Result<i64> {
        self.db.execute_batch("COMMIT")?;
        let (kind, rows) = (self.kind, self.rows.get());
        undo.record(&mut self.db, name, |db| {
            loop {
                job.check()?;
                if turn.is_wanted() {
                    thread::sleep(PAUSE);
                    continue;
                }
                let tx = match db.transaction_with_behavior(TransactionBehavior::Immediate) {
                    // The user's change has the lock.
                    Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                        continue;
                    }
                    tx => tx?,
                };
                if insert(&tx, kind, rows, job, turn)? {
                    tx.commit()?;
                    return Ok(rows);
                }
                tx.rollback()?;
            }
        })
    }

    /// Copies the write-ahead log into the file. After a million rows, this takes seconds, but by
    /// then the rows are already saved and shown. Otherwise, the next commit would do it, on the
    /// thread that serves the pages.
    pub(crate) fn copy_log(&self) {
        // If this fails, the next commit does it.
        self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).ok();
    }
}

/// Inserts all rows, unless the user has something to save. Returns whether all rows were inserted.
fn insert(tx: &Transaction<'_>, kind: Kind, rows: i64, job: &Job, turn: &Turn) -> Result<bool> {
    let (table, columns) = table(kind);
    let values = match kind {
        // A contact may have been deleted since the rows were checked.
        Kind::Appointments => {
            columns.replace("contact", "(SELECT id FROM main.contact WHERE id = contact)")
        }
        Kind::Contacts | Kind::Tasks => columns.to_owned(),
    };
    let mut insert = tx.prepare(&format!(
        "INSERT INTO main.{table} ({columns})
         SELECT {values} FROM temp.{table} WHERE id BETWEEN ?1 AND ?2"
    ))?;
    let mut done = 0;
    while done < rows {
        job.check()?;
        if turn.is_wanted() {
            return Ok(false);
        }
        insert.execute((done + 1, done + BATCH))?;
        done = (done + BATCH).min(rows);
        job.progress(done.unsigned_abs(), rows.unsigned_abs());
    }
    Ok(true)
}

/// Returns the table and its columns, without the id.
fn table(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Contacts => ("contact", "name, sort_key, email, phone, fee, notes"),
        Kind::Appointments => ("appointment", "title, day, starts, ends, place, notes, contact"),
        Kind::Tasks => ("task", "title, sort_key, priority, due, done, notes"),
    }
}

/// Gives the user's changes priority over an import. SQLite allows only one write transaction at a
/// time, and an import may take seconds. When the user saves something, the import rolls back
/// within milliseconds, and then starts again.
#[derive(Clone, Default)]
pub(crate) struct Turn(Arc<AtomicBool>);

impl Turn {
    /// Runs a change made by the user.
    #[track_caller]
    pub(crate) fn of_user<T>(&self, change: impl FnOnce() -> T) -> T {
        struct Over<'a>(&'a AtomicBool);
        impl Drop for Over<'_> {
            fn drop(&mut self) {
                self.0.store(false, Ordering::SeqCst);
            }
        }
        self.0.store(true, Ordering::SeqCst);
        let _over = Over(&self.0);
        change()
    }

    fn is_wanted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
