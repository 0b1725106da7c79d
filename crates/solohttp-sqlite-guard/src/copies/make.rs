//! Writes a copy, checks it, and makes it visible.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use rusqlite::{Connection, OpenFlags};

use super::folder::PartialCopy;
use super::{Copies, CopyError, CopyKind, DatabaseCopy, today};
use crate::open::copy::{self, with_suffix};
use crate::open::keeper::{self, STEPS};
use crate::open::{collation, error::BoxError};

/// The number of pages between two pauses: 256 KiB at SQLite's default page size.
const PAGES: i32 = 64;

/// The number of steps between two syncs. With a single sync at the end, the application's commits
/// would wait for the whole copy on some file systems.
const STEPS_BETWEEN_SYNCS: u32 = 32;

/// How long to work without a pause. If the application waits for the same disk or processor, it is
/// delayed by little more than this.
const WORK: Duration = Duration::from_millis(1);

/// Coarser than the timestamps of any file system, so that no change is missed.
const TIME_STAMP: Duration = Duration::from_secs(2);

/// Slows down work in the background, and stops it when the database is closed.
#[derive(Clone)]
pub(crate) struct Pace {
    /// `None` if the caller waits for the copy.
    is_closing: Option<Arc<dyn Fn() -> bool + Send + Sync>>,
    since: Instant,
}

impl Pace {
    /// Works as fast as possible.
    pub(crate) fn fast() -> Self {
        Self { is_closing: None, since: Instant::now() }
    }

    /// Works at most half of the time, until `is_closing` returns `true`.
    pub(crate) fn in_background(is_closing: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { is_closing: Some(Arc::new(is_closing)), since: Instant::now() }
    }

    /// Pauses for as long as the work since the last pause took.
    fn pause(&mut self) -> io::Result<()> {
        let Some(is_closing) = &self.is_closing else { return Ok(()) };
        if is_closing() {
            return Err(io::Error::other("the database is being closed"));
        }
        let worked = self.since.elapsed();
        if worked >= WORK {
            // A single step may take long on a slow disk, so the pause has a limit.
            thread::sleep(worked.min(Duration::from_millis(50)));
            self.since = Instant::now();
        }
        Ok(())
    }
}

impl Copies {
    /// Makes today's copy if it doesn't exist and something has changed since the last copy.
    /// Returns the new copy's path.
    pub(crate) fn make_daily(
        &self,
        db: &Connection,
        pace: &Pace,
    ) -> Result<Option<PathBuf>, CopyError> {
        let Some(keep) = self.keep else { return Ok(None) };
        let _lock = match self.folder.lock() {
            Err(CopyError::InUse) => return Ok(None),
            lock => lock?,
        };
        let date = today(db)?;
        let copies = self.list().map_err(CopyError::failed)?;
        let latest = copies.into_iter().find(|copy| copy.kind == CopyKind::Daily);
        let is_due = latest.as_ref().is_none_or(|latest| latest.date != date);
        if !is_due || latest.as_ref().is_some_and(|latest| self.is_unchanged_since(latest)) {
            return Ok(None);
        }
        let made = self.make(db, &date, CopyKind::Daily, latest.as_ref(), pace)?;
        self.folder.prune(keep).map_err(CopyError::failed)?;
        Ok(made)
    }

    /// Makes the copy before a migration, unless the latest one has the same content. Otherwise a
    /// migration that fails at every start would fill the disk.
    pub(crate) fn make_before_migration(
        &self,
        db: &Connection,
        version: u64,
    ) -> Result<Option<PathBuf>, CopyError> {
        let _lock = self.folder.wait_and_lock()?;
        let found: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if found.unsigned_abs() != version {
            // Another instance has already migrated the file.
            return Ok(None);
        }
        let kind = CopyKind::BeforeMigration(version);
        let copies = self.list().map_err(CopyError::failed)?;
        let latest = copies.into_iter().find(|copy| copy.kind == kind);
        self.make(db, &today(db)?, kind, latest.as_ref(), &Pace::fast())
    }

    /// Copies the content that a restore is about to replace. The copy isn't checked, because
    /// damage may be the reason for the restore.
    pub(super) fn make_replaced(&self, db: &Connection) -> Result<PathBuf, CopyError> {
        let copy = self.folder.begin(&today(db)?, CopyKind::Replaced);
        let as_of = SystemTime::now();
        self.write(db, &copy.path(), Pace::fast()).map_err(classified)?;
        copy.finish(as_of).map_err(CopyError::failed)
    }

