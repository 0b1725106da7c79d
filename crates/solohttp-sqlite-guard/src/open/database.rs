//! Opens a database with settings that suit a single-user application.

use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use solohttp_core::private_file;

use crate::copies::Copies;
use crate::copies::make::Pace;
use crate::open::collation;
use crate::open::copy::with_suffix;
use crate::open::error::Error;
use crate::open::exclusive::{self, ProcessLock};
use crate::open::keeper;
use crate::open::migrate::{self, Migration, Schema};
use crate::open::settings;
use crate::record::statements::Declaration;
use crate::record::{Record, check};

/// Waiting blocks all other requests, but other programs hold the lock only for milliseconds.
/// SQLite doesn't wait by default; rusqlite waits 5 s.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Opens or creates a database file with safe settings. See [`Database`] for the settings and for
/// more options.
///
/// # Errors
/// Same as [`Database::open`].
///
/// ```no_run
/// let db = solohttp_sqlite_guard::open("shop.sqlite")?;
/// # Ok::<(), solohttp_sqlite_guard::Error>(())
/// ```
pub fn open(path: impl AsRef<Path>) -> Result<Connection, Error> {
    Database::at(path).open()
}

/// A builder that opens a database as a plain [`Connection`], with these settings:
///
/// - `foreign_keys = ON`: SQLite ignores `REFERENCES` by default.
/// - `journal_mode = WAL`: readers and the writer don't block each other, and a crash loses
///   nothing. Doesn't work on network drives. The `-wal` and `-shm` files next to the database file
///   are part of the database. With [`SqliteGuard`](crate::SqliteGuard), a background thread
///   checkpoints the `-wal` file once writes pause.
/// - `synchronous = FULL` and `fullfsync = ON`: a commit is on disk before the page says "saved",
///   and survives a power failure. `NORMAL` would save a few milliseconds per commit, which a
///   single user doesn't notice, and could lose the latest commits.
/// - a busy timeout of 2 seconds; see [`busy_timeout`](Self::busy_timeout).
/// - `trusted_schema = OFF` and `SQLITE_DBCONFIG_DEFENSIVE`: a malicious database file can't call
///   the program's functions, and ordinary SQL can't corrupt the file.
/// - the collation `names`: `ORDER BY name COLLATE names` sorts alphabetically, ignoring case and
///   accents. Don't use it in the declaration of a table or index: programs without this collation
///   could then neither modify nor search that table.
/// - the function `sort_key(text)`, for an index in that order. Store `sort_key(name)` in a
///   separate column and sort by that column. To other programs, the key is ordinary text.
/// - `SQLITE_DBCONFIG_ENABLE_QPSG`: the plan of a statement doesn't depend on the values of its
///   parameters, so the one that a test has [checked](crate::TableScans) is the one that runs. For
///   `LIKE ?1`, SQLite uses no index then; search for a prefix with
///   `name >= ?1 AND name < ?1 || char(0x10ffff)`.
/// - `cache_size`: up to 32 MiB of the file are kept in memory.
/// - no double-quoted strings: in `WHERE name = "x"`, `"x"` is always a column, so a misspelled
///   name is an error.
///
/// Declare tables `STRICT`, so that a value of the wrong type fails when it is written, not when
/// it is read.
///
/// ```
/// use solohttp_sqlite_guard::Database;
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("shop.sqlite");
/// let db = Database::at(path)
///     .migrations([
///         "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
///         "ALTER TABLE item ADD COLUMN price INTEGER NOT NULL DEFAULT 0",
///     ])
///     .integrity_check()
///     .open()?;
/// # Ok::<(), solohttp_sqlite_guard::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "call `open()`"]
pub struct Database {
    /// `None` for an in-memory database.
    path: Option<PathBuf>,
    busy_timeout: Duration,
    pub(super) schema: Schema,
    daily_copies: Option<usize>,
    checks_integrity: bool,
    exclusive: bool,
    has_thread: bool,
    records: Vec<fn() -> &'static Declaration>,
}

impl Database {
    /// A database in this file. A missing file is created, readable only by this user. Its folder
    /// must exist.
    pub fn at(path: impl AsRef<Path>) -> Self {
        Self { path: Some(path.as_ref().to_owned()), ..Self::in_memory() }
    }

    /// An in-memory database, for tests and demos.
    pub fn in_memory() -> Self {
        Self {
            path: None,
            busy_timeout: BUSY_TIMEOUT,
            schema: Schema::default(),
            daily_copies: None,
            checks_integrity: false,
            exclusive: false,
            has_thread: true,
            records: Vec::new(),
        }
    }

    /// Sets how long a statement waits for another program's lock. No requests are served while it
    /// waits.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// Sets the migrations that build the schema. The first one creates it; new versions of the
    /// program append more migrations and never change a released one.
    ///
    /// The file's `user_version` is the number of migrations that have run on it. The pending ones
    /// run in a single transaction, so a failure leaves the file unchanged. Foreign keys are
    /// checked after each migration rather than during it, so that a migration can rebuild a table.
    /// An existing file is copied first, with the same permissions: at version 2, `shop.sqlite` is
    /// copied to `copies/shop.2026-11-28.v2.sqlite`; see [`Copies`]. Opening fails if the file's
    /// version is higher than the number of migrations.
    pub fn migrations<M: Into<Migration>>(mut self, steps: impl IntoIterator<Item = M>) -> Self {
        self.schema.migrations = Some(steps.into_iter().map(Into::into).collect());
        self
    }

