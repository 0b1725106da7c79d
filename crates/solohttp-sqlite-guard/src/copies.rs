//! Copies of a database file: one a day, one before each migration, one before each restore.
//!
//! `name` defines the file names, `folder` manages the files, `make` writes and checks a copy, and
//! `restore` restores one. `page` has the pages for the user. The background thread in
//! `open/keeper.rs` decides when to make a daily copy.
//!
//! A connection's copies are found through its background thread, which makes copies itself, so
//! `copies/` and `open/` import each other.

pub(crate) mod error;
mod folder;
pub(crate) mod make;
mod name;
pub(crate) mod page;
mod restore;
mod rows;
pub(crate) mod schedule;
mod words;

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::Connection;

pub use error::CopyError;
pub use name::CopyKind;
pub use rows::TableRows;
pub use words::CopiesWords;

use crate::open::keeper;
use crate::open::migrate::Schema;
use folder::CopyFolder;

/// The copies of a database file, in the folder `copies` next to it.
///
/// [`Database::daily_copies`](crate::Database::daily_copies) makes one each day, and
/// [`Database::migrations`](crate::Database::migrations) one before the schema changes.
/// [`SqliteGuard::copies`](crate::SqliteGuard::copies) shows them to the user, who can restore one.
///
/// ```
/// use solohttp_sqlite_guard::{Copies, Database};
///
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("shop.sqlite");
/// let mut db = Database::at(path)
///     .migrations(["CREATE TABLE item (name TEXT NOT NULL) STRICT"])
///     .daily_copies(7)
///     .open()?;
/// let copies = Copies::of(&db).expect("the database has a file");
/// if let Some(latest) = copies.list()?.first() {
///     copies.restore(&mut db, &latest.name)?;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A copy is a complete database in a single file. Its name says when and why it was made:
/// `shop.2026-11-28.sqlite`, `shop.2026-11-28.v2.sqlite` before a migration from version 2, and
/// `shop.2026-11-28.replaced.sqlite` before a restore.
#[derive(Debug, Clone)]
pub struct Copies {
    /// The database.
    file: PathBuf,
    folder: CopyFolder,
    /// How many daily copies to keep, if any are made.
    keep: Option<usize>,
    schema: Schema,
}

/// One copy of a database file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatabaseCopy {
    /// The file's name, without its folder.
    pub name: String,
    /// The copy's path.
    pub path: PathBuf,
    /// Why it was made.
    pub kind: CopyKind,
    /// The local date on which it was made: `2026-11-28`.
    pub date: String,
    /// The latest time at which the database is known to have had this content. This is when the
    /// copy was made, or later if nothing changed after that.
    pub as_of: SystemTime,
    /// The file's size.
    pub bytes: u64,
    number: u64,
}

impl Copies {
    /// The copies of the connection's file; `None` for an in-memory database. A copy with an older
    /// schema can only be restored if the file was opened with
    /// [`Database::migrations`](crate::Database::migrations).
    #[must_use]
    pub fn of(db: &Connection) -> Option<Self> {
        let file = keeper::file_of(db)?;
        Some(keeper::copies_of(&file).unwrap_or_else(|| Self::new(file, None, Schema::default())))
    }

    pub(crate) fn new(file: PathBuf, keep: Option<usize>, schema: Schema) -> Self {
        let folder = CopyFolder::of(&file);
        Self { file, folder, keep, schema }
    }

    /// All copies, the latest first.
    ///
    /// # Errors
    /// Fails if the folder can't be read. A missing folder isn't an error; the list is then empty.
    pub fn list(&self) -> io::Result<Vec<DatabaseCopy>> {
        self.folder.list()
    }

    /// The folder of the copies. It doesn't exist until the first copy is made.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Whether copies are made every day.
    fn are_daily(&self) -> bool {
        self.keep.is_some()
    }

    pub(crate) fn know_migrations(&self) -> bool {
        self.schema.migrations.is_some()
    }
}

/// The local date.
fn today(db: &Connection) -> rusqlite::Result<String> {
    db.query_row("SELECT date('now', 'localtime')", [], |row| row.get(0))
}
