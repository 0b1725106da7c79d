//! For tests: finds statements that read a whole table.
//!
//! Tests have little data, so such a statement is quick there. SQLite's query plan shows it all the
//! same.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::rc::Rc;

use rusqlite::Connection;

use super::report::one_line;
use super::statement;

thread_local! {
    /// Set while a test watches the statements of its thread.
    static WATCHED: RefCell<Option<Watched>> = const { RefCell::new(None) };
}

#[derive(Debug, Default)]
struct Watched {
    /// The statements that haven't been explained.
    new: BTreeSet<String>,
    scans: Vec<Scan>,
}

/// A statement that reads a whole table.
#[derive(Debug, PartialEq)]
struct Scan {
    table: String,
    sql: String,
    step: String,
}

/// Finds statements that read a whole table, in a test.
///
/// Watches all statements of guarded connections, in requests that run on the thread of the test.
/// At the end of each request, the [guard](crate::SqliteGuard) looks at SQLite's query plans
/// (`EXPLAIN QUERY PLAN`).
///
/// ```
/// # use solohttp_core::{Handler, Request, Result};
/// # use solohttp_sqlite_guard::rusqlite::Connection;
/// use solohttp_sqlite_guard::{Database, SqliteGuard, TableScans};
///
/// fn find(db: &mut Connection) -> Result<String> {
///     let sql = "SELECT count(*) FROM item WHERE name = 'Tea'";
///     Ok(db.query_row(sql, [], |row| row.get::<_, i64>(0))?.to_string())
/// }
///
/// let schema = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT";
/// let db = Database::in_memory().migrations([schema]).open()?;
/// let mut app = SqliteGuard::new(find, |db: &Connection| db).with_state(db);
///
/// let scans = TableScans::watch();
/// Request::get("/").send_to(&mut app);
/// assert_eq!(
///     scans.found(&[]),
///     ["SELECT count(*) FROM item WHERE name = 'Tea' reads the whole table item: SCAN item"]
/// );
/// # Ok::<(), solohttp_sqlite_guard::Error>(())
/// ```
///
/// A statement with a `LIMIT` may read a table from its beginning if it doesn't sort the rows, as
/// the first page of a [`List`](crate::List) does. The plan doesn't tell how many rows such a
/// statement skips, so a condition without an index isn't found there;
/// [`List::slow_pages`](crate::List::slow_pages) finds it in lists. Temporary and virtual tables
/// don't count.
#[derive(Debug)]
#[must_use = "it watches until it is dropped"]
pub struct TableScans {
    /// It belongs to its thread.
    _thread: PhantomData<Rc<()>>,
}

impl TableScans {
    /// Watches the statements on this thread until it is dropped.
    ///
    /// # Panics
    /// If the thread is being watched already.
    #[track_caller]
    pub fn watch() -> Self {
        let before = WATCHED.replace(Some(Watched::default()));
        assert!(before.is_none(), "this thread's statements are being watched already");
        Self { _thread: PhantomData }
    }

    /// Describes the statements that read a whole table, except for these small tables.
    #[must_use]
    pub fn found(&self, small_tables: &[&str]) -> Vec<String> {
        WATCHED.with_borrow(|watched| {
            let scans = watched.iter().flat_map(|watched| &watched.scans);
            let is_large = |scan: &&Scan| {
                !small_tables.iter().any(|small| small.eq_ignore_ascii_case(&scan.table))
            };
            let describe = |scan: &Scan| {
                format!("{} reads the whole table {}: {}", scan.sql, scan.table, scan.step)
            };
            scans.filter(is_large).map(describe).collect()
        })
    }
}

impl Drop for TableScans {
    fn drop(&mut self) {
        WATCHED.set(None);
    }
}

/// Remembers a statement.
pub(super) fn started(sql: &str) {
    WATCHED.with_borrow_mut(|watched| {
        if let Some(watched) = watched
            && !watched.new.contains(sql)
        {
            watched.new.insert(sql.to_owned());
        }
    });
}

/// Explains the statements of a request. The next request may use another connection, or other
/// indexes, so its statements are explained again.
pub(super) fn explain(db: &Connection) {
    // Nothing is watched while the statements are explained.
    let Some(mut watched) = WATCHED.take() else { return };
    let new = std::mem::take(&mut watched.new);
    if let Ok(tables) = tables(db) {
        for sql in new {
            // A statement can't be explained if its table was dropped, or if it isn't a query.
            for scan in scans(db, &sql, &tables).unwrap_or_default() {
                if !watched.scans.contains(&scan) {
                    watched.scans.push(scan);
                }
            }
        }
    }
    WATCHED.set(Some(watched));
}

