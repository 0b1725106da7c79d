//! Records the changes made on one connection, with temporary triggers that call a function.
//!
//! SQLite's session extension would be faster, but it needs libclang on each machine that builds
//! the program. The log's length is stored in a temporary table, so SQLite restores it when it
//! rolls back a statement, a savepoint or a transaction.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use rusqlite::{Connection, params_from_iter};

use super::change_log::{Change, ChangeLog};
use super::recording::{MayReplace, Recording, Shared, create_functions};
use super::replaced::{Doubtful, Row, Stored, Survivor, follow};
use super::schema::{MARK, Schema};
use crate::sql::{Bound, quoted};

/// What was recorded on one connection since the last [`Recorder::take`].
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) schema: Arc<Schema>,
    pub(crate) log: ChangeLog,
    pub(crate) sequences: Vec<SequenceChange>,
    /// Whether the changes exceeded the limit, so they can't be undone.
    pub(crate) is_too_large: bool,
}

/// A change to a row of `sqlite_sequence`, which stores the largest rowid that an `AUTOINCREMENT`
/// table ever had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SequenceChange {
    pub(crate) database: String,
    pub(crate) table: String,
    pub(crate) before: Option<i64>,
    pub(crate) after: Option<i64>,
}

/// The rows of `sqlite_sequence`, by database and table.
pub(crate) type Sequences = HashMap<(String, String), i64>;

pub(crate) struct Recorder {
    recording: Shared,
    schema: Arc<Schema>,
    sequences: Sequences,
}

impl Recorder {
    /// Starts recording the changes on a connection. `calls` counts the recorder's own updates of
    /// the mark, because SQLite includes them in the connection's total.
    pub(crate) fn install(
        db: &Connection,
        limit: usize,
        is_excluded: impl Fn(&str) -> bool,
        may_replace: MayReplace,
        calls: Arc<AtomicU64>,
    ) -> rusqlite::Result<Self> {
        let schema = Arc::new(Schema::read(db, is_excluded)?);
        let before = db.total_changes();
        let total = Arc::clone(&calls);
        let recording = Shared::new(Recording::new(Arc::clone(&schema), limit, calls).into());
        create_functions(db, &recording, may_replace)?;
        create_triggers(db, &schema)?;
        total.fetch_add(db.total_changes() - before, Ordering::Relaxed);
        Ok(Self { recording, schema, sequences: Sequences::new() })
    }

    /// Whether the functions are still registered. Closing the connection removes them.
    pub(crate) fn is_installed(&self) -> bool {
        Arc::strong_count(&self.recording) > 1
    }

    /// Starts a step.
    pub(crate) fn begin(&mut self, db: &Connection) -> rusqlite::Result<()> {
        if !self.schema.sequences.is_empty() {
            self.sequences = sequences(db, &self.schema)?;
        }
        Ok(())
    }

    /// Takes what was recorded since the last call. No transaction may be open.
    pub(crate) fn take(&self, db: &Connection) -> rusqlite::Result<Option<Recorded>> {
        if self.with(|recording| recording.calls) == 0 {
            return Ok(None);
        }
        let mark = position(db)?;
        let (mut log, doubtful, is_too_large) = self.with(|recording| recording.take(mark));
        for Doubtful { table, position, candidates } in doubtful {
            for row in candidates {
                self.insert_deletion(&mut log, db, table, position, &row)?;
            }
        }
        if log.is_empty() && !is_too_large {
            return Ok(None);
        }
        let sequences = self.sequence_changes(db)?;
        Ok(Some(Recorded { schema: Arc::clone(&self.schema), log, sequences, is_too_large }))
    }

    /// The current length of the log.
    pub(crate) fn position(&self) -> usize {
        self.with(|recording| recording.log.len())
    }

