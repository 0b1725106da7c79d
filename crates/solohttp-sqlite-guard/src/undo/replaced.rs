//! Tracks the rows that a statement replaces. `REPLACE` fires no delete triggers, so the rows that
//! may be replaced are collected before each row is written.

use rusqlite::types::{Value, ValueRef};

use super::change_log::{Change, ChangeLog, Kind, is_same};
use super::schema::Schema;

/// A value that outlives its statement. rusqlite's own type can't hold text that isn't UTF-8.
#[derive(Debug)]
pub(crate) enum Stored {
    Text(Vec<u8>),
    Other(Value),
}

impl Stored {
    pub(crate) fn new(value: ValueRef<'_>) -> Self {
        Self::Other(match value {
            ValueRef::Text(text) => return Self::Text(text.to_vec()),
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Blob(blob) => Value::Blob(blob.to_vec()),
        })
    }

    pub(crate) fn get(&self) -> ValueRef<'_> {
        match self {
            Self::Text(text) => ValueRef::Text(text),
            Self::Other(value) => ValueRef::from(value),
        }
    }
}

/// A row's values.
pub(crate) type Row = Vec<Stored>;

/// A row that is about to be written.
#[derive(Debug)]
struct Frame {
    table: usize,
    kind: Kind,
    /// The key before an update; empty for an insert.
    old_key: Row,
    /// The length of the log before the row is written.
    position: usize,
    /// The rows that it may replace.
    candidates: Vec<Row>,
}

/// Rows that may or may not have been replaced.
#[derive(Debug)]
pub(crate) struct Doubtful {
    pub(crate) table: usize,
    /// The length of the log before the write that may have replaced them.
    pub(crate) position: usize,
    pub(crate) candidates: Vec<Row>,
}

/// The rows that are about to be written, outer statements first. Writing a row may fire triggers
/// and foreign key actions that write other rows.
#[derive(Debug, Default)]
pub(crate) struct Replaced {
    frames: Vec<Frame>,
    doubtful: Vec<Doubtful>,
}

/// The maximum number of frames. A row that is ignored on a conflict leaves its frame behind. When
/// there are too many, the oldest are given up.
const MAX_FRAMES: usize = 10_000;

impl Replaced {
    /// Notes that a row is about to be written.
    pub(crate) fn before(&mut self, table: usize, kind: Kind, old_key: Row, position: usize) {
        if self.frames.len() == MAX_FRAMES {
            self.give_up(MAX_FRAMES / 2);
        }
        self.frames.push(Frame { table, kind, old_key, position, candidates: Vec::new() });
    }

    /// Adds a row that the current write may replace.
    pub(crate) fn add(&mut self, table: usize, row: Row) {
        if let Some(frame) = self.latest(table) {
            frame.candidates.push(row);
        }
    }

    pub(crate) fn has_candidates(&mut self, table: usize) -> bool {
        self.latest(table).is_some_and(|frame| !frame.candidates.is_empty())
    }

