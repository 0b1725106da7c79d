//! The parts of a record that are stored in other tables: its child rows and its files.
//!
//! `rows` and `files` read and write one kind each. This file keeps a record and its parts together.

use rusqlite::Connection;

use super::constraint::explain;
use super::error::WriteError;
use super::statements::Declaration;
use crate::watch::purpose::rollback_on_purpose;

/// A field that is stored in another table.
#[derive(Debug)]
pub struct Part {
    pub field: &'static str,
    pub kind: PartKind,
}

/// How a field is stored in another table.
#[derive(Debug)]
pub enum PartKind {
    /// Child rows of this record.
    Rows(fn() -> &'static Declaration),
    /// A file in this table.
    File(&'static str),
}

/// Runs a change to a record and its parts, which is undone as a whole if it fails, whether or not
/// a transaction is open.
pub(crate) fn together(
    db: &Connection,
    declaration: &Declaration,
    change: &mut dyn FnMut() -> Result<i64, WriteError>,
) -> Result<i64, WriteError> {
    if declaration.parts.is_empty() {
        return change();
    }
    let savepoint = Savepoint::begin(db).map_err(|error| explain(db, error))?;
    let id = change()?;
    savepoint.release().map_err(|error| explain(db, error))?;
    Ok(id)
}

/// Rolls back when it is dropped, even by a panic.
struct Savepoint<'a> {
    db: &'a Connection,
    is_done: bool,
}

impl<'a> Savepoint<'a> {
    fn begin(db: &'a Connection) -> rusqlite::Result<Self> {
        run(db, "SAVEPOINT solohttp_record")?;
        Ok(Self { db, is_done: false })
    }

    fn release(mut self) -> rusqlite::Result<()> {
        // Without a transaction around it, this commits, which may fail.
        run(self.db, "RELEASE solohttp_record")?;
        self.is_done = true;
        Ok(())
    }
}

impl Drop for Savepoint<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            // The caller gets the error that led here. After some, such as a full disk, SQLite has
            // rolled back everything already.
            let rolled_back = rollback_on_purpose(|| run(self.db, "ROLLBACK TO solohttp_record"));
            drop(rolled_back.and_then(|()| run(self.db, "RELEASE solohttp_record")));
        }
    }
}

fn run(db: &Connection, sql: &str) -> rusqlite::Result<()> {
    db.prepare_cached(sql)?.execute([]).map(drop)
}
