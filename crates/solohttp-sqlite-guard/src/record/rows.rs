//! Child rows: the records in a list that belongs to another record.
//!
//! The functions that aren't generic do the work, so that each record adds little code.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::types::Value;
use rusqlite::{Connection, Row};

use super::Record;
use super::constraint::{self, Change};
use super::error::WriteError;
use super::statements::{Declaration, Parent, bound, inserted, plain, values};
use super::value::{Binding, Position};
use crate::sql::quoted;

/// A record that is declared with `of`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be stored as child rows, because it isn't declared as the child of a \
               record",
    label = "its `columns!` or `record!` needs `of`",
    note = "declare it `in \"table\" of \"parent\"`, where `parent` is the column that refers to the \
            parent, or `in \"table\" of \"parent\" placed \"place\"` if there is a column for the order"
)]
pub trait ChildRecord: Record {
    fn row_key(&self) -> Option<i64>;
}

/// The statements for child rows.
#[derive(Debug)]
pub(crate) struct RowStatements {
    /// The values, then the parent and, if there is a column for it, the place.
    insert: String,
    /// The values, then the parent, the key and the place.
    update: String,
    /// The key and the parent.
    delete: String,
    /// The rows of a parent as they are stored.
    stored: String,
    /// The rows of a parent.
    of_one: String,
    /// The rows of the parents in a JSON array.
    of_all: String,
    exists: String,
}

impl RowStatements {
    /// `all` are the columns, in quotes, with their values.
    pub(super) fn new(declaration: &Declaration, parent: Parent, all: &[(String, String)]) -> Self {
        let (table, key) = (quoted(declaration.table), quoted(declaration.key));
        let (of, place) = (quoted(parent.column), parent.place.map(quoted));
        let next = declaration.columns.len() + 1;
        let mut names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        let mut values: Vec<String> = all.iter().map(|(_, value)| value.clone()).collect();
        let sets = all.iter().map(|(name, value)| format!("{name} = {value}"));
        let mut sets: Vec<String> = sets.collect();
        names.push(&of);
        values.push(format!("?{next}"));
        if let Some(place) = &place {
            names.push(place);
            values.push(format!("?{}", next + 1));
            sets.push(format!("{place} = ?{}", next + 2));
        }
        if sets.is_empty() {
            sets.push(format!("{key} = {key}"));
        }
        let (names, values, sets) = (names.join(", "), values.join(", "), sets.join(", "));
        let stored = declaration.columns.iter().map(|column| format!(", {}", quoted(column.name)));
        let stored: String = stored.collect();
        let order = place.as_ref().map_or(String::new(), |place| format!("{table}.{place}, "));
        let order = format!("{order}{table}.{key}");
        let place = place.as_deref().unwrap_or("0");
        let listed = declaration.listed();
        let select = format!("SELECT {table}.{of}, {table}.{key}, {listed} FROM {table}");
        let by_parent = format!("{table}.{of}");
        Self {
            insert: format!("INSERT INTO {table} ({names}) VALUES ({values}) RETURNING {key}"),
            update: format!(
                "UPDATE {table} SET {sets} WHERE {of} = ?{next} AND {key} = ?{}",
                next + 1
            ),
            delete: format!("DELETE FROM {table} WHERE {key} = ?1 AND {of} = ?2"),
            stored: format!("SELECT {key}, {place}{stored} FROM {table} WHERE {of} = ?1"),
            of_one: format!("{select} WHERE {by_parent} = ?1 ORDER BY {order}"),
            of_all: format!(
                "{select} WHERE {by_parent} IN (SELECT value FROM json_each(?1)) \
                 ORDER BY {by_parent}, {order}"
            ),
            exists: format!("SELECT 1 FROM {table} WHERE {key} = ?1"),
        }
    }
}

/// The statements of a record that was declared with `of`, as every [`ChildRecord`] is.
fn statements(declaration: &Declaration) -> &RowStatements {
    declaration.statements().rows.as_ref().expect("a ChildRecord has a parent")
}

/// The record of a list of rows.
#[must_use]
pub fn row_declaration<R, C: ChildRecord>(_: fn(&R) -> &Vec<C>) -> &'static Declaration {
    C::declaration()
}