    /// Copies the file every day into the folder `copies` next to it; see [`Copies`].
    ///
    /// The background thread makes the copy shortly after the file is opened or a new day begins,
    /// if something has changed since the last copy. It then checks the copy. Any failure is
    /// logged. Requests are served during the copy, but the `-wal` file can't be checkpointed and
    /// may grow.
    ///
    /// A copy is deleted once `keep` newer daily copies exist; 0 counts as 1. This also applies to
    /// copies made before migrations, except the latest of them. Without daily copies, no copies
    /// are deleted.
    pub fn daily_copies(mut self, keep: usize) -> Self {
        self.daily_copies = Some(keep.max(1));
        self
    }

    /// Checks the whole file if it was not closed properly, for example after a power failure.
    ///
    /// SQLite recovers automatically; the check only looks for damage. It reads the whole file, so
    /// it runs in a background thread. The result is logged, and if there is damage,
    /// [`SqliteGuard`](crate::SqliteGuard) shows a warning on every page. A normal exit interrupts
    /// the check, and the next start doesn't repeat it.
    ///
    /// If migrations are due, [`open`](Self::open) waits for the check and fails if it finds damage.
    pub fn integrity_check(mut self) -> Self {
        self.checks_integrity = true;
        self
    }

    /// Keeps other programs away from the file while this program has it open. Opening fails if
    /// another program has it open.
    ///
    /// This program can open more connections: the background thread does, and so can other threads,
    /// with `exclusive` or with [`Connection::open`]. The first connection must be an exclusive one.
    ///
    /// | | Linux, macOS | Windows |
    /// |---|---|---|
    /// | another instance of this program, or any other that opens the file with `exclusive` | can't open it | can't open it |
    /// | other programs that use SQLite, such as the `sqlite3` shell or an older version without `exclusive` | can neither read nor write: "database is locked" | must not have it open first, but can open it later |
    /// | programs that read the file without SQLite, such as a file manager that copies it | not kept away | not kept away |
    ///
    /// On Linux and macOS, this uses SQLite's VFS `unix-excl`, and there is no `-shm` file. Windows
    /// has no such lock; there, only the file `shop.sqlite-lock`, which exists on all systems, keeps
    /// others away. All locks end with the process, even after a crash.
    ///
    /// On Linux and macOS, don't open the database file itself with [`std::fs`] while it is
    /// exclusive, for example to copy it. Closing that file would release SQLite's lock (POSIX,
    /// `fcntl`). Use [`Copies`], or `VACUUM INTO`.
    pub fn exclusive(mut self) -> Self {
        self.exclusive = true;
        self
    }

    /// Does without the background thread. [`open`](Self::open) makes the daily copy and the
    /// integrity check before it returns, and the `-wal` stays until the connection is closed or
    /// SQLite checkpoints it.
    ///
    /// For programs that end before the thread would be done, and for tests.
    pub fn without_thread(mut self) -> Self {
        self.has_thread = false;
        self
    }

    /// Declares that the database has the table of this record. Call it for each record.
    ///
    /// After the migrations, [`open`](Self::open) compares the record with its table, and fails
    /// with a list of the differences:
    ///
    /// - a field without a column;
    /// - a column without a field, unless it is generated or listed in `except`;
    /// - an `Option` in a `NOT NULL` column, or a field without `Option` in any other column;
    /// - a type that differs from that of the column, if the table is `STRICT`;
    /// - an enum whose choices differ from those in the column's `CHECK (status IN (…))`;
    /// - an expression that isn't valid SQL.
    ///
    /// ```
    /// use solohttp_sqlite_guard::{Database, columns};
    ///
    /// struct Sample { code: String, mass: i64 }
    /// columns!(Sample in "sample" { code, mass });
    ///
    /// let migrations = ["CREATE TABLE sample (id INTEGER PRIMARY KEY, code TEXT NOT NULL) STRICT"];
    /// let error = Database::in_memory().migrations(migrations).record::<Sample>().open().unwrap_err();
    /// assert!(error.to_string().contains("there is no column `mass`"));
    /// ```
    pub fn record<R: Record>(mut self) -> Self {
        self.records.push(R::declaration);
        self
    }

    /// Opens the database.
    ///
    /// Waits for up to the [`busy_timeout`](Self::busy_timeout) if another program has locked the
    /// file, or has it open and it must be migrated.
    ///
    /// # Errors
    /// Fails if the file is locked by another program, damaged, read-only or from a newer version
    /// of this program, if a migration fails, if a [record](Self::record) doesn't match its table,
    /// or if a [full-text index](Self::full_text) can't be made. Also fails if it must be migrated while another program has it open, such as an older
    /// version that is still running.
    pub fn open(self) -> Result<Connection, Error> {
        let deadline = Instant::now() + self.busy_timeout;
        loop {
            match self.try_open() {
                Err(Error::InUse { .. }) if Instant::now() < deadline => {
                    // Two instances that start at the same time must not collide again and again.
                    let random = RandomState::new().hash_one(0) % 32;
                    thread::sleep(Duration::from_millis(8 + random));
                }
                opened => return opened,
            }
        }
    }

