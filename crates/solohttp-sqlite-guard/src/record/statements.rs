//! The SQL statements of a record, and their execution.
//!
//! The functions aren't generic, so that each record adds little code.

use std::sync::OnceLock;

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, params_from_iter};

use super::constraint::{self, Change};
use super::error::WriteError;
use super::parts::{Part, PartKind};
use super::rows::RowStatements;
use super::value::{Accepted, Binding, owned};
use crate::sql::quoted;

/// What [`columns!`](crate::columns!) declares about a record.
#[derive(Debug)]
pub struct Declaration {
    pub(crate) record: &'static str,
    pub(crate) table: &'static str,
    pub(crate) key: &'static str,
    /// The columns for a `SELECT`.
    listed: &'static str,
    pub(crate) columns: &'static [Column],
    /// Columns whose values are SQL expressions.
    pub(crate) computed: &'static [(&'static str, &'static str)],
    /// Columns that the record leaves out on purpose.
    pub(crate) except: &'static [&'static str],
    /// The record that this one is a row of, for child rows.
    pub(crate) parent: Option<Parent>,
    /// What is stored in other tables.
    pub(crate) parts: &'static [Part],
    statements: OnceLock<Statements>,
}

/// A column that stores a field.
#[derive(Debug)]
pub struct Column {
    pub field: &'static str,
    pub name: &'static str,
    pub accepted: fn() -> Accepted,
}

/// The columns that put a child row in its place.
#[derive(Debug, Clone, Copy)]
pub struct Parent {
    /// The column that refers to the parent.
    pub column: &'static str,
    /// The column for the order.
    pub place: Option<&'static str>,
}

/// The SQL of a record.
#[derive(Debug)]
pub struct Statements {
    pub(crate) insert: String,
    pub(crate) update: String,
    pub(crate) find: String,
    pub(crate) delete: String,
    /// The beginning of every other `SELECT`.
    select: String,
    /// For child rows.
    pub(crate) rows: Option<RowStatements>,
}

/// Calls `Record::bind` of a record.
pub(crate) type Bind<'a> = dyn FnMut(&mut Binding<'_>) -> rusqlite::Result<()> + 'a;

impl Declaration {
    #[must_use]
    pub const fn new(
        record: &'static str,
        (table, key, listed): (&'static str, &'static str, &'static str),
        columns: &'static [Column],
        computed: &'static [(&'static str, &'static str)],
        except: &'static [&'static str],
        (parent, parts): (Option<Parent>, &'static [Part]),
    ) -> Self {
        let statements = OnceLock::new();
        Self { record, table, key, listed, columns, computed, except, parent, parts, statements }
    }

    /// The statements, created when they are first used.
    pub fn statements(&self) -> &Statements {
        self.statements.get_or_init(|| self.create_statements())
    }

    fn create_statements(&self) -> Statements {
        let (table, key) = (quoted(self.table), quoted(self.key));
        // Each value is a named parameter, so that expressions can use it. SQLite numbers the
        // parameters as they appear, so they have the order in which they are bound.
        let stored = self.columns.iter();
        let stored = stored.map(|column| (column.name, format!(":{}", plain(column.field))));
        let computed = self.computed.iter().map(|(name, sql)| (plain(name), format!("({sql})")));
        let all: Vec<(String, String)> =
            stored.chain(computed).map(|(name, value)| (quoted(name), value)).collect();
        let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<&str> = all.iter().map(|(_, value)| value.as_str()).collect();
        let sets: Vec<String> =
            all.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let at = self.columns.len() + 1;
        let listed = self.listed;
        let rows = self.parent.map(|parent| RowStatements::new(self, parent, &all));
        let into = if all.is_empty() {
            "DEFAULT VALUES".to_owned()
        } else {
            format!("({}) VALUES ({})", names.join(", "), values.join(", "))
        };
        // A statement that sets nothing still has to tell whether the row exists.
        let sets = if sets.is_empty() { format!("{key} = {key}") } else { sets.join(", ") };
        Statements {
            insert: format!("INSERT INTO {table} {into} RETURNING {key}"),
            update: format!("UPDATE {table} SET {sets} WHERE {key} = ?{at}"),
            find: format!("SELECT {table}.{key}, {listed} FROM {table} WHERE {table}.{key} = ?1"),
            delete: format!("DELETE FROM {table} WHERE {key} = ?1"),
            select: format!("SELECT {table}.{key}, {listed} FROM {table} "),
            rows,
        }
    }

    pub(crate) fn select(&self, rest: &str) -> String {
        let select = &self.statements().select;
        let mut sql = String::with_capacity(select.len() + rest.len());
        sql.push_str(select);
        sql.push_str(rest);
        sql
    }

    /// The table with the file of this field.
    pub(crate) fn file_table(&self, field: &str) -> Option<&'static str> {
        self.parts.iter().find_map(|part| match part.kind {
            PartKind::File(table) if plain(part.field) == field => Some(table),
            _ => None,
        })
    }

