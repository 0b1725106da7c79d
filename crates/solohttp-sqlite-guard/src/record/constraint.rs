//! Finds out which table, columns and fields a failed constraint involves.
//!
//! SQLite's message names columns only for simple constraints. Everything else is in the schema, or
//! in the rows that a foreign key refers to.
//!
//! A failed statement is explained here, and the explanation runs the record's statements, so this
//! file and `statements.rs` import each other.

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _};
use solohttp_core::{ConstraintError, ConstraintKind};

use super::error::WriteError;
use super::expression::{self, Token, columns_in, tokens};
use super::statements::{Declaration, exists, plain};
use crate::sql::quoted;

/// What a record function tried to do.
pub(crate) enum Change {
    /// Insert or update a row with these values.
    Write { values: Vec<Value> },
    /// Delete a row.
    Delete { id: i64 },
}

/// Turns an error from your own SQL into a [`WriteError`], which knows the columns of a failed
/// constraint.
///
/// A form needs it for foreign keys, `CHECK`s and indexes on expressions. SQLite's own message
/// already names the columns of other unique indexes and of `NOT NULL`. For a foreign key, the
/// record functions find out more, because they know the values.
///
/// ```
/// use rusqlite::Connection;
/// use solohttp_core::Result;
/// use solohttp_sqlite_guard::{explain, write};
///
/// fn extend(db: &mut Connection, id: i64, days: i64) -> Result<()> {
///     write(db, |tx| {
///         let sql = "UPDATE loan SET days = days + ?2 WHERE id = ?1";
///         tx.execute(sql, [id, days]).map_err(|error| explain(tx, error))?;
///         Ok(())
///     })
/// }
/// # let mut db = Connection::open_in_memory()?;
/// # db.execute_batch("CREATE TABLE loan (id INTEGER PRIMARY KEY, days INTEGER CHECK (days <= 28));
/// #     INSERT INTO loan VALUES (1, 20)")?;
/// # let error = extend(&mut db, 1, 20).unwrap_err();
/// # let error = solohttp_core::ConstraintError::find(error.error().unwrap()).unwrap();
/// # assert_eq!(error.columns, ["days"]);
/// # Ok::<(), rusqlite::Error>(())
/// ```
#[must_use]
pub fn explain(db: &Connection, error: rusqlite::Error) -> WriteError {
    let Some(mut constraint) = violated(&error) else {
        return WriteError::Sqlite { table: None, source: error };
    };
    // The message is all that is known. If the schema can't be read, so be it.
    let _ = find_columns(db, &mut constraint, None);
    let (table, constraint) = (constraint.table.clone(), Box::new(constraint));
    WriteError::Constraint { table, constraint, sqlite: error }
}

/// Same as [`explain`], for a record.
pub(crate) fn of_record(
    db: &Connection,
    error: rusqlite::Error,
    declaration: &Declaration,
    change: &Change,
) -> WriteError {
    let table = declaration.table.to_owned();
    let Some(mut constraint) = violated(&error) else {
        return WriteError::Sqlite { table: Some(table), source: error };
    };
    let _ = match constraint.kind {
        ConstraintKind::ForeignKey => match change {
            Change::Write { values } => missing_parent(db, declaration, values, &mut constraint),
            Change::Delete { id } => still_referenced(db, declaration, *id, &mut constraint),
        },
        _ => find_columns(db, &mut constraint, Some(declaration.table)),
    };
    // A trigger may have written to another table.
    let is_own = constraint.table.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(&table));
    if is_own && constraint.kind != ConstraintKind::Referenced {
        constraint.fields = fields(declaration, &constraint.columns);
    }
    let (table, constraint) = (Some(table), Box::new(constraint));
    WriteError::Constraint { table, constraint, sqlite: error }
}

fn violated(error: &rusqlite::Error) -> Option<ConstraintError> {
    (error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation))
        .then(|| ConstraintError::parse(&error.to_string()))?
}

