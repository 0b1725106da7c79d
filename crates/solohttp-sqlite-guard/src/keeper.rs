//! A thread beside a connection, with a connection of its own to the same file.
//!
//! It checks the file after an unclean end, and moves what was committed from the `-wal` into the
//! file when nothing more comes. Both would make requests wait if the event loop's thread did them.

use std::path::PathBuf;
#[expect(
    clippy::disallowed_types,
    reason = "connections of all threads find their keeper here"
)]
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread::{self, Builder, JoinHandle, Thread};
use std::time::{Duration, Instant};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};

use crate::collation;
use crate::error::Error;

/// How long after the last change a checkpoint begins: long enough not to compete with the next
/// request of the same page, and well below the second in which someone copies the file.
const PAUSE: Duration = Duration::from_millis(300);

/// The longest pause while another program reads an old state, which no checkpoint may overwrite.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// SQLite asks after so many steps or pages whether to go on.
const STEPS: i32 = 1_000;

/// The function that owns the keeper, so that it ends with the connection. A connection drops its
/// hooks as well, but those are the program's.
const OWNER: &str = "solohttp_keeper";

#[expect(clippy::disallowed_types, reason = "locked when a connection is opened or first guarded")]
static KEEPERS: Mutex<Vec<Weak<Shared>>> = Mutex::new(Vec::new());

/// What the thread and the guards of a file share.
#[derive(Debug)]
struct Shared {
    path: PathBuf,
    /// Has something been committed since the last checkpoint began?
    is_dirty: AtomicBool,
    is_over: AtomicBool,
    /// What the check found.
    damage: OnceLock<String>,
    thread: OnceLock<Thread>,
}

/// A guard's end of a keeper.
#[derive(Debug)]
pub(crate) struct Link(Weak<Shared>);