/// Reads the child rows of these records, which are given with their keys.
pub fn load_rows<R, C: ChildRecord>(
    db: &Connection,
    parents: &mut [(i64, &mut R)],
    list: fn(&mut R) -> &mut Vec<C>,
) -> rusqlite::Result<()> {
    if parents.is_empty() {
        return Ok(()); // Ends the recursion if rows have rows of their own kind.
    }
    let mut by_id = HashMap::with_capacity(parents.len());
    // A join may return a record several times.
    let mut again = Vec::new();
    for (index, (id, record)) in parents.iter_mut().enumerate() {
        list(record).clear();
        match by_id.entry(*id) {
            Entry::Vacant(entry) => drop(entry.insert(index)),
            Entry::Occupied(_) => again.push(index),
        }
    }
    let ids: Vec<i64> = by_id.keys().copied().collect();
    for (parent, row) in load(db, &ids)? {
        if let Some(&index) = by_id.get(&parent) {
            list(parents[index].1).push(row);
        }
    }
    for index in again {
        let (id, record) = &mut parents[index];
        list(record).extend(load(db, &[*id])?.into_iter().map(|(_, row)| row));
    }
    Ok(())
}

/// Reads the rows of these parents, with the keys of their parents.
fn load<C: ChildRecord>(db: &Connection, parents: &[i64]) -> rusqlite::Result<Vec<(i64, C)>> {
    let mut found: Vec<(i64, i64, C)> = Vec::new();
    each(db, C::declaration(), parents, &mut |row| {
        let record = C::read(row, &mut Position::in_order(2))?;
        found.push((row.get(0)?, row.get(1)?, record));
        Ok(())
    })?;
    let mut rows: Vec<(i64, &mut C)> = found.iter_mut().map(|(_, id, row)| (*id, row)).collect();
    C::read_parts(db, &mut rows)?;
    Ok(found.into_iter().map(|(parent, _, row)| (parent, row)).collect())
}

/// Passes the rows of these parents to `read`, in the order of each parent.
fn each(
    db: &Connection,
    declaration: &Declaration,
    parents: &[i64],
    read: &mut dyn FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let sql = statements(declaration);
    let (mut select, value) = match parents {
        [one] => (db.prepare_cached(&sql.of_one)?, Value::Integer(*one)),
        all => {
            let all: Vec<String> = all.iter().map(i64::to_string).collect();
            (db.prepare_cached(&sql.of_all)?, Value::Text(format!("[{}]", all.join(","))))
        }
    };
    let mut rows = select.query([value])?;
    while let Some(row) = rows.next()? {
        read(row)?;
    }
    Ok(())
}

/// Writes the differences between the stored rows of a parent and these. `field` is the parent's
/// field that contains them.
pub fn write_rows<C: ChildRecord>(
    db: &Connection,
    (parent, is_new): (i64, bool),
    field: &'static str,
    rows: &[C],
) -> Result<(), WriteError> {
    let key = |row: &C| if is_new { None } else { row.row_key() };
    let keys: Vec<Option<i64>> = rows.iter().map(key).collect();
    let list = List { db, declaration: C::declaration(), parent, field: plain(field) };
    let written = list.write(&keys, &mut |index, to| rows[index].bind(to))?;
    for (index, (row, (id, is_new))) in rows.iter().zip(written).enumerate() {
        row.write_parts(db, id, is_new).map_err(|error| error.in_row(list.field, index))?;
    }
    Ok(())
}

/// Calls `Record::bind` of the row with this index.
type BindRow<'a> = dyn FnMut(usize, &mut Binding<'_>) -> rusqlite::Result<()> + 'a;

/// A row as it is stored: its place and its values.
type StoredRow = (i64, Vec<Value>);

/// A list of child rows that is written.
struct List<'a> {
    db: &'a Connection,
    declaration: &'static Declaration,
    parent: i64,
    field: &'static str,
}

