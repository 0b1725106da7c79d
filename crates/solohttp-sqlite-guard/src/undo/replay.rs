//! Undoes or redoes a step, exactly or not at all.
//!
//! To undo a step, its changes are reversed, last to first; to redo it, they are repeated in order.
//! Meanwhile, the triggers record what each change really does. If that isn't the expected change,
//! the row has been changed since the step, and everything is rolled back.
//!
//! The program's own triggers and foreign keys are off, because the log already has their effects.
//! Copies of the triggers that keep virtual tables up to date do run. Foreign keys are checked at
//! the end.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, Statement, params_from_iter};

use super::blocked::Blocked;
use super::change_log::{Change, Kind, is_same};
use super::follower::follower_name;
use super::history::Part;
use super::recorder::{Recorder, SequenceChange, sequences};
use super::references;
use super::schema::Schema;
use crate::sql::{Bound, quoted};
use crate::watch::purpose::rollback_on_purpose;
use crate::write::Waiting;

/// The maximum number of changes that may be waiting for others. Normally only a few wait, but if
/// another program has changed all rows, every change would.
const MAX_WAITING: usize = 1_000;

/// The direction in which a step is replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Back,
    Again,
}

/// Replays a step, in one transaction for each of its databases.
pub(crate) fn replay(
    parts: &[(&Connection, &Recorder, &Part)],
    direction: Direction,
) -> Result<(), Blocked> {
    let settings: Vec<_> =
        parts.iter().map(|(db, ..)| Settings::change(db)).collect::<Result<_, _>>()?;
    let mut done = Ok(());
    for ((db, recorder, part), settings) in parts.iter().zip(&settings) {
        let _waiting = Waiting::new();
        done = db.execute_batch("BEGIN IMMEDIATE").map_err(Blocked::Failed);
        done = done.and_then(|()| replay_part(db, recorder, part, direction, settings));
        if done.is_err() {
            break;
        }
    }
    for (db, ..) in parts {
        if done.is_ok() {
            done = db.execute_batch("COMMIT").map_err(Blocked::Failed);
        }
        if !db.is_autocommit() {
            // If the rollback fails, the guard finds the open transaction.
            let _ = rollback_on_purpose(|| db.execute_batch("ROLLBACK"));
        }
    }
    for (db, recorder, _) in parts {
        recorder.take(db)?;
    }
    done
}

/// The connection's settings from before the replay, restored on drop, even after a panic.
struct Settings<'a> {
    db: &'a Connection,
    foreign_keys: bool,
    triggers: bool,
}

impl<'a> Settings<'a> {
    /// Turns off foreign keys and the application's triggers. Temporary triggers stay on, including
    /// the recorder's.
    fn change(db: &'a Connection) -> rusqlite::Result<Self> {
        let foreign_keys = db.db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY)?;
        let triggers = db.db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER)?;
        let before = Self { db, foreign_keys, triggers };
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        Ok(before)
    }
}

impl Drop for Settings<'_> {
    fn drop(&mut self) {
        for (setting, value) in [
            (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, self.foreign_keys),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, self.triggers),
        ] {
            // Can't fail for a setting that could be read (sqlite.org/c3ref/db_config.html).
            let _ = self.db.set_db_config(setting, value);
        }
    }
}

fn replay_part(
    db: &Connection,
    recorder: &Recorder,
    part: &Part,
    direction: Direction,
    settings: &Settings<'_>,
) -> Result<(), Blocked> {
    if !part.schema.is_current(db)? || part.schema.versions != recorder.schema().versions {
        return Err(Blocked::Schema);
    }
    let mut expected = sequences(db, &part.schema)?;
    for change in &part.sequences {
        let SequenceChange { database, table, before, after } = change;
        let (from, to) = match direction {
            Direction::Back => (after, before),
            Direction::Again => (before, after),
        };
        let name = (database.clone(), table.clone());
        // If the sequence has a different value now, another program has used its numbers.
        if expected.get(&name) == from.as_ref() {
            match to {
                Some(to) => expected.insert(name, *to),
                None => expected.remove(&name),
            };
        }
    }
    let followers = &part.schema.followers;
    db.execute_batch(&followers.concat())?;
    let mut replay = Replay {
        db,
        recorder,
        schema: &part.schema,
        statements: HashMap::new(),
        waiting: Vec::new(),
        constraint: None,
    };
    changes(part, direction).try_for_each(|change| replay.next(change))?;
    replay.finish()?;
    if settings.foreign_keys {
        references::check(db, &part.schema, || changes(part, direction))?;
    }
    for at in 0..followers.len() {
        db.execute_batch(&format!("DROP TRIGGER temp.{}", follower_name(at)))?;
    }
    // Inserting a row raises the sequence of an `AUTOINCREMENT` table.
    for (name, found) in sequences(db, &part.schema)? {
        match expected.remove(&name) {
            Some(number) if number == found => {}
            number => set_sequence(db, &name, number)?,
        }
    }
    expected.iter().try_for_each(|(name, number)| set_sequence(db, name, Some(*number)))?;
    Ok(())
}

