//! Rows that are checked first, and then added in one transaction that gives way to other changes.
//!
//! For work on a thread. Only `write` knows whether somebody is waiting for the write lock.

mod table;

use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use solohttp_core::Failure;

use crate::open::database;
use crate::record::Record;
use crate::sql::quoted;
use crate::undo::Undo;
use crate::write::is_wanted;
use table::UniqueCheck;

/// The number of rows to add between two checks for other writers. Adding them takes a few
/// milliseconds.
const BATCH: i64 = 500;

/// How long to sleep before checking again whether another change is done.
const PAUSE: Duration = Duration::from_millis(1);

/// How long to wait for SQLite's write lock before checking for cancellation.
const BUSY_TIMEOUT: Duration = Duration::from_millis(100);

/// New rows for a table, such as those of a large file, which are first checked and then all added.
///
/// Works on a connection of its own, so it belongs on another thread. The rows are kept in a
/// temporary table, and are gone when the `Staging` is dropped. [`add`](Self::add) moves them to the
/// database in one transaction, so either all of them are added or none. In WAL mode, this blocks
/// nobody: pages are read meanwhile, and when [`write()`](crate::write()) wants to save something,
/// the transaction is rolled back within milliseconds and starts again afterwards.
///
/// ```
/// use solohttp_sqlite_guard::{Database, Record as _, Staging, columns};
///
/// struct Contact { name: String }
/// columns!(Contact in "contact" { name });
///
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("book.sqlite");
/// let create = "CREATE TABLE contact (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT";
/// let db = Database::at(&file).migrations([create]).record::<Contact>().open()?;
///
/// let mut staging = Staging::open::<Contact>(&file)?;
/// for name in ["Ada", "Zoë"] {
///     // On this connection, the table is the temporary one.
///     Contact { name: name.into() }.insert(staging.db())?;
/// }
/// assert_eq!(Contact::select(&db, "", [])?.len(), 0);
/// assert_eq!(staging.add(|_| Ok(()))?, 2);
/// assert_eq!(Contact::select(&db, "", [])?.len(), 2);
/// # drop(staging);
/// # Ok::<(), solohttp_core::Failure>(())
/// ```
///
/// A row whose unique columns are taken, by the table or by an earlier one of the new rows, is found
/// at once: [`insert`](Record::insert) fails as it does for the table itself, so an import tells the
/// line of the file, and the form's words for it. All other constraints are checked when the rows
/// are added, and the unique ones again, because other changes may come first. Statements that read
/// another table of the file work as usual, for example to find a contact by its name.
///
/// ```
/// # use solohttp_sqlite_guard::{Database, Record as _, Staging, columns};
/// # struct Contact { name: String }
/// # columns!(Contact in "contact" { name });
/// # let folder = tempfile::tempdir()?;
/// # let file = folder.path().join("book.sqlite");
/// let create = "CREATE TABLE contact (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT";
/// let db = Database::at(&file).migrations([create]).record::<Contact>().open()?;
/// Contact { name: "Ada".into() }.insert(&db)?;
///
/// let staging = Staging::open::<Contact>(&file)?;
/// let add = |name: &str| Contact { name: name.into() }.insert(staging.db());
/// assert!(add("Zoë").is_ok());
/// for taken in ["Ada", "Zoë"] {
///     assert_eq!(add(taken).unwrap_err().constraint().unwrap().fields, ["name"]);
/// }
/// # drop(staging);
/// # Ok::<(), solohttp_core::Failure>(())
/// ```
#[derive(Debug)]
pub struct Staging {
    db: Connection,
    table: String,
    /// Each column with the expression for its value.
    columns: Vec<(String, String)>,
    checks: Vec<UniqueCheck>,
    is_added: bool,
}

/// SQLite would open another database, without tables.
const NO_FILE: &str = "rows are staged in a second connection, but this database has no file: test \
                       with a file in a temporary folder, not with `Database::in_memory`";

impl Staging {
    /// Opens the file again, and creates the temporary table for this record.
    ///
    /// # Errors
    /// Same as [`Database::open`](crate::Database::open), or if the table can't be created.
    pub fn open<R: Record>(file: impl AsRef<Path>) -> Result<Self, Failure> {
        if file.as_ref().as_os_str().is_empty() {
            return Err(NO_FILE.to_owned().into());
        }
        let db = database::open(file)?;
        db.busy_timeout(BUSY_TIMEOUT)?;
        // Adding rows touches all parts of the indexes, so it needs a large cache.
        db.pragma_update(None, "cache_size", -64 * 1024)?;
        // See `Drop`.
        db.pragma_update(None, "wal_autocheckpoint", 0)?;
        let declaration = R::declaration();
        let stored = declaration.columns.iter().map(|column| column.name);
        let computed = declaration.computed.iter().map(|(name, _)| *name);
        let columns: Vec<_> =
            stored.chain(computed).map(|name| (quoted(name), quoted(name))).collect();
        // A rollback journal in a file would be created and deleted for each row.
        db.pragma_update(Some("temp"), "journal_mode", "MEMORY")?;
        // The temporary table hides the one in the file.
        let checks = table::create(&db, R::TABLE, R::KEY)?;
        Ok(Self { db, table: quoted(R::TABLE), columns, checks, is_added: false })
    }