/// The fields that are stored in these columns. A computed column depends on the fields that its
/// expression names.
fn fields(declaration: &Declaration, columns: &[String]) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for column in columns {
        let is = |name: &str| name.eq_ignore_ascii_case(column);
        let stored = declaration.columns.iter().filter(|stored| is(stored.name));
        let mut found: Vec<&str> = stored.map(|stored| plain(stored.field)).collect();
        for (_, sql) in declaration.computed.iter().filter(|(name, _)| is(plain(name))) {
            let all = tokens(sql);
            let parameters = all.windows(2).filter(|pair| pair[0].is_sign(':'));
            let parameters: Vec<&Token> = parameters.map(|pair| &pair[1]).collect();
            let known = declaration.columns.iter().map(|column| plain(column.field));
            found.extend(known.filter(|field| parameters.iter().any(|it| it.names(field))));
        }
        for field in found {
            if !fields.iter().any(|known| known == field) {
                fields.push(field.to_owned());
            }
        }
    }
    fields
}

/// Adds the columns that the message doesn't name. `table` is the table that was written to, if it
/// is known.
fn find_columns(
    db: &Connection,
    error: &mut ConstraintError,
    table: Option<&str>,
) -> rusqlite::Result<()> {
    let found = match error.kind {
        ConstraintKind::Unique if error.columns.is_empty() => index_columns(db, &error.message)?,
        ConstraintKind::Check => check_columns(db, &error.message, table)?,
        _ => None,
    };
    if let Some((table, columns)) = found {
        *error = error.clone().on(table, columns);
    }
    // A generated column depends on others.
    if let Some(table) = error.table.clone() {
        let columns = without_generated(db, &table, &error.columns)?;
        *error = error.clone().on(table, columns);
    }
    Ok(())
}

type TableColumns = (String, Vec<String>);

/// The columns of an index on expressions: `UNIQUE constraint failed: index 'name'`.
fn index_columns(db: &Connection, message: &str) -> rusqlite::Result<Option<TableColumns>> {
    let Some((_, name)) = message.split_once("index '") else { return Ok(None) };
    // The message quotes the name as a string.
    let name = name.strip_suffix('\'').unwrap_or(name).replace("''", "'");
    let sql = "SELECT tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND name = ?1";
    let index: Option<(String, Option<String>)> =
        db.query_row(sql, [&name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((table, Some(sql))) = index else { return Ok(None) };
    let all = tokens(&sql);
    let open = all.iter().position(|token| token.is_sign('(')).unwrap_or(all.len());
    let terms = expression::parenthesized(&all, open).unwrap_or_default();
    let columns = columns_in(terms, &column_names(db, &table)?);
    Ok(Some((table, columns)))
}

/// The columns of a `CHECK`, which the message identifies by its name or its condition. Several
/// tables may have the same one; then none is found unless `table` is known.
fn check_columns(
    db: &Connection,
    message: &str,
    table: Option<&str>,
) -> rusqlite::Result<Option<TableColumns>> {
    let Some((_, failed)) = message.split_once(": ") else { return Ok(None) };
    let condition = tokens(failed);
    let mut found = Vec::new();
    for (name, sql) in tables(db, table)? {
        let all = tokens(&sql);
        let is_it = |check: &&expression::Check<'_>| match check.name {
            Some(name) => name == failed,
            None => check.condition == condition,
        };
        let checks = expression::checks(&all);
        if let Some(check) = checks.iter().find(is_it) {
            found.push((name.clone(), columns_in(check.condition, &column_names(db, &name)?)));
        }
    }
    Ok(if found.len() == 1 { found.pop() } else { None })
}

/// The names and SQL of all tables, or of one.
fn tables(db: &Connection, only: Option<&str>) -> rusqlite::Result<Vec<(String, String)>> {
    let sql = "SELECT name, sql FROM sqlite_schema
        WHERE type = 'table' AND sql <> '' AND (?1 IS NULL OR name = ?1 COLLATE NOCASE)";
    db.prepare(sql)?.query_map([only], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

fn column_names(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM pragma_table_xinfo(?1)";
    db.prepare(sql)?.query_map([table], |row| row.get(0))?.collect()
}

/// Replaces generated columns by those that their expressions name.
fn without_generated(
    db: &Connection,
    table: &str,
    columns: &[String],
) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden > 1";
    let mut select = db.prepare(sql)?;
    let generated: Vec<String> =
        select.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if !columns.iter().any(|column| generated.contains(column)) {
        return Ok(columns.to_vec());
    }
    let sql: String = tables(db, Some(table))?.into_iter().map(|(_, sql)| sql).collect();
    let (all, names) = (tokens(&sql), column_names(db, table)?);
    let mut found = Vec::new();
    for column in columns {
        let terms = match generated.contains(column) {
            true => columns_in(generation(&all, column).unwrap_or_default(), &names),
            false => vec![column.clone()],
        };
        found.extend(terms.into_iter().filter(|term| !generated.contains(term)));
    }
    found.dedup();
    Ok(found)
}

/// The expression of a generated column: `by_name TEXT AS (…)`.
fn generation<'a>(table: &'a [Token], column: &str) -> Option<&'a [Token]> {
    let name = table.iter().position(|token| token.names(column))?;
    let named = table[name..].iter().position(|token| token.is_word("AS"))?;
    expression::parenthesized(table, name + named + 1)
}