    /// Notes that a row still exists after the write.
    pub(crate) fn keep(&mut self, table: usize, columns: &[usize], key: &[ValueRef<'_>]) {
        if let Some(frame) = self.latest(table) {
            frame.candidates.retain(|row| !has_key(row, columns, key));
        }
    }

    fn latest(&mut self, table: usize) -> Option<&mut Frame> {
        self.frames.iter_mut().rev().find(|frame| frame.table == table)
    }

    /// Notes that a row was written. Returns the length of the log before the write and the rows
    /// that it replaced, or `None` if it couldn't replace any.
    pub(crate) fn after(
        &mut self,
        change: &Change<'_>,
        columns: &[usize],
    ) -> Option<(usize, Vec<Row>)> {
        let old_key: Vec<_> =
            columns.iter().filter_map(|&at| change.old.get(at).copied()).collect();
        let kind = change.kind();
        let is_own = |frame: &Frame| {
            frame.table == change.table
                && frame.kind == kind
                && is_same_row(&frame.old_key, &old_key)
        };
        let own = self.frames.iter().rposition(is_own);
        let own = self.frames.drain(own?..).next()?;
        let Frame { table, position, candidates, .. } = own;
        let new_key: Vec<_> =
            columns.iter().filter_map(|&at| change.new.get(at).copied()).collect();
        // Before an insert, a rowid that SQLite has yet to choose reads as -1.
        let unknown = [ValueRef::Integer(-1)];
        let is_doubtful = |row: &Row| {
            kind == Kind::Insert
                && has_key(row, columns, &unknown)
                && !has_key(row, columns, &new_key)
        };
        let (doubtful, replaced): (Vec<_>, Vec<_>) = candidates.into_iter().partition(is_doubtful);
        if !doubtful.is_empty() {
            self.doubtful.push(Doubtful { table, position, candidates: doubtful });
        }
        Some((position, replaced))
    }

    /// Forgets everything after this position in the log, because it was rolled back.
    pub(crate) fn roll_back(&mut self, position: usize) {
        self.frames.retain(|frame| frame.position <= position);
        self.doubtful.retain(|rows| rows.position <= position);
    }

    /// Notes that the earlier statements have ended. Some of their rows may never have been
    /// written: replacing other rows may have fired a foreign key action that deleted them.
    pub(crate) fn end_statements(&mut self) {
        self.give_up(self.frames.len());
    }

    fn give_up(&mut self, oldest: usize) {
        let frames = self.frames.drain(..oldest).filter(|frame| !frame.candidates.is_empty());
        self.doubtful.extend(frames.map(|frame| Doubtful {
            table: frame.table,
            position: frame.position,
            candidates: frame.candidates,
        }));
    }

    /// Takes the rows that may or may not have been replaced, latest first.
    pub(crate) fn take(&mut self) -> Vec<Doubtful> {
        self.end_statements();
        let mut doubtful = std::mem::take(&mut self.doubtful);
        doubtful.sort_by_key(|rows| std::cmp::Reverse(rows.position));
        doubtful
    }
}

/// A row whose deletion isn't in the log.
#[derive(Debug)]
pub(crate) struct Survivor<'a> {
    pub(crate) row: Vec<ValueRef<'a>>,
    /// Where its deletion belongs in the log: after its last change.
    pub(crate) position: usize,
    /// Whether a later change gives its key to another row, which means that this row was deleted.
    pub(crate) is_gone: bool,
}

/// Follows a row through the log, starting at a position. Returns `None` if the log has its
/// deletion.
pub(crate) fn follow<'a>(
    mut row: Vec<ValueRef<'a>>,
    table: usize,
    schema: &'a Schema,
    log: &'a ChangeLog,
    mut position: usize,
) -> Option<Survivor<'a>> {
    let columns = &schema.tables.get(table)?.key;
    let has_key_of = |one: &[ValueRef<'_>], row: &[ValueRef<'_>]| {
        let same = |&at: &usize| one.get(at).zip(row.get(at)).is_some_and(|(a, b)| is_same(*a, *b));
        columns.iter().all(same)
    };
    for (end, change) in log.forward_from(position, |table| schema.columns(table)) {
        if change.table != table {
            continue;
        }
        if has_key_of(&change.old, &row) {
            if change.new.is_empty() {
                return None;
            }
            (row, position) = (change.new, end);
        } else if has_key_of(&change.new, &row) {
            return Some(Survivor { row, position, is_gone: true });
        }
    }
    Some(Survivor { row, position, is_gone: false })
}

fn has_key(row: &Row, columns: &[usize], key: &[ValueRef<'_>]) -> bool {
    columns.len() == key.len()
        && columns
            .iter()
            .zip(key)
            .all(|(&at, value)| row.get(at).is_some_and(|stored| is_same(stored.get(), *value)))
}

fn is_same_row(stored: &Row, row: &[ValueRef<'_>]) -> bool {
    stored.len() == row.len()
        && stored.iter().zip(row).all(|(one, other)| is_same(one.get(), *other))
}
