//! Reads the keys of many rows at once.
//!
//! A function in SQL collects them, which takes two thirds as long as a statement that returns each
//! row.

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::{Connection, Error, Statement};

/// The function's name in SQL.
const NAME: &str = "solo_keys";

/// The expression that collects the keys of all rows, in any order.
pub(super) fn collect(key: &str) -> String {
    format!("{NAME}({key})")
}

/// Adds the function to the connection, unless it is there. The statement is one that uses it.
///
/// A list may be read from any connection. To look for a function by its name would take longer than
/// to prepare a statement, which the connection keeps.
pub(super) fn install(db: &Connection, sql: &str) -> rusqlite::Result<()> {
    match db.prepare_cached(sql) {
        Err(error) if error.to_string().contains(&format!("no such function: {NAME}")) => {
            let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
            db.create_aggregate_function(NAME, 1, flags, Collect)
        }
        Err(error) => Err(error),
        Ok(_) => Ok(()),
    }
}

/// Runs a statement that returns only the collected keys.
pub(super) fn read(statement: &mut Statement<'_>) -> rusqlite::Result<Vec<i64>> {
    let mut rows = statement.raw_query();
    let row = rows.next()?.ok_or(Error::QueryReturnedNoRows)?;
    let (keys, _) = row.get_ref(0)?.as_blob()?.as_chunks();
    Ok(keys.iter().copied().map(i64::from_ne_bytes).collect())
}

struct Collect;

impl Aggregate<Vec<u8>, Vec<u8>> for Collect {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn step(&self, context: &mut Context<'_>, keys: &mut Vec<u8>) -> rusqlite::Result<()> {
        keys.extend_from_slice(&context.get::<i64>(0)?.to_ne_bytes());
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, keys: Option<Vec<u8>>) -> rusqlite::Result<Vec<u8>> {
        Ok(keys.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_collected_on_any_connection() {
        for _ in 0..2 {
            let db = Connection::open_in_memory().unwrap();
            let check = |rows: &str, expect: &[i64]| {
                let sql = format!("SELECT {} FROM ({rows})", collect("i"));
                install(&db, &sql).unwrap();
                assert_eq!(read(&mut db.prepare(&sql).unwrap()).unwrap(), expect, "{rows}");
            };
            check("SELECT 1 AS i WHERE false", &[]);
            check(
                &format!("SELECT -1 AS i UNION ALL SELECT {} UNION ALL SELECT 0", i64::MAX),
                &[-1, i64::MAX, 0],
            );
        }
    }

    #[test]
    fn what_is_no_key_is_an_error() {
        let db = Connection::open_in_memory().unwrap();
        let sql = format!("SELECT {}", collect("'a'"));
        install(&db, &sql).unwrap();
        read(&mut db.prepare(&sql).unwrap()).unwrap_err();
        install(&db, "SELECT missing").unwrap_err();
    }
}
