//! The trace and rollback hooks of one connection.
//!
//! Contains unsafe code, because rusqlite sets hooks only through `&mut Connection`, but the guard has
//! only `&Connection`.

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use rusqlite::trace::{TraceEvent, TraceEventCodes};
use rusqlite::{Connection, TransactionState, ffi};

use crate::open::keeper::KeeperRef;
use crate::undo::recording::MayReplace;
use crate::watch::facts::{ConnectionState, Facts, Lost};
use crate::watch::{moved, purpose, scans};

/// Written by the hooks, read by the guard.
#[expect(
    clippy::disallowed_types,
    reason = "rusqlite requires hooks to be `Send`; only one thread takes this lock"
)]
type SharedFacts = Arc<std::sync::Mutex<Facts>>;

thread_local! {
    /// The number of rollbacks on this thread. SQLite could pass the hook a pointer, but rusqlite
    /// would free its target before the final rollback, which happens when the connection closes.
    static ROLLBACKS: Cell<u64> = const { Cell::new(0) };
}

extern "C" fn count_rollback(_: *mut c_void) {
    ROLLBACKS.set(ROLLBACKS.get() + 1);
}

/// One guarded connection. The application may replace the connection at any time.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    facts: SharedFacts,
    keeper: KeeperRef,
    changes: u64,
    /// The number of changes that [`Undo`](crate::Undo) made in a temporary table. SQLite includes
    /// them in its count.
    recorded: Arc<AtomicU64>,
    /// The number of statements so far.
    statements: Arc<AtomicU64>,
}

/// The result of a request on one connection.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The transaction that was left open, and the error if rolling it back failed.
    pub(crate) left_open: Option<(Lost, Option<rusqlite::Error>)>,
    pub(crate) lost: Vec<Lost>,
    /// Rows that were saved; `None` if the guard couldn't watch.
    pub(crate) saved_rows: Option<u64>,
    /// Statements that still hold a read lock. The flag is set if the statement hasn't been
    /// reported before.
    pub(crate) running: Vec<(String, bool)>,
    /// Whether the request changed something although the file is no longer at its path.
    pub(crate) has_moved: bool,
}

impl Watch {
    /// Starts a request; installs the hooks if necessary.
    pub(crate) fn begin(&mut self, db: &Connection) {
        if !self.is_installed() {
            self.facts = SharedFacts::default();
            self.keeper = KeeperRef::to(db);
            if let Err(error) = self.install(db) {
                log::error!(target: "solohttp", "cannot install the guard's hooks: {error}");
            }
        }
        let now = now(db, &self.recorded);
        self.changes = now.changes;
        self.with_facts(|facts| facts.begin_request(now));
    }