/// The changes to make, in order.
fn changes<'a>(part: &'a Part, direction: Direction) -> Box<dyn Iterator<Item = Change<'a>> + 'a> {
    let columns = |table| part.schema.columns(table);
    match direction {
        Direction::Back => Box::new(part.log.backward(columns).map(Change::inverse)),
        Direction::Again => Box::new(part.log.forward(columns)),
    }
}

struct Replay<'a> {
    db: &'a Connection,
    recorder: &'a Recorder,
    schema: &'a Schema,
    statements: HashMap<(usize, Option<Kind>), Statement<'a>>,
    /// Changes that can't be made yet. If a statement and the foreign key action that it fired
    /// changed the same row, the log has the two changes in the wrong order.
    waiting: Vec<Change<'a>>,
    /// The last constraint violation.
    constraint: Option<Blocked>,
}

impl<'a> Replay<'a> {
    /// Makes a change, then any waiting changes that have become possible.
    fn next(&mut self, change: Change<'a>) -> Result<(), Blocked> {
        if self.waiting.len() == MAX_WAITING {
            return self.finish();
        }
        self.waiting.push(change);
        let mut at = 0;
        while let Some(change) = self.waiting.get(at).cloned() {
            at += 1;
            if self.is_ready(&change)? && self.make(&change)? {
                self.waiting.remove(at - 1);
                at = 0;
            }
        }
        Ok(())
    }

    /// Whether the row has the values that the change expects.
    fn is_ready(&mut self, change: &Change<'a>) -> Result<bool, Blocked> {
        let table = &self.schema.tables[change.table];
        let row = if change.old.is_empty() { &change.new } else { &change.old };
        let key = table.key.iter().map(|&at| Bound(row[at]));
        let statement = match self.statements.entry((change.table, None)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(self.db.prepare(&table.select())?),
        };
        let mut rows = statement.query(params_from_iter(key))?;
        let Some(row) = rows.next()? else { return Ok(change.old.is_empty()) };
        for (at, value) in change.old.iter().enumerate() {
            if !is_same(row.get_ref(at)?, *value) {
                return Ok(false);
            }
        }
        Ok(!change.old.is_empty())
    }

    /// Makes a change and checks its effect. Returns `false` if it violates a constraint.
    fn make(&mut self, change: &Change<'_>) -> Result<bool, Blocked> {
        let position = self.recorder.position();
        if !self.execute(change)? {
            return Ok(false);
        }
        let is_made = self.recorder.since(position, |changes| {
            changes.next().is_some_and(|made| made.is(change)) && changes.next().is_none()
        });
        if is_made { Ok(true) } else { Err(self.changed(change.table)) }
    }

    /// Fails if any change is still waiting.
    fn finish(&mut self) -> Result<(), Blocked> {
        match (self.waiting.first(), self.constraint.take()) {
            (None, _) => Ok(()),
            (Some(_), Some(constraint)) => Err(constraint),
            (Some(change), None) => Err(self.changed(change.table)),
        }
    }

    fn execute(&mut self, change: &Change<'_>) -> Result<bool, Blocked> {
        let (at, kind) = (change.table, change.kind());
        let table = &self.schema.tables[at];
        let statement = match self.statements.entry((at, Some(kind))) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(self.db.prepare(&table.statement(kind))?),
        };
        // An insert has no old key.
        let old = table.key.iter().filter_map(|&at| change.old.get(at));
        let values = change.new.iter().chain(old).copied().map(Bound);
        match statement.execute(params_from_iter(values)) {
            Ok(_) => Ok(true),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                let table = table.name.clone();
                self.constraint = Some(Blocked::Constraint { table, error });
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn changed(&self, table: usize) -> Blocked {
        let table = self.schema.tables.get(table).map(|table| table.name.clone());
        Blocked::Changed { table: table.unwrap_or_default() }
    }
}

fn set_sequence(
    db: &Connection,
    (database, table): &(String, String),
    number: Option<i64>,
) -> rusqlite::Result<()> {
    let sequences = format!("{}.sqlite_sequence", quoted(database));
    let Some(number) = number else {
        return db.execute(&format!("DELETE FROM {sequences} WHERE name = ?1"), [table]).map(drop);
    };
    let update = format!("UPDATE {sequences} SET seq = ?2 WHERE name = ?1");
    if db.execute(&update, (table, number))? == 0 {
        let insert = format!("INSERT INTO {sequences} (name, seq) VALUES (?1, ?2)");
        db.execute(&insert, (table, number))?;
    }
    Ok(())
}
