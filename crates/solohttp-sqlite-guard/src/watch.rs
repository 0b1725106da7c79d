//! The hooks of one connection, and the facts they bring.
//!
//! Takes the connection's trace hook and its rollback hook; all others stay the program's. Holds
//! the only unsafe code of the crate, because hooks are set through `&mut Connection` and a guard
//! is lent `&Connection`, and because rusqlite has no file controls.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use rusqlite::trace::{TraceEvent, TraceEventCodes};
use rusqlite::{Connection, TransactionState, ffi};

use crate::facts::{Facts, Lost, Now};
use crate::keeper::Link;
use crate::purpose;

/// Facts that the hooks write and the guard reads.
#[expect(
    clippy::disallowed_types,
    reason = "rusqlite wants hooks to be `Send`; one thread takes this lock, so it never waits"
)]
type Shared = Arc<std::sync::Mutex<Facts>>;

thread_local! {
    /// Rollbacks on this thread. SQLite passes the hook a pointer, but one to memory that
    /// rusqlite frees before closing rolls back for the last time; a count needs no pointer.
    static ROLLBACKS: Cell<u64> = const { Cell::new(0) };
}

extern "C" fn count_rollback(_: *mut c_void) {
    ROLLBACKS.set(ROLLBACKS.get() + 1);
}

/// One guarded connection. The application may put another one in its place at any time.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    facts: Shared,
    keeper: Link,
    changes: u64,
    /// Does it have a write-ahead log?
    wal: bool,
}

/// What became of a request's transactions on one connection.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// It was open and had to be rolled back; perhaps that failed too.
    pub(crate) left_open: Option<(Lost, Option<rusqlite::Error>)>,
    pub(crate) lost: Vec<Lost>,
    /// Rows that were changed and stayed so, if the guard could watch.
    pub(crate) saved_rows: Option<u64>,
    /// Statements that still hold their read lock, and whether that is news.
    pub(crate) running: Vec<(String, bool)>,
    /// Something was changed, and the file is no longer where its path leads.
    pub(crate) has_moved: bool,
}

impl Watch {
    /// A request begins.
    pub(crate) fn begin(&mut self, db: &Connection) {
        if !self.is_installed() {
            self.facts = Shared::default();
            self.wal = has_wal(db);
            self.keeper = Link::to(db);
            if let Err(error) = self.install(db) {
                log::error!(target: "solohttp", "The guard cannot watch a database: {error}");
            }
        }
        let now = now(db);
        self.changes = now.changes;
        self.with_facts(|facts| facts.begin_request(now));
    }

    /// The handler returned or panicked: whatever is open is rolled back.
    pub(crate) fn end(&self, db: &Connection, is_unsafe: bool) -> Outcome {
        let before = now(db);
        let mut outcome = Outcome::default();
        // Gone if the program closed the connection, or took the hook for itself, in between.
        let watched = self.is_installed();
        if watched {
            outcome.lost = self.with_facts(|facts| facts.take_lost(before));
        } else {
            log::warn!(
                target: "solohttp",
                "During this request the guard's trace hook was replaced, or the connection \
                 closed: what it lost is not known"
            );
            self.with_facts(|facts| facts.begin_request(before));
        }
        if !before.autocommit {
            let lost = self.with_facts(|facts| facts.take_open(before));
            outcome.left_open = Some((lost, db.execute_batch("ROLLBACK").err()));
        }
        if db.is_busy() {
            outcome.running = self.with_facts(Facts::running);
        } else {
            self.with_facts(Facts::none_runs);
        }
        let changed = before.changes.saturating_sub(self.changes);
        if changed > 0 || is_unsafe {
            self.keeper.committed();
        }
        let saved = changed.saturating_sub(self.with_facts(|facts| facts.rows_gone()));
        outcome.saved_rows = watched.then_some(saved);
        outcome.has_moved = changed > 0 && self.has_moved(db);
        outcome
    }

    /// Would a restart find another file than the one that is open, or none, or no log?
    fn has_moved(&self, db: &Connection) -> bool {
        file_has_moved(db)
            || (self.wal && wal_of(db).is_some_and(|wal| !wal.exists()) && has_wal(db))
    }

