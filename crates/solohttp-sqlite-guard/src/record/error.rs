//! The error for a row that couldn't be written.

use std::error::Error;
use std::fmt;

use solohttp_core::ConstraintError;

/// The error for a row that couldn't be inserted, updated or deleted.
///
/// A form of solohttp-forms shows [`Constraint`](Self::Constraint) next to the fields involved if
/// `save` passes it on with `?`. In a function that returns [`rusqlite::Result`], `?` converts the
/// error back to that of SQLite.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// A constraint of the table rejected the change.
    Constraint {
        /// The table that the statement changes, if it is known.
        table: Option<String>,
        /// What the constraint involves.
        constraint: Box<ConstraintError>,
        /// SQLite's error.
        sqlite: rusqlite::Error,
    },
    /// The row to update doesn't exist.
    NoSuchRow {
        /// The table.
        table: String,
        /// The key.
        id: i64,
    },
    /// A child row has the key of a row that belongs to another record.
    RowOfAnother {
        /// The table of the child rows.
        table: String,
        /// The key.
        id: i64,
    },
    /// Any other error.
    Sqlite {
        /// The table that the statement changes, if it is known.
        table: Option<String>,
        /// SQLite's error.
        source: rusqlite::Error,
    },
}

impl WriteError {
    /// The constraint that rejected the change, if that is the error.
    #[must_use]
    pub fn constraint(&self) -> Option<&ConstraintError> {
        match self {
            Self::Constraint { constraint, .. } => Some(constraint),
            _ => None,
        }
    }

    /// Says that the record is the row with this index, counted from 0, in a list of rows in a
    /// form. The form then shows the error next to the fields of that row.
    ///
    /// ```
    /// use rusqlite::Connection;
    /// use solohttp_sqlite_guard::{Record as _, WriteError, columns};
    ///
    /// struct Line { item: String }
    /// columns!(Line in "line" { item });
    ///
    /// fn save(lines: &[Line], db: &Connection) -> Result<(), WriteError> {
    ///     for (index, line) in lines.iter().enumerate() {
    ///         line.insert(db).map_err(|error| error.in_row("lines", index))?;
    ///     }
    ///     Ok(())
    /// }
    /// # let db = Connection::open_in_memory()?;
    /// # db.execute_batch("CREATE TABLE line (id INTEGER PRIMARY KEY, item TEXT UNIQUE)")?;
    /// let lines = ["nut", "nut"].map(|item| Line { item: item.into() });
    /// let error = save(&lines, &db).unwrap_err();
    /// assert_eq!(error.constraint().unwrap().fields, ["lines.1.item"]);
    /// # Ok::<(), rusqlite::Error>(())
    /// ```
    #[must_use]
    pub fn in_row(self, list: &str, index: usize) -> Self {
        match self {
            Self::Constraint { table, constraint, sqlite } => {
                let constraint = Box::new(constraint.in_row(list, index));
                Self::Constraint { table, constraint, sqlite }
            }
            other => other,
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchRow { table, id } => {
                write!(f, "the table {table} has no row {id}: it may have been deleted")
            }
            Self::RowOfAnother { table, id } => {
                write!(f, "the row {id} of the table {table} belongs to another record")
            }
            Self::Constraint { table: Some(table), .. }
            | Self::Sqlite { table: Some(table), .. } => {
                write!(f, "cannot write to the table {table}")
            }
            _ => f.write_str("cannot write to the database"),
        }
    }
}

// Written by hand, because the source of a boxed error would be the box.
impl Error for WriteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Constraint { constraint, .. } => Some(constraint.as_ref()),
            Self::NoSuchRow { .. } | Self::RowOfAnother { .. } => None,
            Self::Sqlite { source, .. } => Some(source),
        }
    }
}

impl From<WriteError> for rusqlite::Error {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Constraint { sqlite, .. } => sqlite,
            WriteError::NoSuchRow { .. } => Self::QueryReturnedNoRows,
            WriteError::RowOfAnother { .. } => Self::ToSqlConversionFailure(Box::new(error)),
            WriteError::Sqlite { source, .. } => source,
        }
    }
}