    /// Calls `look` with the changes after a position, first to last.
    pub(crate) fn since<T>(
        &self,
        position: usize,
        look: impl FnOnce(&mut dyn Iterator<Item = Change<'_>>) -> T,
    ) -> T {
        self.with(|recording| {
            let columns = |table| recording.schema.columns(table);
            look(&mut recording.log.forward_from(position, columns).map(|(_, change)| change))
        })
    }

    pub(crate) fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Adds a deletion to the log for a row that may have been replaced. Does nothing if the row
    /// still exists or the log already has its deletion.
    fn insert_deletion(
        &self,
        log: &mut ChangeLog,
        db: &Connection,
        at: usize,
        position: usize,
        row: &Row,
    ) -> rusqlite::Result<()> {
        let Some(table) = self.schema.tables.get(at) else { return Ok(()) };
        let row = row.iter().map(Stored::get).collect();
        let Some(survivor) = follow(row, at, &self.schema, log, position) else { return Ok(()) };
        let Survivor { row: old, position, is_gone } = survivor;
        let key = table.key.iter().filter_map(|&column| old.get(column).copied());
        let mut select = db.prepare_cached(&table.select())?;
        if is_gone || !select.exists(params_from_iter(key.map(Bound)))? {
            let deletion = Change { table: at, old, new: Vec::new() }.encoded();
            log.insert(position, &deletion);
        }
        Ok(())
    }

    /// Removes the triggers.
    pub(crate) fn remove(self, db: &Connection) -> rusqlite::Result<()> {
        let mut sql = drop_triggers(db)?;
        sql.push_str(&format!("DROP TABLE temp.{MARK}"));
        db.execute_batch(&sql)
    }

    fn sequence_changes(&self, db: &Connection) -> rusqlite::Result<Vec<SequenceChange>> {
        if self.schema.sequences.is_empty() {
            return Ok(Vec::new());
        }
        let after = sequences(db, &self.schema)?;
        let mut names: Vec<_> = self.sequences.keys().chain(after.keys()).collect();
        names.sort();
        names.dedup();
        let changes = names.into_iter().map(|name| SequenceChange {
            database: name.0.clone(),
            table: name.1.clone(),
            before: self.sequences.get(name).copied(),
            after: after.get(name).copied(),
        });
        Ok(changes.filter(|change| change.before != change.after).collect())
    }

    fn with<T>(&self, act: impl FnOnce(&mut Recording) -> T) -> T {
        act(&mut self.recording.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads the rows of `sqlite_sequence`.
pub(crate) fn sequences(db: &Connection, schema: &Schema) -> rusqlite::Result<Sequences> {
    let mut sequences = Sequences::new();
    for database in &schema.sequences {
        let sql = format!("SELECT name, seq FROM {}.sqlite_sequence", quoted(database));
        let mut list = db.prepare_cached(&sql)?;
        let mut rows = list.query([])?;
        while let Some(row) = rows.next()? {
            sequences.insert((database.clone(), row.get(0)?), row.get(1)?);
        }
    }
    Ok(sequences)
}

fn position(db: &Connection) -> rusqlite::Result<i64> {
    let sql = format!("SELECT at FROM temp.{MARK}");
    db.prepare_cached(&sql)?.query_row([], |row| row.get(0))
}

/// The statements that remove earlier triggers.
fn drop_triggers(db: &Connection) -> rusqlite::Result<String> {
    let mut triggers = db.prepare(
        "SELECT name FROM temp.sqlite_schema
         WHERE type = 'trigger' AND name GLOB 'solohttp_undo_*'",
    )?;
    let mut rows = triggers.query([])?;
    let mut sql = String::new();
    while let Some(row) = rows.next()? {
        sql.push_str(&format!("DROP TRIGGER temp.{};\n", quoted(&row.get::<_, String>(0)?)));
    }
    Ok(sql)
}

/// Creates the mark and the triggers, replacing earlier ones.
fn create_triggers(db: &Connection, schema: &Schema) -> rusqlite::Result<()> {
    let mut sql = String::from("SAVEPOINT solohttp_undo;\n");
    sql.push_str(&drop_triggers(db)?);
    sql.push_str(&format!(
        "DROP TABLE IF EXISTS temp.{MARK};\nCREATE TEMP TABLE {MARK} (at INTEGER);\n\
         INSERT INTO temp.{MARK} VALUES (0);\n"
    ));
    sql.push_str(&schema.triggers());
    sql.push_str("RELEASE solohttp_undo");
    db.execute_batch(&sql).inspect_err(|_| {
        // The first error is the one to report.
        let _ = db.execute_batch("ROLLBACK TO solohttp_undo; RELEASE solohttp_undo");
    })
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("tables", &self.schema.tables.len())
            .finish_non_exhaustive()
    }
}