    /// What is wrong with the file, as far as it is known.
    pub(crate) fn damage(&self) -> Option<String> {
        self.keeper.damage()
    }

    /// The hook holds the second reference: SQLite drops it with the connection or for another.
    fn is_installed(&self) -> bool {
        Arc::strong_count(&self.facts) > 1
    }

    fn with_facts<T>(&self, act: impl FnOnce(&mut Facts) -> T) -> T {
        act(&mut self.facts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn install(&self, db: &Connection) -> rusqlite::Result<()> {
        let (mut setter, own) = aliases(db)?;
        let facts = Arc::clone(&self.facts);
        let events = TraceEventCodes::SQLITE_TRACE_STMT | TraceEventCodes::SQLITE_TRACE_PROFILE;
        setter.trace_v2(
            events,
            Some(move |event: TraceEvent<'_>| {
                let mut facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
                match event {
                    // The text of a trigger or of a statement within another is a comment.
                    TraceEvent::Stmt(statement, sql)
                        if !sql.starts_with("--") || statement.sql() == sql =>
                    {
                        facts.started(sql);
                    }
                    TraceEvent::Profile(statement, _) => {
                        facts.finished(&statement.sql(), own.is_autocommit(), || now(&own));
                    }
                    _ => {}
                }
            }),
        )
    }
}

/// Counts rollbacks of `db` from now on, and lends its handle twice more: to set the trace hook
/// with, and for the hook to ask how the transaction stands.
#[expect(unsafe_code, reason = "rusqlite sets hooks only through `&mut Connection`")]
fn aliases(db: &Connection) -> rusqlite::Result<(Connection, Connection)> {
    // SAFETY:
    // - `handle` gives the pointer of an open connection, and `from_handle` makes `Connection`s
    //   that do not own it: dropping them touches no SQLite object. The first is dropped when the
    //   hook is set, while `db` is borrowed. The second lives in the hook, which SQLite calls only
    //   for this open connection and frees while it closes; nothing else can reach it.
    // - They are used on the thread that uses `db`: the first here, the second in its callbacks.
    // - A hook that is replaced is freed, so it must not be running. It would have to call the
    //   guarded handler; but a handler has the application's state by `&mut`, which holds `db`,
    //   so nobody else is executing a statement on it.
    // - `count_rollback` gets no pointer, never unwinds, and is a function of the program, so it
    //   outlives every connection. The hook it replaces is not freed before `db` is closed.
    unsafe {
        let handle = db.handle();
        ffi::sqlite3_rollback_hook(handle, Some(count_rollback), std::ptr::null_mut());
        Ok((Connection::from_handle(handle)?, Connection::from_handle(handle)?))
    }
}

/// Asks the operating system whether the path of the main database still leads to the file that
/// is open. Only Unix lets it be moved or deleted while it is open.
#[expect(unsafe_code, reason = "rusqlite has no file controls")]
fn file_has_moved(db: &Connection) -> bool {
    let mut has_moved: c_int = 0;
    // SAFETY: the handle is that of an open connection, which is used on this thread alone. The
    // name ends in NUL, and this file control writes one `int` to the pointer and keeps nothing
    // (sqlite.org/c3ref, SQLITE_FCNTL_HAS_MOVED).
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

fn has_wal(db: &Connection) -> bool {
    let mode = db.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    mode.is_ok_and(|mode| mode == "wal")
}

/// Where the write-ahead log of the main database lies. SQLite removes it only when the last
/// connection closes.
fn wal_of(db: &Connection) -> Option<PathBuf> {
    let path = db.path().filter(|path| !path.is_empty())?;
    Some(format!("{path}-wal").into())
}

fn now(db: &Connection) -> Now {
    Now {
        autocommit: db.is_autocommit(),
        writing: matches!(db.transaction_state::<&str>(None), Ok(TransactionState::Write)),
        changes: db.total_changes(),
        rollbacks: ROLLBACKS.get(),
        on_purpose: purpose::is_on_purpose(),
    }
}
