//! Brings a file's schema up to date: numbered steps, all or nothing, and a copy before.
//!
//! The number of steps a file has seen is its `user_version`, which SQLite keeps in its header.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::copy;
use crate::error::Error;

pub(crate) type Failed = Box<dyn StdError + Send + Sync>;

/// One step from a version of the schema to the next: SQL, or a function for what SQL cannot do.
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
    Function(fn(&Transaction<'_>) -> Result<(), Failed>),
}

impl Migration {
    /// Statements, separated by semicolons, without `BEGIN` and `COMMIT`.
    pub fn sql(statements: impl Into<Cow<'static, str>>) -> Self {
        Self(Step::Sql(statements.into()))
    }

    /// A function that works in the transaction of the migration.
    #[must_use]
    pub fn function(step: fn(&Transaction<'_>) -> Result<(), Failed>) -> Self {
        Self(Step::Function(step))
    }

    fn run(&self, tx: &Transaction<'_>) -> Result<(), Failed> {
        match &self.0 {
            Step::Sql(statements) => tx.execute_batch(statements)?,
            Step::Function(function) => function(tx)?,
        }
        if tx.is_autocommit() {
            return Err("it ended the transaction that it runs in".into());
        }
        Ok(())
    }
}

impl From<&'static str> for Migration {
    fn from(statements: &'static str) -> Self {
        Self::sql(statements)
    }
}

/// For a slice of texts.
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

/// Are there steps that the file has not seen?
pub(crate) fn is_due(db: &Connection, path: &Path, steps: &[Migration]) -> Result<bool, Error> {
    seen(db, path, steps).map(|version| version < steps.len())
}

/// Runs the steps that the file has not seen.
pub(crate) fn run(
    db: &mut Connection,
    path: &Path,
    in_file: bool,
    steps: &[Migration],
) -> Result<(), Error> {
    let sqlite = |source| Error::of(path.to_owned(), source);
    let version = seen(db, path, steps)?;
    if version == steps.len() {
        return Ok(());
    }
    let has_tables: bool = db
        .query_row("SELECT EXISTS (SELECT * FROM sqlite_schema)", [], |row| row.get(0))
        .map_err(sqlite)?;
    if in_file && has_tables {
        back_up(db, path, version)?;
    }
    // Cannot be switched in a transaction. Off, because the way to change a table is to build a
    // new one and drop the old, which must not delete what refers to it.
    db.pragma_update(None, "foreign_keys", false).map_err(sqlite)?;
    let result = run_steps(db, path, steps);
    db.pragma_update(None, "foreign_keys", true).map_err(sqlite)?;
    result
}

fn run_steps(db: &mut Connection, path: &Path, steps: &[Migration]) -> Result<(), Error> {
    let sqlite = |source| Error::of(path.to_owned(), source);
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
    // Again under the lock: another start of the program may have been faster.
    let version = seen(&tx, path, steps)?;
    for (number, step) in (1..).zip(steps).skip(version) {
        let failed = |source| Error::Migration { path: path.to_owned(), number, source };
        step.run(&tx).and_then(|()| check_foreign_keys(&tx)).map_err(failed)?;
        let number = i64::try_from(number).expect("a program has few migrations");
        tx.pragma_update(None, "user_version", number).map_err(sqlite)?;
    }
    tx.commit().map_err(sqlite)?;
    log::info!(
        target: "solohttp",
        "{}: schema brought from {version} to {}",
        path.display(),
        steps.len(),
    );
    Ok(())
}

/// How many steps the file has seen.
fn seen(db: &Connection, path: &Path, steps: &[Migration]) -> Result<usize, Error> {
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

fn check_foreign_keys(tx: &Transaction<'_>) -> Result<(), Failed> {
    let mut check = tx.prepare("PRAGMA foreign_key_check")?;
    let mut rows = check.query([])?;
    match rows.next()? {
        None => Ok(()),
        Some(row) => {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            Err(format!("a row of {table} then refers to a row of {parent} that is not there")
                .into())
        }
    }
}

/// Copies the file page by page, which keeps it exactly as it is; `VACUUM INTO` would renumber
/// rows. The good name is given at the end, so that a file of that name is whole.
fn back_up(db: &Connection, path: &Path, version: usize) -> Result<(), Error> {
    let (latest, name) = names(path, version);
    let mut partial = name.clone().into_os_string();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let written = copy::write(db, path, partial).and_then(|()| keep(partial, &name, latest));
    match written {
        Ok(copy) => {
            log::info!(target: "solohttp", "{}: copied to {}", path.display(), copy.display());
            Ok(())
        }
        Err(source) => {
            // The reason is told; what is left of the copy is worth nothing.
            let _ = fs::remove_file(partial);
            Err(Error::Backup { path: path.to_owned(), copy: name, source })
        }
    }
}

/// Gives the copy its name, unless the latest one has the same content: a migration that fails at
/// every start must not fill the disk.
fn keep(partial: &Path, name: &Path, latest: Option<PathBuf>) -> Result<PathBuf, Failed> {
    if let Some(latest) = latest
        && copy::have_same_content(partial, &latest)?
    {
        fs::remove_file(partial)?;
        return Ok(latest);
    }
    fs::rename(partial, name)?;
    Ok(name.to_owned())
}

/// The latest copy of this version, and a free name for another one: `shop.sqlite.v2.backup`, then
/// `shop.sqlite.v2.2.backup` and so on. None is overwritten.
fn names(path: &Path, version: usize) -> (Option<PathBuf>, PathBuf) {
    let named = |suffix: String| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let mut latest = None;
    let mut name = named(format!(".v{version}.backup"));
    let mut number = 2_u64;
    while name.exists() {
        latest = Some(name);
        name = named(format!(".v{version}.{number}.backup"));
        number += 1;
    }
    (latest, name)
}