    fn try_open(&self) -> Result<Connection, Error> {
        let unclean = self.path.as_deref().is_some_and(was_not_closed);
        self.create_private();
        let mut db = self.connect().map_err(|source| self.error(source))?;
        self.refuse_read_only(&db)?;
        let (lock, is_wal) = self.set_up(&db).map_err(|source| self.error(source))?;
        if unclean {
            log::info!(
                target: "solohttp",
                "{} was not closed properly or is open in another program",
                self.shown_path().display(),
            );
        }
        let has_thread = self.has_thread && is_wal;
        let mut checks = self.checks_integrity && unclean;
        // A damaged file must not be changed.
        if checks && (!has_thread || self.schema.is_due(&db, &self.shown_path())?) {
            self.check_integrity(&db)?;
            checks = false;
        }
        let copies = self.copies(&db);
        migrate::run(&mut db, &self.shown_path(), copies.as_ref(), &self.schema)?;
        self.check_records(&db)?;
        if let Some(copies) = copies {
            if !has_thread && let Err(error) = copies.make_daily(&db, &Pace::fast()) {
                let path = self.shown_path();
                log::warn!(target: "solohttp", "{}: cannot make the daily copy: {error}", path.display());
            }
            keeper::start(&db, copies, lock, has_thread, checks);
        }
        Ok(db)
    }

    /// `None` for an in-memory database.
    fn copies(&self, db: &Connection) -> Option<Copies> {
        let file = keeper::file_of(db)?;
        Some(Copies::new(file, self.daily_copies, self.schema.clone()))
    }

    /// Creates the file, readable only by this user. SQLite would create one that other users can
    /// read. The `-wal` and `-shm` files inherit the file's mode.
    fn create_private(&self) {
        if let Some(path) = &self.path {
            // The file usually exists already. SQLite reports any other problem.
            drop(private_file::create_new(path));
        }
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let Some(path) = &self.path else { return Connection::open_in_memory() };
        // No `SQLITE_OPEN_URI`: a file may be named `file:x`.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        exclusive::connect(path, flags, self.exclusive)
    }

    fn refuse_read_only(&self, db: &Connection) -> Result<(), Error> {
        match db.is_readonly(rusqlite::MAIN_DB) {
            Ok(true) => Err(Error::ReadOnly { path: self.shown_path() }),
            _ => Ok(()),
        }
    }

    /// Applies the settings and locks the file. Returns whether the file is in WAL mode, which some
    /// file systems don't support.
    fn set_up(&self, db: &Connection) -> rusqlite::Result<(Option<ProcessLock>, bool)> {
        db.busy_timeout(self.busy_timeout)?;
        settings::configure(db)?;
        let file = keeper::file_of(db).filter(|_| self.exclusive);
        let earlier = file.as_deref().and_then(keeper::lock_of);
        let is_first = file.is_some() && earlier.is_none();
        let lock = match file {
            Some(file) if is_first => Some(ProcessLock::take(&file)?),
            _ => earlier,
        };
        // Fails with `SQLITE_BUSY`, despite the timeout, if another program opens the file at the
        // same time.
        let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if is_first {
            // Finds connections that were there before, even those of this program, which
            // `unix-excl` would let in without a lock.
            exclusive::lock_out(db)?;
            exclusive::let_in(db)?;
        }
        settings::apply(db)?;
        collation::install(db)?;
        Ok((lock, mode == "wal"))
    }

    fn check_integrity(&self, db: &Connection) -> Result<(), Error> {
        match keeper::integrity(db).map_err(|source| self.error(source))? {
            None => Ok(()),
            Some(found) => Err(Error::Damaged { path: self.shown_path(), found }),
        }
    }

    fn check_records(&self, db: &Connection) -> Result<(), Error> {
        for declaration in self.records.iter().map(|declaration| declaration()) {
            let problems = check::problems(db, declaration).map_err(|source| self.error(source))?;
            if !problems.is_empty() {
                let (path, record) = (self.shown_path(), declaration.record);
                return Err(Error::Record { path, record, problems });
            }
        }
        Ok(())
    }

    fn shown_path(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(|| "database in memory".into())
    }

    fn error(&self, source: rusqlite::Error) -> Error {
        Error::of(self.shown_path(), source)
    }
}

/// Whether the file has a non-empty `-wal` or `-journal` file. The last connection removes these
/// files when it is closed. They also exist while another program has the database open; the check
/// is then unnecessary but harmless.
fn was_not_closed(path: &Path) -> bool {
    ["-wal", "-journal"].iter().any(|suffix| {
        fs::metadata(with_suffix(path, suffix)).is_ok_and(|metadata| metadata.len() > 0)
    })
}