    /// Ends a request and rolls back any open transaction.
    pub(crate) fn end(&self, db: &Connection, is_unsafe: bool) -> Outcome {
        let before = now(db, &self.recorded);
        let mut outcome = Outcome::default();
        // False if the program closed the connection or replaced the hook during the request.
        let watched = self.is_installed();
        if watched {
            outcome.lost = self.with_facts(|facts| facts.take_lost(before));
        } else {
            log::warn!(
                target: "solohttp",
                "the guard's trace hook was replaced or the connection was closed during this \
                 request; lost changes can't be detected"
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
            self.with_facts(Facts::clear_running);
        }
        let changed = before.changes.saturating_sub(self.changes);
        if changed > 0 || is_unsafe {
            self.keeper.committed();
        }
        let saved = changed.saturating_sub(self.with_facts(|facts| facts.rows_rolled_back()));
        outcome.saved_rows = watched.then_some(saved);
        outcome.has_moved = changed > 0 && moved::has_moved(db);
        scans::explain(db);
        outcome
    }

    /// The damage that the integrity check found, if any.
    pub(crate) fn damage(&self) -> Option<String> {
        self.keeper.damage()
    }

    /// Returns what the undo recorder needs: the counter for its own changes, and a closure that
    /// tells whether the running statements may replace rows.
    pub(crate) fn for_undo(&self) -> (Arc<AtomicU64>, MayReplace) {
        let facts = Arc::downgrade(&self.facts);
        let statements = Arc::clone(&self.statements);
        // This is called for each row, but the result is the same for all rows of a statement.
        let known = Cell::new((0, true));
        let may_replace = move || {
            let statement = statements.load(Ordering::Relaxed);
            if known.get().0 != statement {
                let may_replace = facts.upgrade().is_none_or(|facts| {
                    facts.lock().unwrap_or_else(PoisonError::into_inner).may_replace()
                });
                known.set((statement, may_replace));
            }
            known.get().1
        };
        (Arc::clone(&self.recorded), Box::new(may_replace))
    }

    /// Sets the virtual tables, whose changes can't be recorded.
    pub(crate) fn set_virtual_tables(&self, names: &[String]) {
        self.with_facts(|facts| facts.set_virtual_tables(names));
    }

    /// Whether this request has written to a virtual table.
    pub(crate) fn has_written_virtual(&self) -> bool {
        self.with_facts(|facts| facts.has_written_virtual())
    }

    /// Whether the trace hook is installed. It holds the second reference, which SQLite drops when
    /// the hook is replaced or the connection is closed.
    fn is_installed(&self) -> bool {
        Arc::strong_count(&self.facts) > 1
    }

    fn with_facts<T>(&self, act: impl FnOnce(&mut Facts) -> T) -> T {
        act(&mut self.facts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn install(&self, db: &Connection) -> rusqlite::Result<()> {
        let (mut setter, own) = aliases(db)?;
        let facts = Arc::clone(&self.facts);
        let recorded = Arc::clone(&self.recorded);
        let statements = Arc::clone(&self.statements);
        let events = TraceEventCodes::SQLITE_TRACE_STMT | TraceEventCodes::SQLITE_TRACE_PROFILE;
        setter.trace_v2(
            events,
            Some(move |event: TraceEvent<'_>| {
                let mut facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
                match event {
                    // SQLite passes triggers and nested statements as comments.
                    TraceEvent::Stmt(statement, sql)
                        if !sql.starts_with("--") || statement.sql() == sql =>
                    {
                        facts.started(sql);
                        scans::started(sql);
                        statements.fetch_add(1, Ordering::Relaxed);
                    }
                    TraceEvent::Profile(statement, _) => {
                        facts.finished(&statement.sql(), own.is_autocommit(), || {
                            now(&own, &recorded)
                        });
                    }
                    _ => {}
                }
            }),
        )
    }
}

/// Installs the rollback hook and returns two aliases of `db`: one to set the trace hook, one for
/// that hook to query the transaction's state.
#[expect(unsafe_code, reason = "rusqlite sets hooks only through `&mut Connection`")]
fn aliases(db: &Connection) -> rusqlite::Result<(Connection, Connection)> {
    // SAFETY:
    // - `handle` returns the pointer to an open connection, and `from_handle` makes `Connection`s
    //   that don't own it: dropping them touches no SQLite object. The first is dropped once the
    //   hook is set, while `db` is borrowed. The second lives in the hook, which SQLite calls only
    //   for this open connection and frees when it closes; nothing else can reach it.
    // - Both are used only on the thread that uses `db`: the first here, the second in callbacks.
    // - A replaced hook is freed, so it must not be running. To get here, it would have to call the
    //   guarded handler. But a handler borrows the application's state, which contains `db`,
    //   mutably, so no statement is executing on `db`.
    // - `count_rollback` receives no pointer, never unwinds, and is a static function, so it
    //   outlives every connection. The hook it replaces is not freed before `db` is closed.
    unsafe {
        let handle = db.handle();
        ffi::sqlite3_rollback_hook(handle, Some(count_rollback), std::ptr::null_mut());
        Ok((Connection::from_handle(handle)?, Connection::from_handle(handle)?))
    }
}

fn now(db: &Connection, recorded: &AtomicU64) -> ConnectionState {
    ConnectionState {
        autocommit: db.is_autocommit(),
        writing: matches!(db.transaction_state::<&str>(None), Ok(TransactionState::Write)),
        changes: db.total_changes().wrapping_sub(recorded.load(Ordering::Relaxed)),
        rollbacks: ROLLBACKS.get(),
        on_purpose: purpose::is_on_purpose(),
    }
}