    /// The columns for a `SELECT`.
    pub(crate) fn listed(&self) -> &'static str {
        self.listed
    }
}

/// Strips the prefix from a raw identifier.
pub(crate) fn plain(identifier: &'static str) -> &'static str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

pub(crate) fn insert(
    db: &Connection,
    declaration: &Declaration,
    bind: &mut Bind<'_>,
) -> Result<i64, WriteError> {
    let inserted =
        (|| inserted(bound(db, declaration, &declaration.statements().insert, bind, &[])?))();
    inserted.map_err(|error| {
        let values = values(bind);
        constraint::of_record(db, error, declaration, &Change::Write { values })
    })
}

/// Executes an `INSERT … RETURNING` and returns the key.
pub(crate) fn inserted(mut insert: CachedStatement<'_>) -> rusqlite::Result<i64> {
    let mut rows = insert.raw_query();
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let id = row.get(0)?;
    // Outside a transaction, SQLite commits at the end of the statement. rusqlite drops the error
    // if that happens in a reset.
    while rows.next()?.is_some() {}
    Ok(id)
}

pub(crate) fn update(
    db: &Connection,
    declaration: &Declaration,
    id: i64,
    bind: &mut Bind<'_>,
) -> Result<(), WriteError> {
    let updated = bound(db, declaration, &declaration.statements().update, bind, &[id])
        .and_then(|mut update| update.raw_execute());
    match updated {
        Ok(0) => Err(WriteError::NoSuchRow { table: declaration.table.to_owned(), id }),
        Ok(_) => Ok(()),
        Err(error) => {
            let values = values(bind);
            Err(constraint::of_record(db, error, declaration, &Change::Write { values }))
        }
    }
}

pub(crate) fn delete(
    db: &Connection,
    declaration: &Declaration,
    id: i64,
) -> Result<bool, WriteError> {
    let deleted = db.prepare_cached(&declaration.statements().delete);
    let deleted = deleted.and_then(|mut delete| delete.execute([id]));
    deleted
        .map(|count| count > 0)
        .map_err(|error| constraint::of_record(db, error, declaration, &Change::Delete { id }))
}

/// Prepares a statement and binds the record's values, followed by others.
pub(crate) fn bound<'c>(
    db: &'c Connection,
    declaration: &Declaration,
    sql: &str,
    bind: &mut Bind<'_>,
    others: &[i64],
) -> rusqlite::Result<CachedStatement<'c>> {
    let mut statement = db.prepare_cached(sql)?;
    let expected = declaration.columns.len() + others.len();
    // A misspelled field in an expression would be one more parameter, and NULL.
    let found = statement.parameter_count();
    if found != expected {
        return Err(rusqlite::Error::InvalidParameterCount(expected, found));
    }
    let mut at = 0;
    bind(&mut Binding(&mut |value| {
        at += 1;
        statement.raw_bind_parameter(at, value)
    }))?;
    for (other, at) in others.iter().zip(declaration.columns.len() + 1..) {
        statement.raw_bind_parameter(at, other)?;
    }
    Ok(statement)
}

/// The values that a record writes, to find out why a foreign key has failed. Empty if they can't
/// be converted.
pub(crate) fn values(bind: &mut Bind<'_>) -> Vec<Value> {
    let mut values = Vec::new();
    let bound = bind(&mut Binding(&mut |value| {
        values.push(owned(value)?);
        Ok(())
    }));
    if bound.is_ok() { values } else { Vec::new() }
}

/// Whether a query returns a row with these values.
pub(crate) fn exists(db: &Connection, sql: &str, values: &[&Value]) -> rusqlite::Result<bool> {
    db.prepare(sql)?.exists(params_from_iter(values))
}
