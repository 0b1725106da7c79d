//! The program's functions that read the rows of a list.

use rusqlite::{Connection, Row};

use super::position::Position;

type ReadOne<T> = dyn FnMut(&Row<'_>) -> rusqlite::Result<T>;

type ReadParts<T> = dyn FnMut(&Connection, &mut [(i64, &mut T)]) -> rusqlite::Result<()>;

/// Reads the rows of the query.
pub(super) struct ReadRow<T> {
    row: Box<ReadOne<T>>,
    /// Reads what other tables have about several rows at once, which are given with their keys.
    parts: Option<Box<ReadParts<T>>>,
}

impl<T> ReadRow<T> {
    pub(super) fn new(row: impl FnMut(&Row<'_>) -> rusqlite::Result<T> + 'static) -> Self {
        Self { row: Box::new(row), parts: None }
    }

    pub(super) fn and_then(
        &mut self,
        parts: impl FnMut(&Connection, &mut [(i64, &mut T)]) -> rusqlite::Result<()> + 'static,
    ) {
        self.parts = Some(Box::new(parts));
    }

    /// Reads one row, without what other tables have.
    pub(super) fn one(&mut self, row: &Row<'_>) -> rusqlite::Result<T> {
        (self.row)(row)
    }

    /// Adds what other tables have.
    pub(super) fn complete(
        &mut self,
        db: &Connection,
        mut found: Vec<(Position, T)>,
    ) -> rusqlite::Result<Vec<(Position, T)>> {
        if let Some(parts) = &mut self.parts {
            let rows = found.iter_mut().map(|(position, row)| (position.key, row));
            parts(db, &mut rows.collect::<Vec<_>>())?;
        }
        Ok(found)
    }
}
