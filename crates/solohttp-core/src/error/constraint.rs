//! A database constraint that a change violates, in terms that a form can show.
//!
//! Core doesn't know any database. solohttp-sqlite-guard creates these errors, and solohttp-forms
//! shows them next to their fields.

use std::error::Error;
use std::fmt;

/// A constraint of a database table that rejected a change.
///
/// The record functions of solohttp-sqlite-guard return it as a cause, and so does its `explain`
/// for plain SQL. A form shows it next to the fields in [`fields`](Self::fields).
///
/// ```
/// use solohttp_core::{ConstraintError, ConstraintKind};
///
/// let error = ConstraintError::parse("UNIQUE constraint failed: sample.code").unwrap();
/// assert_eq!(error.kind, ConstraintKind::Unique);
/// assert_eq!(error.table.as_deref(), Some("sample"));
/// assert_eq!(error.columns, ["code"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConstraintError {
    /// The kind of constraint.
    pub kind: ConstraintKind,
    /// The table that has the constraint, if it is known. For [`ConstraintKind::Referenced`], this
    /// is the table whose rows refer to the deleted row.
    pub table: Option<String>,
    /// The columns of that table that the constraint involves. Empty if they aren't known.
    pub columns: Vec<String>,
    /// The record's fields that are stored in these columns. The same as `columns`, unless the
    /// record declares other names. In a list of rows, the names are like those in a form:
    /// `lines.0.item`.
    pub fields: Vec<String>,
    /// The database's own message.
    pub message: String,
}

/// The kind of a [`ConstraintError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConstraintKind {
    /// Another row has the same values.
    Unique,
    /// The value is missing.
    NotNull,
    /// A condition isn't met.
    Check,
    /// The row refers to a row that doesn't exist.
    ForeignKey,
    /// Other rows still refer to the row.
    Referenced,
}

impl ConstraintError {
    /// Creates an error without a table or columns.
    pub fn new(kind: ConstraintKind, message: impl Into<String>) -> Self {
        let (columns, fields) = (Vec::new(), Vec::new());
        Self { kind, table: None, columns, fields, message: message.into() }
    }

    /// Sets the table and its columns. Each column is assumed to store the field of the same name.
    #[must_use]
    pub fn on(mut self, table: impl Into<String>, columns: Vec<String>) -> Self {
        self.table = Some(table.into());
        self.fields.clone_from(&columns);
        self.columns = columns;
        self
    }

    /// Prefixes the names of the fields with the name of the list and the index of the row in it,
    /// counted from 0.
    #[must_use]
    pub fn in_row(mut self, list: &str, index: usize) -> Self {
        for field in &mut self.fields {
            *field = format!("{list}.{index}.{field}");
        }
        self
    }

    /// Whether the constraint involves this field.
    #[must_use]
    pub fn involves(&self, field: &str) -> bool {
        self.fields.iter().any(|known| known == field)
    }

