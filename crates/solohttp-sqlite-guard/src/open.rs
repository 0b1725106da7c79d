//! Opens a database file the way an application for one person wants it.
//!
//! Every setting has its reason here; `migrate` brings the schema up to date.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use solohttp_core::private_file;

use crate::collation;
use crate::error::Error;
use crate::keeper;
use crate::migrate::{self, Migration};

/// How long a statement waits for another program's lock before it fails as busy.
///
/// The one thread waits, and so does every other request meanwhile; but other programs hold the
/// lock for milliseconds. SQLite's own answer is not to wait at all, rusqlite's is 5 s.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Opens or creates a database file with sound settings; see [`Database`] for which, and for more.
///
/// # Errors
/// What [`Database::open`] says.
///
/// ```no_run
/// let db = solohttp_sqlite_guard::open("shop.sqlite")?;
/// # Ok::<(), solohttp_sqlite_guard::Error>(())
/// ```
pub fn open(path: impl AsRef<Path>) -> Result<Connection, Error> {
    Database::at(path).open()
}

/// A database file that is about to be opened, as a plain [`Connection`] with these settings:
///
/// - `foreign_keys = ON`: else SQLite takes `REFERENCES` for a remark.
/// - `journal_mode = WAL`: readers and the writer do not wait for each other, and a crash loses
///   nothing. Not on network drives. The file's companions `-wal` and `-shm` belong to it; with
///   [`SqliteGuard`](crate::SqliteGuard) what was committed is moved into the file when nothing
///   more comes for a moment, by a thread with a connection of its own.
/// - `synchronous = FULL` and `fullfsync = ON`: a commit is on the disk before the page says
///   "saved", also if the power fails then. `NORMAL` would save a few milliseconds for each
///   commit, which one person does not notice, and could lose the last ones.
/// - a busy time-out of 2 seconds: the one thread waits meanwhile. See
///   [`busy_timeout`](Self::busy_timeout).
/// - `trusted_schema = OFF` and `SQLITE_DBCONFIG_DEFENSIVE`: a prepared file from elsewhere can
///   neither call functions of the program nor have its own tables corrupted by plain SQL.
/// - a collation `names`: `ORDER BY name COLLATE names` sorts by letters, whatever their case and
///   accents. Don't declare a table or an index with it: other programs, which don't have this
///   collation, could then neither change nor search it.
/// - a function `sort_key(text)`, for an index in that order: keep `sort_key(name)` in a column of
///   its own, which is ordinary text to other programs, and sort by that column.
/// - no double-quoted text: in `WHERE name = "x"` a misspelt column is an error, not a string.
///
/// Declare tables `STRICT`, so that a number in a text column is an error where it is written
/// and not where it is read.
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
    /// `None`: in memory.
    path: Option<PathBuf>,
    busy_timeout: Duration,
    migrations: Option<Vec<Migration>>,
    checks_integrity: bool,
    exclusive: bool,
}

impl Database {
    /// The file, which is created if it is not there, closed to other accounts of this machine.
    /// Its folder must exist.
    pub fn at(path: impl AsRef<Path>) -> Self {
        Self { path: Some(path.as_ref().to_owned()), ..Self::in_memory() }
    }

    /// A database that ends with its connection, for tests and demonstrations.
    pub fn in_memory() -> Self {
        Self {
            path: None,
            busy_timeout: BUSY_TIMEOUT,
            migrations: None,
            checks_integrity: false,
            exclusive: false,
        }
    }

    /// How long a statement waits for the lock of another program. Nobody is served meanwhile.
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// The schema, as the steps that lead to it: the first one creates it, each version of the
    /// program adds at the end, and none is ever changed that has been given away.
    ///
    /// A file's `user_version` says how many it has seen. All that are missing run in one
    /// transaction, so that a failure leaves the file as it was; foreign keys are checked at its
    /// end and not before, so that a step may rebuild a table. Unless the file is new, it is
    /// copied first, next to itself and with the same permissions: `shop.sqlite` of version 2 to
    /// `shop.sqlite.v2.backup`. A file with more steps than there are here is refused.
    pub fn migrations<M: Into<Migration>>(mut self, steps: impl IntoIterator<Item = M>) -> Self {
        self.migrations = Some(steps.into_iter().map(Into::into).collect());
        self
    }

