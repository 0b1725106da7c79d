//! Counts the rows in a copy.

use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::DatabaseCopy;
use crate::open::keeper::STEPS;
use crate::sql::quoted;

/// The number of rows in a table of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableRows {
    /// The table's name.
    pub table: String,
    /// The number of rows, or `None` if counting would have taken too long.
    pub rows: Option<u64>,
}

impl DatabaseCopy {
    /// Counts the rows of each table, in the order in which the tables were created. SQLite reads
    /// the whole table to count its rows, so a large copy takes a while. Counting stops after
    /// `limit`.
    ///
    /// # Errors
    /// Fails if the copy can't be read.
    pub fn tables(&self, limit: Duration) -> rusqlite::Result<Vec<TableRows>> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(&self.path, flags)?;
        let mut tables = db.prepare(
            "SELECT name FROM sqlite_schema JOIN pragma_table_list USING (name)
             WHERE pragma_table_list.type = 'table' AND schema = 'main'
             AND name NOT GLOB 'sqlite_*'
             ORDER BY sqlite_schema.rowid",
        )?;
        let names = tables.query_map([], |row| row.get(0))?;
        let names = names.collect::<rusqlite::Result<Vec<String>>>()?;
        drop(tables);
        let until = Instant::now() + limit;
        db.progress_handler(STEPS, Some(move || Instant::now() >= until))?;
        let count = |table: String| {
            // Without a condition, SQLite counts in a single step, which nothing can interrupt.
            let count = format!("SELECT count(*) FROM {} WHERE 1", quoted(&table));
            match db.query_row(&count, [], |row| row.get::<_, i64>(0)) {
                Ok(rows) => Ok(TableRows { table, rows: Some(rows.unsigned_abs()) }),
                Err(_) if Instant::now() >= until => Ok(TableRows { table, rows: None }),
                Err(error) => Err(error),
            }
        };
        names.into_iter().map(count).collect()
    }
}