fn tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT DISTINCT name FROM pragma_table_list
        WHERE type = 'table' AND schema <> 'temp' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    db.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn scans(db: &Connection, sql: &str, tables: &[String]) -> rusqlite::Result<Vec<Scan>> {
    let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = statement.raw_query();
    let mut steps: Vec<String> = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get("detail")?);
    }
    let words: Vec<&str> = statement::words(sql).collect();
    let has_limit = words.iter().any(|word| word.eq_ignore_ascii_case("LIMIT"));
    if has_limit && !steps.iter().any(|step| step.contains("TEMP B-TREE")) {
        return Ok(Vec::new());
    }
    let scans = steps.into_iter().filter_map(|step| {
        let table = scanned(&step, &words, tables)?.to_owned();
        Some(Scan { table, sql: one_line(sql), step })
    });
    Ok(scans.collect())
}

/// The table that this step of a plan scans.
fn scanned<'t>(step: &str, words: &[&str], tables: &'t [String]) -> Option<&'t String> {
    let scanned = step.strip_prefix("SCAN ")?;
    if scanned.contains("VIRTUAL TABLE") {
        return None;
    }
    let is_scanned = |name: &str| {
        scanned.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    tables.iter().find(|table| is_scanned(table)).or_else(|| {
        // The plan has the alias of a table. Any other name is a subquery.
        let has_alias = |table: &&String| {
            words.iter().enumerate().any(|(at, word)| {
                let is_as = |word: &&&str| word.eq_ignore_ascii_case("AS");
                let next = at + 1 + usize::from(words.get(at + 1).filter(is_as).is_some());
                word.eq_ignore_ascii_case(table)
                    && words.get(next).is_some_and(|alias| is_scanned(alias))
            })
        };
        tables.iter().find(has_alias)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expect: &[&str]) {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, shelf TEXT);
             CREATE INDEX item_by_name ON item (name);
             CREATE TABLE small (id INTEGER PRIMARY KEY, item INTEGER);
             CREATE TEMP TABLE passing (id);
             CREATE VIRTUAL TABLE words USING fts5 (name)",
        )
        .unwrap();
        let watch = TableScans::watch();
        started(sql);
        explain(&db);
        started(sql);
        explain(&db);
        let found = watch.found(&["SMALL"]);
        let tables = found.iter().map(|found| found.split(": ").last().unwrap());
        assert_eq!(tables.collect::<Vec<_>>(), expect, "{sql}: {found:?}");
    }

    #[test]
    fn statements_that_read_a_whole_table_are_found() {
        check("SELECT * FROM item WHERE shelf = ?1", &["SCAN item"]);
        check("SELECT name FROM item", &["SCAN item USING COVERING INDEX item_by_name"]);
        check("SELECT * FROM item ORDER BY shelf LIMIT 5", &["SCAN item"]);
        check("SELECT * FROM item AS i JOIN small ON small.item = i.id + 1", &["SCAN i"]);
        check("SELECT * FROM item i, item j WHERE i.shelf = j.name", &["SCAN i"]);
        check("UPDATE item SET shelf = 'a' WHERE shelf = 'b'", &["SCAN item"]);
        check(
            "DELETE FROM small WHERE item IN (SELECT id FROM item WHERE shelf = :s)",
            &["SCAN item"],
        );
    }

    #[test]
    fn other_statements_are_not() {
        for sql in [
            "SELECT * FROM item WHERE name = :name",
            "SELECT * FROM item ORDER BY name LIMIT 5",
            "SELECT * FROM small",
            "SELECT * FROM passing",
            "SELECT * FROM words WHERE words MATCH 'a'",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT * FROM n",
            "SELECT * FROM (SELECT 1 UNION SELECT 2)",
            "SELECT * FROM pragma_table_list",
            "SELECT * FROM sqlite_schema",
            "SELECT max(id) FROM item",
            "INSERT INTO item (name) VALUES (?1)",
            "PRAGMA user_version",
            "BEGIN",
            "SELECT * FROM dropped",
        ] {
            check(sql, &[]);
        }
    }

    #[test]
    #[should_panic(expected = "watched already")]
    fn a_thread_is_watched_once() {
        let _first = TableScans::watch();
        let _second = TableScans::watch();
    }
}