impl List<'_> {
    /// Writes the rows with these keys. Returns their keys, and whether they are new.
    fn write(
        &self,
        keys: &[Option<i64>],
        bind: &mut BindRow<'_>,
    ) -> Result<Vec<(i64, bool)>, WriteError> {
        let mut stored = self.stored().map_err(|error| self.error(error, Vec::new()))?;
        let mut kept: Vec<Option<(i64, StoredRow)>> = Vec::with_capacity(keys.len());
        for key in keys {
            // Each row is found once, so a second row with the same key is new.
            let found = key.and_then(|key| Some((key, stored.remove(&key)?)));
            if let (Some(key), None) = (key, &found) {
                self.check_free(*key, &kept)?;
            }
            kept.push(found);
        }
        // First what frees unique values, then what takes them.
        for id in stored.into_keys() {
            self.delete(id)?;
        }
        for (index, found) in kept.iter().enumerate() {
            if let Some((id, stored)) = found {
                let updated = self.update(index, *id, stored, &mut |to| bind(index, to));
                updated.map_err(|error| error.in_row(self.field, index))?;
            }
        }
        let mut written = Vec::with_capacity(keys.len());
        for (index, found) in kept.into_iter().enumerate() {
            written.push(match found {
                Some((id, _)) => (id, false),
                None => {
                    let inserted = self.insert(index, &mut |to| bind(index, to));
                    (inserted.map_err(|error| error.in_row(self.field, index))?, true)
                }
            });
        }
        Ok(written)
    }

    /// Fails if the key is that of a row of another parent. If it is that of no row, the row has been
    /// deleted, and is inserted again.
    fn check_free(&self, key: i64, kept: &[Option<(i64, StoredRow)>]) -> Result<(), WriteError> {
        if kept.iter().flatten().any(|(own, _)| *own == key) {
            return Ok(());
        }
        let exists = self.db.prepare_cached(&statements(self.declaration).exists);
        match exists.and_then(|mut exists| exists.exists([key])) {
            Ok(false) => Ok(()),
            Ok(true) => {
                Err(WriteError::RowOfAnother { table: self.declaration.table.to_owned(), id: key })
            }
            Err(error) => Err(self.error(error, Vec::new())),
        }
    }

    fn stored(&self) -> rusqlite::Result<HashMap<i64, StoredRow>> {
        let mut select = self.db.prepare_cached(&statements(self.declaration).stored)?;
        let count = self.declaration.columns.len();
        let rows = select.query_map([self.parent], |row| {
            let values: Result<Vec<Value>, _> = (2..count + 2).map(|at| row.get(at)).collect();
            // A place that isn't a number is written again.
            Ok((row.get(0)?, (row.get(1).unwrap_or(-1), values?)))
        })?;
        rows.collect()
    }

    fn delete(&self, id: i64) -> Result<(), WriteError> {
        let delete = self.db.prepare_cached(&statements(self.declaration).delete);
        let deleted = delete.and_then(|mut delete| delete.execute([id, self.parent]));
        deleted.map(drop).map_err(|error| {
            constraint::of_record(self.db, error, self.declaration, &Change::Delete { id })
        })
    }

    fn update(
        &self,
        index: usize,
        id: i64,
        (stored_place, stored): &StoredRow,
        bind: &mut dyn FnMut(&mut Binding<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), WriteError> {
        let (place, has_place) = (place(index), self.has_place());
        let now = values(bind);
        if now == *stored && (place == *stored_place || !has_place) {
            return Ok(());
        }
        let others = [self.parent, id, place];
        let others = &others[..if has_place { 3 } else { 2 }];
        let sql = &statements(self.declaration).update;
        let updated = bound(self.db, self.declaration, sql, bind, others);
        let updated = updated.and_then(|mut update| update.raw_execute());
        updated.map(drop).map_err(|error| self.error(error, now))
    }

    fn insert(
        &self,
        index: usize,
        bind: &mut dyn FnMut(&mut Binding<'_>) -> rusqlite::Result<()>,
    ) -> Result<i64, WriteError> {
        let others = [self.parent, place(index)];
        let others = &others[..if self.has_place() { 2 } else { 1 }];
        let sql = &statements(self.declaration).insert;
        let id = bound(self.db, self.declaration, sql, bind, others).and_then(inserted);
        id.map_err(|error| self.error(error, values(bind)))
    }

    fn has_place(&self) -> bool {
        self.declaration.parent.is_some_and(|parent| parent.place.is_some())
    }

    fn error(&self, error: rusqlite::Error, values: Vec<Value>) -> WriteError {
        constraint::of_record(self.db, error, self.declaration, &Change::Write { values })
    }
}

fn place(index: usize) -> i64 {
    i64::try_from(index).expect("a list has fewer than 2⁶³ rows")
}