/// Ends the thread when it is dropped.
struct Owner {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// Starts a thread that ends with this connection. Without it the connection is as good, but the
/// `-wal` stays longer; so a failure is only logged.
pub(crate) fn start(db: &Connection, checks: bool) {
    let Some(path) = file_of(db) else { return };
    let shared = Arc::new(Shared {
        path,
        // A migration, or what an unclean end left in the `-wal`.
        is_dirty: AtomicBool::new(true),
        is_over: AtomicBool::new(false),
        damage: OnceLock::new(),
        thread: OnceLock::new(),
    });
    let mut owner = Owner { shared: Arc::clone(&shared), thread: None };
    let its = Arc::clone(&shared);
    let builder = Builder::new().name("solohttp-keeper".to_owned());
    match builder.spawn(move || its.run(checks)) {
        Ok(thread) => {
            // The thread reads it only to be woken, and it has not been lent to anybody yet.
            drop(shared.thread.set(thread.thread().clone()));
            owner.thread = Some(thread);
        }
        Err(error) => log::warn!(target: "solohttp", "no thread beside the database: {error}"),
    }
    let mut keepers = keepers();
    keepers.retain(|keeper| keeper.strong_count() > 0);
    keepers.push(Arc::downgrade(&shared));
    drop(keepers);
    let owned = db.create_scalar_function(OWNER, 0, FunctionFlags::SQLITE_DIRECTONLY, move |_| {
        Ok(owner.shared.damage.get().cloned())
    });
    if let Err(error) = owned {
        log::warn!(target: "solohttp", "no thread beside the database: {error}");
    }
}

fn keepers() -> MutexGuard<'static, Vec<Weak<Shared>>> {
    KEEPERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The absolute path, as SQLite knows it; `None` in memory.
fn file_of(db: &Connection) -> Option<PathBuf> {
    db.path().filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl Link {
    /// Finds the keeper of this connection's file.
    pub(crate) fn to(db: &Connection) -> Self {
        let path = file_of(db);
        let keepers = keepers();
        let keeper = keepers.iter().find(|keeper| {
            keeper.upgrade().is_some_and(|keeper| Some(&keeper.path) == path.as_ref())
        });
        Self(keeper.cloned().unwrap_or_default())
    }

    /// Something may have been committed.
    pub(crate) fn committed(&self) {
        if let Some(keeper) = self.0.upgrade()
            && !keeper.is_dirty.swap(true, Ordering::SeqCst)
        {
            keeper.wake();
        }
    }

    /// What is wrong with the file, as far as it is known.
    pub(crate) fn damage(&self) -> Option<String> {
        self.0.upgrade()?.damage.get().cloned()
    }
}

impl Default for Link {
    fn default() -> Self {
        Self(Weak::new())
    }
}

impl Shared {
    fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    fn run(self: Arc<Self>, checks: bool) {
        let worked = self.connect().and_then(|db| {
            if checks {
                self.check(&db);
            }
            self.checkpoint_when_idle(&db)
        });
        if let Err(error) = worked
            && !self.is_over()
        {
            let path = self.path.display();
            log::warn!(target: "solohttp", "{path}: no checkpoints when idle: {error}");
        }
    }

    fn connect(self: &Arc<Self>) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(&self.path, flags)?;
        db.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON")?;
        // Without it, an index that is sorted by names would look damaged.
        collation::install(&db)?;
        let watched = Arc::clone(self);
        db.progress_handler(STEPS, Some(move || watched.is_over()))?;
        Ok(db)
    }

    fn check(&self, db: &Connection) {
        let path = self.path.display();
        let started = Instant::now();
        match integrity(db) {
            Ok(None) => {
                let took = started.elapsed();
                log::info!(target: "solohttp", "{path}: checked in {took:.1?}, no damage found");
            }
            Ok(Some(damage)) => self.found(damage),
            Err(_) if self.is_over() => {
                log::warn!(target: "solohttp", "{path}: the program ended before the check did");
            }
            Err(error) => match Error::of(self.path.clone(), error) {
                Error::Damaged { found, .. } => self.found(found),
                error => log::warn!(target: "solohttp", "{path}: the check failed: {error:?}"),
            },
        }
    }

    fn found(&self, damage: String) {
        log::error!(target: "solohttp", "{} is damaged: {damage}", self.path.display());
        // It is set once: there is one check.
        drop(self.damage.set(damage));
    }

    fn checkpoint_when_idle(&self, db: &Connection) -> rusqlite::Result<()> {
        let mut pause = PAUSE;
        loop {
            while !self.is_dirty.load(Ordering::SeqCst) && !self.is_over() {
                thread::park();
            }
            while self.is_dirty.swap(false, Ordering::SeqCst) {
                self.sleep(pause);
            }
            if self.is_over() {
                return Ok(());
            }
            // Waits for nobody, and nobody waits for it: readers and the writer go on meanwhile.
            let is_done = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                let (busy, in_wal, moved): (bool, i64, i64) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(!busy && in_wal == moved)
            })?;
            pause = if is_done { PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
            if !is_done {
                self.is_dirty.store(true, Ordering::SeqCst);
            }
        }
    }

    /// Until the time is up or the connection closes; commits do not cut it short.
    fn sleep(&self, pause: Duration) {
        let until = Instant::now() + pause;
        while !self.is_over()
            && let Some(left) = until.checked_duration_since(Instant::now())
            && !left.is_zero()
        {
            thread::park_timeout(left);
        }
    }
}

/// What SQLite finds first in the whole file.
pub(crate) fn integrity(db: &Connection) -> rusqlite::Result<Option<String>> {
    let found: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    // What concerns a whole tree comes behind a line that only names the database.
    let told = found.lines().find(|line| !line.starts_with("***")).unwrap_or(&found);
    Ok((told != "ok").then(|| told.to_owned()))
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        self.shared.wake();
        // If the process ended before the thread, the `-wal` would stay.
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!(target: "solohttp", "the thread beside the database panicked");
        }
    }
}
