//! The keeper: a background thread with its own connection to the file.
//!
//! It checks the file after an unclean shutdown, checkpoints the `-wal` file when writes pause, and
//! makes the daily copy. On the event loop's thread, each of these would block requests.

use std::path::{Path, PathBuf};
#[expect(
    clippy::disallowed_types,
    reason = "connections of all threads look up their keeper here"
)]
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread::{self, Builder, JoinHandle, Thread};
use std::time::{Duration, Instant};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};

use crate::copies::make::Pace;
use crate::copies::schedule::Schedule;
use crate::copies::{Copies, CopyError};
use crate::open::collation;
use crate::open::error::Error;
use crate::open::exclusive::{self, ProcessLock};

/// The delay between the last change and the checkpoint. It is long enough not to compete with the
/// same page's next request, and much shorter than the time it takes a user to copy the file.
const IDLE_DELAY: Duration = Duration::from_millis(300);

/// The maximum delay while another program's read transaction blocks the checkpoint.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// SQLite calls the progress handler after this many steps or pages.
pub(crate) const STEPS: i32 = 1_000;

/// The SQL function that owns the keeper, so that the keeper stops when the connection closes. A
/// hook could own the keeper just as well, but hooks are left to the program.
const OWNER: &str = "solohttp_keeper";

#[expect(clippy::disallowed_types, reason = "locked when a connection is opened or first guarded")]
static KEEPERS: Mutex<Vec<Weak<Shared>>> = Mutex::new(Vec::new());

/// Shared by the thread and the guards for one file.
#[derive(Debug)]
struct Shared {
    path: PathBuf,
    copies: Copies,
    /// Held while the file is exclusive to this program.
    lock: Option<ProcessLock>,
    /// Whether something may have been committed since the last checkpoint began.
    is_dirty: AtomicBool,
    is_closing: AtomicBool,
    /// The damage that the check found.
    damage: OnceLock<String>,
    thread: OnceLock<Thread>,
}

/// A guard's reference to its file's keeper.
#[derive(Debug)]
pub(crate) struct KeeperRef(Weak<Shared>);

/// Stops and joins the thread when dropped.
struct Owner {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// Starts a keeper that stops when this connection closes. A failure is only logged: the connection
/// works without a keeper, but the `-wal` file is kept longer. Without a thread, the keeper only
/// remembers the copies.
pub(crate) fn start(
    db: &Connection,
    copies: Copies,
    lock: Option<ProcessLock>,
    has_thread: bool,
    checks: bool,
) {
    let Some(path) = file_of(db) else { return };
    let shared = Arc::new(Shared {
        path,
        copies,
        lock,
        // A migration may have run, or an unclean shutdown may have left commits in the `-wal`
        // file.
        is_dirty: AtomicBool::new(true),
        is_closing: AtomicBool::new(false),
        damage: OnceLock::new(),
        thread: OnceLock::new(),
    });
    let mut owner = Owner { shared: Arc::clone(&shared), thread: None };
    if has_thread {
        owner.start(checks);
    }
    let mut keepers = keepers();
    keepers.retain(|keeper| keeper.strong_count() > 0);
    keepers.push(Arc::downgrade(&shared));
    drop(keepers);
    let owned = db.create_scalar_function(OWNER, 0, FunctionFlags::SQLITE_DIRECTONLY, move |_| {
        Ok(owner.shared.damage.get().cloned())
    });
    if let Err(error) = owned {
        log::warn!(target: "solohttp", "cannot start the database thread: {error}");
    }
}

fn keepers() -> MutexGuard<'static, Vec<Weak<Shared>>> {
    KEEPERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lock of a file that is exclusive to this program.
pub(crate) fn lock_of(file: &Path) -> Option<ProcessLock> {
    let keepers = keepers();
    let mut keepers = keepers.iter().filter_map(Weak::upgrade).filter(|keeper| keeper.path == file);
    keepers.find_map(|keeper| keeper.lock.clone())
}

/// The copies of a file that this program has opened.
pub(crate) fn copies_of(file: &Path) -> Option<Copies> {
    let keepers = keepers();
    let keepers = keepers.iter().filter_map(Weak::upgrade).filter(|keeper| keeper.path == file);
    let copies: Vec<Copies> = keepers.map(|keeper| keeper.copies.clone()).collect();
    // Prefers a connection that was opened with migrations, which can restore older copies.
    copies.iter().find(|copies| copies.know_migrations()).or(copies.first()).cloned()
}

/// The absolute path; `None` for an in-memory database.
pub(crate) fn file_of(db: &Connection) -> Option<PathBuf> {
    db.path().filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl KeeperRef {
    /// Finds the keeper of this connection's file.
    pub(crate) fn to(db: &Connection) -> Self {
        let path = file_of(db);
        let keepers = keepers();
        let keeper = keepers.iter().find(|keeper| {
            keeper.upgrade().is_some_and(|keeper| Some(&keeper.path) == path.as_ref())
        });
        Self(keeper.cloned().unwrap_or_default())
    }

    /// Notifies the keeper that something may have been committed.
    pub(crate) fn committed(&self) {
        if let Some(keeper) = self.0.upgrade()
            && !keeper.is_dirty.swap(true, Ordering::SeqCst)
        {
            keeper.wake();
        }
    }

    /// The damage that the check found, if any.
    pub(crate) fn damage(&self) -> Option<String> {
        self.0.upgrade()?.damage.get().cloned()
    }
}

impl Default for KeeperRef {
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

    fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::SeqCst)
    }