    /// Finds the constraint in an error or its causes. Recognizes the messages of SQLite, too.
    #[must_use]
    pub fn find(error: &(dyn Error + 'static)) -> Option<Self> {
        let chain = || std::iter::successors(Some(error), |&error| error.source());
        let known = chain().find_map(|error| error.downcast_ref::<Self>().cloned());
        known.or_else(|| chain().find_map(|error| Self::parse(&error.to_string())))
    }

    /// Parses a message of SQLite. Returns `None` for any other message.
    ///
    /// The message names the columns of unique and `NOT NULL` constraints. For an index on an
    /// expression it names only the index, for a `CHECK` its name or condition, and for a foreign
    /// key nothing.
    #[must_use]
    pub fn parse(message: &str) -> Option<Self> {
        let (kind, rest) = KINDS
            .iter()
            .find_map(|(start, kind)| message.strip_prefix(start).map(|rest| (*kind, rest)))?;
        let error = Self::new(kind, message);
        if !matches!(kind, ConstraintKind::Unique | ConstraintKind::NotNull) {
            return Some(error);
        }
        let columns = rest.split(", ").map(|column| column.split_once('.'));
        let columns: Option<Vec<(&str, &str)>> = columns.collect();
        Some(match columns.as_deref() {
            Some(columns @ [(table, _), ..]) if !rest.starts_with("index '") => {
                error.on(*table, columns.iter().map(|(_, column)| (*column).to_owned()).collect())
            }
            _ => error,
        })
    }
}

/// The beginnings of SQLite's messages. They have been the same since 2013 (3.8.0).
const KINDS: [(&str, ConstraintKind); 4] = [
    ("UNIQUE constraint failed: ", ConstraintKind::Unique),
    ("NOT NULL constraint failed: ", ConstraintKind::NotNull),
    ("CHECK constraint failed: ", ConstraintKind::Check),
    ("FOREIGN KEY constraint failed", ConstraintKind::ForeignKey),
];

/// Says what is wrong and quotes the database's own message.
impl fmt::Display for ConstraintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.columns.join(", ");
        let table = self.table.as_deref().unwrap_or("the table");
        match self.kind {
            ConstraintKind::Unique if columns.is_empty() => {
                write!(f, "{table} already has such a row")?;
            }
            ConstraintKind::Unique => write!(f, "{table} already has a row with this {columns}")?,
            ConstraintKind::NotNull if columns.is_empty() => write!(f, "a value is missing")?,
            ConstraintKind::NotNull => write!(f, "{columns} of {table} is missing")?,
            ConstraintKind::Check if columns.is_empty() => {
                write!(f, "{table} doesn't allow this row")?;
            }
            ConstraintKind::Check => write!(f, "{table} doesn't allow this {columns}")?,
            ConstraintKind::ForeignKey if columns.is_empty() => {
                write!(f, "a row refers to one that doesn't exist, or is still referred to")?;
            }
            ConstraintKind::ForeignKey => {
                write!(f, "{columns} of {table} refers to a row that doesn't exist")?;
            }
            ConstraintKind::Referenced => {
                write!(f, "{columns} of {table} still refers to the row")?;
            }
        }
        write!(f, " ({})", self.message)
    }
}

impl Error for ConstraintError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_messages_of_sqlite() {
        let check = |message: &str, kind, table: Option<&str>, columns: &[&str]| {
            let error = ConstraintError::parse(message).expect(message);
            assert_eq!((error.kind, error.table.as_deref()), (kind, table), "{message}");
            assert_eq!(error.columns, columns, "{message}");
            assert_eq!(error.fields, columns, "{message}");
        };
        use ConstraintKind::{Check, ForeignKey, NotNull, Unique};
        check("UNIQUE constraint failed: s.code", Unique, Some("s"), &["code"]);
        check("UNIQUE constraint failed: s.code, s.day", Unique, Some("s"), &["code", "day"]);
        check("UNIQUE constraint failed: index 's.x'", Unique, None, &[]);
        check("NOT NULL constraint failed: s.code", NotNull, Some("s"), &["code"]);
        check("CHECK constraint failed: ends >= starts", Check, None, &[]);
        check("FOREIGN KEY constraint failed", ForeignKey, None, &[]);
        for other in ["no such table: UNIQUE constraint failed: ", "constraint failed", ""] {
            assert_eq!(ConstraintError::parse(other), None, "{other}");
        }
    }

    #[test]
    fn is_found_among_the_causes() {
        #[derive(Debug)]
        struct Outer(Box<dyn Error>);
        impl fmt::Display for Outer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("not saved")
            }
        }
        impl Error for Outer {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(self.0.as_ref())
            }
        }
        let known = ConstraintError::new(ConstraintKind::Check, "x").on("t", vec!["a".to_owned()]);
        let found = ConstraintError::find(&Outer(known.clone().into()));
        assert_eq!(found, Some(known));
        let text = Outer("NOT NULL constraint failed: t.a".into());
        assert!(ConstraintError::find(&text).unwrap().involves("a"));
        assert_eq!(ConstraintError::find(&Outer("something else".into())), None);
    }

    #[test]
    fn fields_of_rows_have_the_names_that_a_form_gives_them() {
        let error = ConstraintError::parse("NOT NULL constraint failed: line.item").unwrap();
        let error = error.in_row("lines", 2);
        assert_eq!(
            (error.columns, error.fields),
            (vec!["item".into()], vec!["lines.2.item".into()])
        );
    }
}