    fn make(
        &self,
        db: &Connection,
        date: &str,
        kind: CopyKind,
        latest: Option<&DatabaseCopy>,
        pace: &Pace,
    ) -> Result<Option<PathBuf>, CopyError> {
        let copy = self.folder.begin(date, kind);
        let as_of = SystemTime::now();
        self.write(db, &copy.path(), pace.clone()).map_err(classified)?;
        check(&copy, pace)?;
        let mut pace = pace.clone();
        if let Some(latest) = latest
            && copy::have_same_content(&copy.path(), &latest.path, &mut || pace.pause())
                .map_err(CopyError::failed)?
        {
            // Updates the time, so that the next start needn't compare the files again.
            touch(&latest.path, as_of).map_err(CopyError::failed)?;
            return Ok(None);
        }
        copy.finish(as_of).map(Some).map_err(CopyError::failed)
    }

    /// Writes the content of `db` to a new file.
    fn write(&self, db: &Connection, to: &Path, mut pace: Pace) -> Result<(), BoxError> {
        // Other connections can write during the copy. Without a read transaction, each of their
        // writes would restart the copy.
        let snapshot = db.is_autocommit().then(|| db.unchecked_transaction()).transpose()?;
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        let mut steps = 0_u32;
        copy::write_in_steps(db, &self.file, to, PAGES, &mut || {
            steps += 1;
            if steps.is_multiple_of(STEPS_BETWEEN_SYNCS) && pace.is_closing.is_some() {
                OpenOptions::new().write(true).open(to)?.sync_data()?;
            }
            pace.pause()
        })?;
        snapshot.map_or(Ok(()), rusqlite::Transaction::commit)?;
        // A copy in WAL mode would need two more files whenever it is read.
        let copy = open(to)?;
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        copy.close().map_err(|(_, error)| error)?;
        Ok(())
    }

    /// Whether the file's timestamps are older than the copy. If they aren't, the content may still
    /// be the same.
    fn is_unchanged_since(&self, copy: &DatabaseCopy) -> bool {
        // If the copy has a date in the future, the clock was wrong.
        copy.as_of <= SystemTime::now()
            && [self.file.clone(), with_suffix(&self.file, "-wal")].iter().all(|file| {
                match fs::metadata(file).and_then(|metadata| metadata.modified()) {
                    Ok(modified) => modified + TIME_STAMP < copy.as_of,
                    Err(error) => error.kind() == io::ErrorKind::NotFound,
                }
            })
    }
}

fn touch(path: &Path, time: SystemTime) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.set_modified(time)
}

/// Opens a copy that isn't visible yet.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    // Without the collation, the integrity check would report every index that uses it as damaged.
    collation::install(&db)?;
    Ok(db)
}

fn check(copy: &PartialCopy<'_>, pace: &Pace) -> Result<(), CopyError> {
    let path = copy.path();
    let mut db = open(&path)?;
    let mut pace = pace.clone();
    db.progress_handler(STEPS, Some(move || pace.pause().is_err()))?;
    check_integrity(&db, copy.name())
}

pub(super) fn check_integrity(db: &Connection, name: &str) -> Result<(), CopyError> {
    let damaged = |found| Err(CopyError::Damaged { name: name.to_owned(), found });
    match keeper::integrity(db) {
        Ok(None) => Ok(()),
        Ok(Some(found)) => damaged(found),
        Err(error) if is_damage(&error) => damaged(error.to_string()),
        Err(error) => Err(error.into()),
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

/// Converts the error, and recognizes a locked database.
fn classified(error: BoxError) -> CopyError {
    match error.downcast::<rusqlite::Error>() {
        Ok(error) => (*error).into(),
        Err(error) => CopyError::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::Database;
    use crate::open::migrate::Schema;

    #[test]
    fn a_write_between_two_steps_does_not_start_the_copy_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.sqlite");
        let db = Database::at(&path).migrations(["CREATE TABLE item (name TEXT)"]).open().unwrap();
        db.execute("INSERT INTO item VALUES (printf('%01000000d', 1))", []).unwrap();
        let writes = AtomicU32::new(0);
        let file = path.clone();
        let pace = Pace::in_background(move || {
            let other = Connection::open(&file).unwrap();
            other.execute("INSERT INTO item VALUES ('new')", []).unwrap();
            // About 250 pages take 4 steps.
            writes.fetch_add(1, Ordering::Relaxed) > 50
        });
        let to = folder.path().join("copy.sqlite");
        Copies::new(path, None, Schema::default()).write(&db, &to, pace).unwrap();
        let rows = |db: &Connection| {
            db.query_row("SELECT count(*) FROM item", [], |row| row.get::<_, i64>(0)).unwrap()
        };
        assert_eq!(rows(&open(&to).unwrap()), 1, "the copy is of one moment");
        assert!(rows(&db) > 3);
    }
}