    fn run(self: Arc<Self>, checks: bool) {
        let worked = self.connect().and_then(|db| {
            if checks {
                self.check(&db);
            }
            self.work(&db)
        });
        if let Err(error) = worked
            && !self.is_closing()
        {
            let path = self.path.display();
            log::warn!(target: "solohttp", "{path}: stopped checkpointing: {error}");
        }
    }

    fn connect(self: &Arc<Self>) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = exclusive::connect(&self.path, flags, self.lock.is_some())?;
        db.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON")?;
        // Without the collation, the check would report every index that uses it as damaged.
        collation::install(&db)?;
        let watched = Arc::clone(self);
        db.progress_handler(STEPS, Some(move || watched.is_closing()))?;
        Ok(db)
    }

    fn check(&self, db: &Connection) {
        let path = self.path.display();
        let started = Instant::now();
        match integrity(db) {
            Ok(None) => {
                let took = started.elapsed();
                log::info!(target: "solohttp", "{path}: integrity check passed in {took:.1?}");
            }
            Ok(Some(damage)) => self.found(damage),
            Err(_) if self.is_closing() => {
                log::warn!(target: "solohttp", "{path}: exit interrupted the integrity check");
            }
            Err(error) => match Error::of(self.path.clone(), error) {
                Error::Damaged { found, .. } => self.found(found),
                error => {
                    log::warn!(target: "solohttp", "{path}: integrity check failed: {error:?}");
                }
            },
        }
    }

    fn found(&self, damage: String) {
        log::error!(target: "solohttp", "{} is damaged: {damage}", self.path.display());
        // If the value is already set, an earlier check has found damage too.
        drop(self.damage.set(damage));
    }

    fn work(self: &Arc<Self>, db: &Connection) -> rusqlite::Result<()> {
        let mut schedule = Schedule::new(&self.copies);
        let mut delay = IDLE_DELAY;
        loop {
            while !self.is_dirty.load(Ordering::SeqCst) && !self.is_closing() && !schedule.is_due()
            {
                match schedule.time_left() {
                    Some(left) => thread::park_timeout(left),
                    None => thread::park(),
                }
            }
            if schedule.is_due() && !self.is_closing() {
                self.copy(db, &mut schedule);
                continue;
            }
            while self.is_dirty.swap(false, Ordering::SeqCst) && !schedule.is_due() {
                self.sleep(delay);
            }
            if self.is_closing() {
                return Ok(());
            }
            let is_done = checkpoint(db)?;
            delay = if is_done { IDLE_DELAY } else { (delay * 2).min(MAX_DELAY) };
            if !is_done {
                self.is_dirty.store(true, Ordering::SeqCst);
            }
        }
    }

    /// Makes the daily copy if it is due.
    fn copy(self: &Arc<Self>, db: &Connection, schedule: &mut Schedule) {
        let watched = Arc::clone(self);
        let pace = Pace::in_background(move || watched.is_closing());
        let made = self.copies.make_daily(db, &pace);
        if self.is_closing() {
            return;
        }
        if matches!(made, Err(CopyError::Damaged { .. })) {
            // Finds out whether the file or only the copy is damaged, and warns the user.
            self.check(db);
        }
        schedule.finished(&self.path, made);
    }

    /// Sleeps until the delay is over or the connection closes; commits don't end the sleep.
    fn sleep(&self, delay: Duration) {
        let until = Instant::now() + delay;
        while !self.is_closing()
            && let Some(left) = until.checked_duration_since(Instant::now())
            && !left.is_zero()
        {
            thread::park_timeout(left);
        }
    }
}

/// Moves the content of the `-wal` file into the database file. Returns whether everything was
/// moved. A passive checkpoint doesn't block readers or the writer, and doesn't wait for them.
fn checkpoint(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        let (busy, in_wal, moved): (bool, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(!busy && in_wal == moved)
    })
}

/// Checks the whole file. Returns the first problem.
pub(crate) fn integrity(db: &Connection) -> rusqlite::Result<Option<String>> {
    let found: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    // If the problem concerns a whole tree, the first line only names the database, and the problem
    // follows.
    let problem = found.lines().find(|line| !line.starts_with("***")).unwrap_or(&found);
    Ok((problem != "ok").then(|| problem.to_owned()))
}

impl Owner {
    fn start(&mut self, checks: bool) {
        let worker = Arc::clone(&self.shared);
        let builder = Builder::new().name("solohttp-keeper".to_owned());
        match builder.spawn(move || worker.run(checks)) {
            Ok(thread) => {
                // It can't be set already, because nothing else has a reference yet.
                drop(self.shared.thread.set(thread.thread().clone()));
                self.thread = Some(thread);
            }
            Err(error) => {
                log::warn!(target: "solohttp", "cannot start the database thread: {error}");
            }
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.is_closing.store(true, Ordering::SeqCst);
        self.shared.wake();
        // If the process exited before the thread had finished, the `-wal` file would remain.
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!(target: "solohttp", "the database thread panicked");
        }
    }
}