/// A foreign key with its child and parent columns.
struct ForeignKey {
    parent: String,
    columns: Vec<(String, String)>,
}

impl ForeignKey {
    fn child_columns(&self) -> Vec<String> {
        self.columns.iter().map(|(from, _)| from.clone()).collect()
    }
}

fn foreign_keys(db: &Connection, table: &str) -> rusqlite::Result<Vec<ForeignKey>> {
    let sql = "SELECT id, \"table\", \"from\", coalesce(\"to\", (SELECT name
            FROM pragma_table_info(f.\"table\") WHERE pk = seq + 1))
        FROM pragma_foreign_key_list(?1) AS f ORDER BY id, seq";
    let mut select = db.prepare(sql)?;
    let mut rows = select.query([table])?;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        let Some(to) = row.get::<_, Option<String>>(3)? else { continue };
        if keys.last().is_none_or(|(last, _)| *last != id) {
            keys.push((id, ForeignKey { parent: row.get(1)?, columns: Vec::new() }));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push((row.get(2)?, to));
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

/// Finds the first foreign key of the record that refers to nothing. If all whose values are known
/// refer to a row, it is one of the others, and no other one is possible if there is only one.
fn missing_parent(
    db: &Connection,
    declaration: &Declaration,
    values: &[Value],
    error: &mut ConstraintError,
) -> rusqlite::Result<()> {
    let mut unknown = Vec::new();
    for key in foreign_keys(db, declaration.table)? {
        let value = |column: &str| {
            let at = declaration.columns.iter().position(|it| it.name.eq_ignore_ascii_case(column));
            values.get(at?)
        };
        let found: Vec<Option<&Value>> = key.columns.iter().map(|(from, _)| value(from)).collect();
        // A row with a NULL in the foreign key refers to nothing, which is allowed.
        if found.contains(&Some(&Value::Null)) {
            continue;
        }
        let bound: Option<Vec<&Value>> = found.iter().copied().collect();
        let Some(bound) = bound else {
            unknown.push(key);
            continue;
        };
        let conditions: Vec<String> = (key.columns.iter().zip(1..))
            .map(|((_, to), at)| format!("{} = ?{at}", quoted(to)))
            .collect();
        let (parent, conditions) = (quoted(&key.parent), conditions.join(" AND "));
        if !exists(db, &format!("SELECT 1 FROM {parent} WHERE {conditions}"), &bound)? {
            *error = error.clone().on(declaration.table, key.child_columns());
            return Ok(());
        }
    }
    if let [key] = &unknown[..] {
        *error = error.clone().on(declaration.table, key.child_columns());
    }
    Ok(())
}

/// Finds the first table with rows that refer to the row.
fn still_referenced(
    db: &Connection,
    declaration: &Declaration,
    id: i64,
    error: &mut ConstraintError,
) -> rusqlite::Result<()> {
    error.kind = ConstraintKind::Referenced;
    let (table, key) = (quoted(declaration.table), quoted(declaration.key));
    for (child, _) in tables(db, None)? {
        for foreign in foreign_keys(db, &child)? {
            if !foreign.parent.eq_ignore_ascii_case(declaration.table) {
                continue;
            }
            let conditions: Vec<String> = (foreign.columns.iter())
                .map(|(from, to)| format!("child.{} = parent.{}", quoted(from), quoted(to)))
                .collect();
            let sql = format!(
                "SELECT 1 FROM {table} AS parent JOIN {} AS child ON {} WHERE parent.{key} = ?1",
                quoted(&child),
                conditions.join(" AND "),
            );
            if exists(db, &sql, &[&Value::Integer(id)])? {
                let columns = foreign.child_columns();
                *error = error.clone().on(child, columns);
                return Ok(());
            }
        }
    }
    Ok(())
}
