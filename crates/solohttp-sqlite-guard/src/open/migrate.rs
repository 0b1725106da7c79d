//! Schema migrations: numbered steps in one transaction, after a backup.
//!
//! The `user_version` in the file's header is the number of steps that have run. The full-text
//! indexes of `full_text` are made in the same transaction.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::copies::Copies;
use crate::open::error::{BoxError, Error};
use crate::open::exclusive;
use crate::open::full_text::{self, FullText};

/// One step from a schema version to the next: SQL, or a Rust function.
///
/// ```
/// use solohttp_sqlite_guard::{Database, Migration};
///
/// let steps = [
///     Migration::sql("CREATE TABLE person (name TEXT NOT NULL, key TEXT) STRICT"),
///     Migration::function(|tx| {
///         let mut names = tx.prepare("SELECT rowid, name FROM person")?;
///         let mut rows = names.query([])?;
///         while let Some(row) = rows.next()? {
///             let (id, name): (i64, String) = (row.get(0)?, row.get(1)?);
///             tx.execute("UPDATE person SET key = ?2 WHERE rowid = ?1", (id, name.to_lowercase()))?;
///         }
///         Ok(())
///     }),
/// ];
/// let db = Database::in_memory().migrations(steps).open()?;
/// # Ok::<(), solohttp_sqlite_guard::Error>(())
/// ```
pub struct Migration(Step);

enum Step {
    Sql(Cow<'static, str>),
    Function(fn(&Transaction<'_>) -> Result<(), BoxError>),
}

impl Migration {
    /// A migration that executes SQL statements, separated by semicolons, without `BEGIN` and
    /// `COMMIT`.
    pub fn sql(statements: impl Into<Cow<'static, str>>) -> Self {
        Self(Step::Sql(statements.into()))
    }

    /// A migration that calls a function within its transaction.
    #[must_use]
    pub fn function(step: fn(&Transaction<'_>) -> Result<(), BoxError>) -> Self {
        Self(Step::Function(step))
    }

    /// `None` for a function.
    pub(crate) fn statements(&self) -> Option<&str> {
        match &self.0 {
            Step::Sql(statements) => Some(statements),
            Step::Function(_) => None,
        }
    }

    fn run(&self, tx: &Transaction<'_>) -> Result<(), BoxError> {
        match &self.0 {
            Step::Sql(statements) => tx.execute_batch(statements)?,
            Step::Function(function) => function(tx)?,
        }
        if tx.is_autocommit() {
            return Err("the migration ended its own transaction".into());
        }
        Ok(())
    }
}

impl From<&'static str> for Migration {
    fn from(statements: &'static str) -> Self {
        Self::sql(statements)
    }
}

/// Allows slices of statements as migrations.
impl From<&&'static str> for Migration {
    fn from(statements: &&'static str) -> Self {
        Self::sql(*statements)
    }
}

impl fmt::Debug for Migration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Step::Sql(statements) => f.debug_tuple("Sql").field(statements).finish(),
            Step::Function(_) => f.write_str("Function"),
        }
    }
}

/// What the program declares about the tables of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {
    pub(crate) migrations: Option<Arc<[Migration]>>,
    pub(crate) full_text: Vec<FullText>,
}

impl Schema {
    /// Whether any migrations have yet to run on the file.
    fn has_pending(&self, db: &Connection, path: &Path) -> Result<bool, Error> {
        let Some(steps) = &self.migrations else { return Ok(false) };
        current_version(db, path, steps).map(|version| version < steps.len())
    }

    /// Whether the file has to be changed.
    pub(crate) fn is_due(&self, db: &Connection, path: &Path) -> Result<bool, Error> {
        if self.has_pending(db, path)? {
            return Ok(true);
        }
        full_text::is_due(db, &self.full_text).map_err(|source| Error::of(path.to_owned(), source))
    }
}

/// Runs the pending migrations and makes the full-text indexes that are missing or have changed. If
/// `copies` is given, no other connection may have a file with tables open, and it is copied before
/// a migration.
pub(crate) fn run(
    db: &mut Connection,
    path: &Path,
    copies: Option<&Copies>,
    schema: &Schema,
) -> Result<(), Error> {
    let sqlite = |source| Error::of(path.to_owned(), source);
    if !schema.is_due(db, path)? {
        return Ok(());
    }
    let has_tables: bool = db
        .query_row("SELECT EXISTS (SELECT * FROM sqlite_schema)", [], |row| row.get(0))
        .map_err(sqlite)?;
    let Some(copies) = copies.filter(|_| has_tables) else {
        return run_without_foreign_keys(db, path, schema);
    };
    // An older version of the program may be running. It must not find its tables changed.
    exclusive::lock_out(db).map_err(sqlite)?;
    let result =
        back_up(db, path, copies, schema).and_then(|()| run_without_foreign_keys(db, path, schema));
    exclusive::let_in(db).map_err(sqlite)?;
    result
}

