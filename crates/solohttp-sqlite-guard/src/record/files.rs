//! Stored files: fields whose bytes are in a table of their own.
//!
//! The column that refers to the record has the name of the record's table.

use std::collections::HashMap;

use rusqlite::types::Value;
use rusqlite::{Connection, Error, OptionalExtension as _, Row};
use solohttp_core::{FileInfo, StoredFile, Upload};

use super::constraint::explain;
use super::error::WriteError;
use super::statements::Declaration;
use crate::sql::quoted;

/// Reads the files of these records, which are given with their keys, but not their bytes.
pub fn load_files<R>(
    db: &Connection,
    declaration: &Declaration,
    (table, of): (&str, fn(&mut R) -> &mut StoredFile),
    records: &mut [(i64, &mut R)],
) -> rusqlite::Result<()> {
    let ids: Vec<i64> = records.iter().map(|(id, _)| *id).collect();
    let found = infos(db, declaration, table, &ids)?;
    for (id, record) in records {
        *of(record) = found.get(id).cloned().map_or_else(StoredFile::default, StoredFile::from);
    }
    Ok(())
}

fn infos(
    db: &Connection,
    declaration: &Declaration,
    table: &str,
    ids: &[i64],
) -> rusqlite::Result<HashMap<i64, FileInfo>> {
    let (condition, value) = match ids {
        [] => return Ok(HashMap::new()),
        [one] => ("= ?1", Value::Integer(*one)),
        all => {
            let all: Vec<String> = all.iter().map(i64::to_string).collect();
            let all = Value::Text(format!("[{}]", all.join(",")));
            ("IN (SELECT value FROM json_each(?1))", all)
        }
    };
    let (table, record) = (quoted(table), quoted(declaration.table));
    // SQLite knows the length of a blob without reading it.
    let sql = format!(
        "SELECT {record}, id, name, media_type, length(bytes) FROM {table} WHERE {record} {condition}"
    );
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map([value], |row| Ok((row.get(0)?, info(row)?)))?;
    rows.collect()
}

fn info(row: &Row<'_>) -> rusqlite::Result<FileInfo> {
    let len: i64 = row.get(4)?;
    let len = u64::try_from(len).unwrap_or_default();
    Ok(FileInfo { id: row.get(1)?, name: row.get(2)?, media_type: row.get(3)?, len })
}

/// Reads the file of a record with its bytes.
pub(crate) fn read(
    db: &Connection,
    declaration: &Declaration,
    table: &str,
    id: i64,
) -> rusqlite::Result<Option<(FileInfo, Vec<u8>)>> {
    let (table, record) = (quoted(table), quoted(declaration.table));
    let sql = format!(
        "SELECT {record}, id, name, media_type, length(bytes), bytes FROM {table} \
         WHERE {record} = ?1"
    );
    let mut select = db.prepare_cached(&sql)?;
    select.query_row([id], |row| Ok((info(row)?, row.get(5)?))).optional()
}

/// Keeps, replaces or removes the file of a record. A new record that keeps a file gets a copy of it.
pub fn write_file(
    db: &Connection,
    declaration: &Declaration,
    (id, is_new): (i64, bool),
    table: &str,
    file: &StoredFile,
) -> Result<(), WriteError> {
    let of_this = |error| explain(db, error);
    if let Some(upload) = file.upload() {
        remove(db, declaration, table, id).map_err(of_this)?;
        return insert(db, declaration, table, id, upload).map_err(of_this);
    }
    if file.is_removed() {
        return remove(db, declaration, table, id).map_err(of_this);
    }
    match file.info() {
        Some(stored) if is_new => {
            let copied = copy(db, declaration, table, (stored.id, id)).map_err(of_this)?;
            let missing = || WriteError::NoSuchRow { table: table.to_owned(), id: stored.id };
            if copied { Ok(()) } else { Err(missing()) }
        }
        _ => Ok(()),
    }
}

fn remove(
    db: &Connection,
    declaration: &Declaration,
    table: &str,
    id: i64,
) -> rusqlite::Result<()> {
    let (table, record) = (quoted(table), quoted(declaration.table));
    db.prepare_cached(&format!("DELETE FROM {table} WHERE {record} = ?1"))?.execute([id]).map(drop)
}

fn insert(
    db: &Connection,
    declaration: &Declaration,
    table: &str,
    id: i64,
    upload: &Upload,
) -> rusqlite::Result<()> {
    let bytes =
        upload.to_bytes().map_err(|error| Error::ToSqlConversionFailure(Box::new(error)))?;
    let (table, record) = (quoted(table), quoted(declaration.table));
    let sql =
        format!("INSERT INTO {table} ({record}, name, media_type, bytes) VALUES (?1, ?2, ?3, ?4)");
    let (name, media_type) = (upload.file_name(), FileInfo::media_type_of(&bytes));
    db.prepare_cached(&sql)?.execute((id, name, media_type, &*bytes)).map(drop)
}

/// Copies a file to a new record. Returns whether there was one.
fn copy(
    db: &Connection,
    declaration: &Declaration,
    table: &str,
    (from, to): (i64, i64),
) -> rusqlite::Result<bool> {
    let (table, record) = (quoted(table), quoted(declaration.table));
    let sql = format!(
        "INSERT INTO {table} ({record}, name, media_type, bytes) \
         SELECT ?2, name, media_type, bytes FROM {table} WHERE id = ?1"
    );
    Ok(db.prepare_cached(&sql)?.execute([from, to])? > 0)
}