    /// Checks the whole file if the last program that had it did not close it, for example
    /// because of a power failure.
    ///
    /// SQLite recovers by itself, and the check only looks for damage. It reads all of the file,
    /// so it runs in a thread beside the connection. The log has its result; if it finds damage,
    /// [`SqliteGuard`](crate::SqliteGuard) says so on every page. The program must run until it
    /// has finished: a clean end interrupts it, and the next start does not repeat it.
    ///
    /// [`open`](Self::open) itself waits for the check, and fails if it finds damage, if
    /// migrations have to run, or if the file is [`exclusive`](Self::exclusive).
    pub fn integrity_check(mut self) -> Self {
        self.checks_integrity = true;
        self
    }

    /// Keeps all other programs away from the file while it is open, and fails if one has it.
    ///
    /// Without this others may read and write between the requests, and a second start of this
    /// program is not noticed. With it there is no connection beside this one, so a part of the
    /// data stays in the `-wal` file until the connection is closed.
    pub fn exclusive(mut self) -> Self {
        self.exclusive = true;
        self
    }

    /// Opens the file.
    ///
    /// # Errors
    /// If another program keeps it locked, if it is damaged, cannot be written, or was written by
    /// a newer version of the program; if a migration fails. The text says which and what to do.
    pub fn open(self) -> Result<Connection, Error> {
        let unclean = self.path.as_deref().is_some_and(was_not_closed);
        self.create_private();
        let mut db = self.connect().map_err(|source| self.error(source))?;
        self.refuse_read_only(&db)?;
        let is_wal = self.set_up(&db).map_err(|source| self.error(source))?;
        if unclean {
            log::info!(
                target: "solohttp",
                "{} was not closed properly, or another program has it open",
                self.shown_path().display(),
            );
        }
        let mut checks = self.checks_integrity && unclean;
        if checks && (self.exclusive || self.is_migration_due(&db)?) {
            self.check_integrity(&db)?;
            checks = false;
        }
        if let Some(migrations) = &self.migrations {
            migrate::run(&mut db, &self.shown_path(), self.path.is_some(), migrations)?;
        }
        if !self.exclusive && is_wal {
            keeper::start(&db, checks);
        }
        Ok(db)
    }

    /// SQLite would create a file that other accounts can read. Its companions get its mode.
    fn create_private(&self) {
        if let Some(path) = &self.path {
            // Mostly it is there already. Every other reason is one for SQLite to tell.
            drop(private_file::create_new(path));
        }
    }

    /// A damaged file is not migrated, so the check comes first then.
    fn is_migration_due(&self, db: &Connection) -> Result<bool, Error> {
        let Some(migrations) = &self.migrations else { return Ok(false) };
        migrate::is_due(db, &self.shown_path(), migrations)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let Some(path) = &self.path else { return Connection::open_in_memory() };
        // Not `SQLITE_OPEN_URI`: a file may be called `file:x`.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(path, flags)
    }

    fn refuse_read_only(&self, db: &Connection) -> Result<(), Error> {
        match db.is_readonly(rusqlite::MAIN_DB) {
            Ok(true) => Err(Error::ReadOnly { path: self.shown_path() }),
            _ => Ok(()),
        }
    }

    /// Returns whether the file is in WAL mode: some file systems cannot.
    fn set_up(&self, db: &Connection) -> rusqlite::Result<bool> {
        db.busy_timeout(self.busy_timeout)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        if self.exclusive {
            db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        }
        // A program that opens the file at the same moment makes this busy, time-out or not.
        let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        db.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF",
        )?;
        db.pragma_update(None, "fullfsync", true)?;
        collation::install(db)?;
        if self.exclusive {
            // The mode takes its lock with the first write transaction.
            db.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
        }
        Ok(mode == "wal")
    }

    fn check_integrity(&self, db: &Connection) -> Result<(), Error> {
        match keeper::integrity(db).map_err(|source| self.error(source))? {
            None => Ok(()),
            Some(found) => Err(Error::Damaged { path: self.shown_path(), found }),
        }
    }

    fn shown_path(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(|| "database in memory".into())
    }

    fn error(&self, source: rusqlite::Error) -> Error {
        Error::of(self.shown_path(), source)
    }
}

impl Error {
    /// The kind of error that SQLite reported.
    pub(crate) fn of(path: PathBuf, source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::InUse { path, source }
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::Damaged { path, found: source.to_string() }
            }
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            _ => Self::Open { path, source },
        }
    }
}

/// The last connection that is closed properly removes these companions. They are also there
/// while another program has the file; then the check is needless but does no harm.
fn was_not_closed(path: &Path) -> bool {
    ["-wal", "-journal"].iter().any(|suffix| {
        let mut companion = path.as_os_str().to_owned();
        companion.push(suffix);
        fs::metadata(companion).is_ok_and(|metadata| metadata.len() > 0)
    })
}