fn run_without_foreign_keys(
    db: &mut Connection,
    path: &Path,
    schema: &Schema,
) -> Result<(), Error> {
    let sqlite = |source| Error::of(path.to_owned(), source);
    // Turns foreign keys off. A migration may rebuild a table, and dropping the old table must not
    // delete rows that refer to it. The setting has no effect within a transaction, so it is
    // changed here.
    db.pragma_update(None, "foreign_keys", false).map_err(sqlite)?;
    let result = run_in_transaction(db, path, schema);
    db.pragma_update(None, "foreign_keys", true).map_err(sqlite)?;
    result
}

fn run_in_transaction(db: &mut Connection, path: &Path, schema: &Schema) -> Result<(), Error> {
    let sqlite = |source| Error::of(path.to_owned(), source);
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
    let migrated = run_steps(&tx, path, schema)?;
    if let Err((table, problem)) = full_text::make(&tx, &schema.full_text).map_err(sqlite)? {
        return Err(Error::FullText { path: path.to_owned(), table, problem });
    }
    tx.commit().map_err(sqlite)?;
    if let Some((from, to)) = migrated {
        let path = path.display();
        log::info!(target: "solohttp", "{path}: migrated schema from version {from} to {to}");
    }
    Ok(())
}

/// Runs the pending migrations. Returns the versions before and after them, if there are any.
fn run_steps(
    tx: &Transaction<'_>,
    path: &Path,
    schema: &Schema,
) -> Result<Option<(usize, usize)>, Error> {
    let sqlite = |source| Error::of(path.to_owned(), source);
    let Some(steps) = &schema.migrations else { return Ok(None) };
    // Read again under the lock: another instance may have migrated the file.
    let version = current_version(tx, path, steps)?;
    if version == steps.len() {
        return Ok(None);
    }
    full_text::drop_before(tx, &schema.full_text, &steps[version..]).map_err(sqlite)?;
    for (number, step) in (1..).zip(&**steps).skip(version) {
        let failed = |source| Error::Migration { path: path.to_owned(), number, source };
        step.run(tx).and_then(|()| check_foreign_keys(tx)).map_err(failed)?;
        let number = i64::try_from(number).expect("a program has few migrations");
        tx.pragma_update(None, "user_version", number).map_err(sqlite)?;
    }
    Ok(Some((version, steps.len())))
}

/// The number of migrations that have run on the file.
fn current_version(db: &Connection, path: &Path, steps: &[Migration]) -> Result<usize, Error> {
    let found: i64 = db
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|source| Error::of(path.to_owned(), source))?;
    let path = path.to_owned();
    let Ok(version) = usize::try_from(found) else {
        return Err(Error::ForeignVersion { path, found });
    };
    if version > steps.len() {
        return Err(Error::NewerSchema { path, found: version, known: steps.len() });
    }
    Ok(version)
}

fn check_foreign_keys(tx: &Transaction<'_>) -> Result<(), BoxError> {
    let mut check = tx.prepare("PRAGMA foreign_key_check")?;
    let mut rows = check.query([])?;
    match rows.next()? {
        None => Ok(()),
        Some(row) => {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            Err(format!(
                "after the migration, a row of {table} refers to a missing row of {parent}"
            )
            .into())
        }
    }
}

/// Copies the file page by page, if migrations are due; `VACUUM INTO` could renumber rows. An index
/// can be made again, so it needs no copy.
fn back_up(db: &Connection, path: &Path, copies: &Copies, schema: &Schema) -> Result<(), Error> {
    let Some(steps) = &schema.migrations else { return Ok(()) };
    let version = current_version(db, path, steps)?;
    if version == steps.len() {
        return Ok(());
    }
    let number = u64::try_from(version).expect("a program has few migrations");
    match copies.make_before_migration(db, number) {
        Ok(Some(copy)) => {
            log::info!(target: "solohttp", "{}: backed up to {}", path.display(), copy.display());
            Ok(())
        }
        Ok(None) => Ok(()),
        Err(source) => Err(Error::Backup {
            path: path.to_owned(),
            copy: copies.folder().to_owned(),
            source: source.into(),
        }),
    }
}