    /// Sets an SQL expression for the values of a column, which is evaluated when the rows are added.
    /// For example, `(SELECT id FROM main.contact WHERE id = contact)` for the column `contact` is
    /// `NULL` if the contact has been deleted since the row was checked.
    ///
    /// Unique indexes with this column are only checked when the rows are added.
    ///
    /// # Panics
    /// If the record has no such column.
    #[must_use]
    #[track_caller]
    pub fn value(mut self, column: &str, sql: impl Into<String>) -> Self {
        for check in self.checks.extract_if(.., |check| check.involves(column)) {
            check.drop(&self.db).expect("nothing is using the new table");
        }
        let column = quoted(column);
        let found = self.columns.iter_mut().find(|(name, _)| *name == column);
        let (_, value) = found.unwrap_or_else(|| panic!("the record has no column {column}"));
        *value = sql.into();
        self
    }

    /// The connection on which the table is the temporary one.
    #[must_use]
    pub fn db(&self) -> &Connection {
        &self.db
    }

    /// The number of rows.
    ///
    /// # Errors
    /// If SQLite can't read the temporary table.
    pub fn rows(&self) -> rusqlite::Result<u64> {
        let sql = format!("SELECT count(*) FROM temp.{}", self.table);
        self.db.query_row(&sql, [], |row| Ok(row.get::<_, i64>(0)?.unsigned_abs()))
    }

    /// Adds all rows to the database, or none. Returns their number.
    ///
    /// Calls `step` every few milliseconds with the number of rows that were added. The number starts
    /// again at 0 if another change came first. An error of `step` cancels the addition.
    ///
    /// # Errors
    /// If `step` does, if a constraint rejects a row, or if SQLite can't write.
    pub fn add(
        &mut self,
        mut step: impl FnMut(u64) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let (insert, rows) = (self.insert(), self.rows()?);
        add_all(&mut self.db, &insert, rows, &mut step)?;
        self.is_added = true;
        Ok(rows)
    }

    /// Same as [`add`](Self::add), but the user can undo it as one step with this name.
    ///
    /// # Errors
    /// Same as [`add`](Self::add), and those of [`Undo::record`].
    pub fn add_with_undo(
        &mut self,
        undo: &Undo,
        name: impl Into<String>,
        mut step: impl FnMut(u64) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let (insert, rows) = (self.insert(), self.rows()?);
        undo.record(&mut self.db, name, |db| add_all(db, &insert, rows, &mut step))?;
        self.is_added = true;
        Ok(rows)
    }

    /// The statement that adds the rows in a range of keys.
    fn insert(&self) -> String {
        let table = &self.table;
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<&str> = self.columns.iter().map(|(_, value)| value.as_str()).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        format!(
            "INSERT INTO main.{table} ({names}) SELECT {values} FROM temp.{table}
             WHERE {table}.rowid BETWEEN ?1 AND ?2"
        )
    }
}

/// Copies the write-ahead log into the file. After a million rows, this takes seconds, but by then
/// the rows are already saved and shown. Otherwise, the next commit would do it, on the thread that
/// serves the pages.
impl Drop for Staging {
    fn drop(&mut self) {
        if self.is_added {
            // If this fails, the next commit does it.
            self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).ok();
        }
    }
}

type Step<'a> = dyn FnMut(u64) -> Result<(), Failure> + 'a;

fn add_all(
    db: &mut Connection,
    insert: &str,
    rows: u64,
    step: &mut Step<'_>,
) -> Result<(), Failure> {
    loop {
        step(0)?;
        if is_wanted() {
            thread::sleep(PAUSE);
            continue;
        }
        let tx = match db.transaction_with_behavior(TransactionBehavior::Immediate) {
            // Another change has the lock.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => continue,
            tx => tx?,
        };
        if add_batches(&tx, insert, rows, step)? {
            return Ok(tx.commit()?);
        }
        tx.rollback()?;
    }
}

/// Adds all rows, unless somebody else wants to write. Returns whether all rows were added.
fn add_batches(
    tx: &Transaction<'_>,
    insert: &str,
    rows: u64,
    step: &mut Step<'_>,
) -> Result<bool, Failure> {
    let mut insert = tx.prepare(insert)?;
    let rows = i64::try_from(rows)?;
    let mut done = 0;
    while done < rows {
        if is_wanted() {
            return Ok(false);
        }
        insert.execute((done + 1, done + BATCH))?;
        done = (done + BATCH).min(rows);
        step(done.unsigned_abs())?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
