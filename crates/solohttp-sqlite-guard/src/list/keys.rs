//! Reads the keys of many rows.
//!
//! Functions in SQL get them, which takes two thirds as long as a statement that returns each row.

use std::cell::RefCell;
use std::rc::Rc;

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::{Connection, Error, Statement, StatementStatus};

use super::position::{Order, Part};
use super::query::Query;

/// The functions' names in SQL.
const COLLECT: &str = "solo_keys";
const IS_LAST: &str = "solo_is_last_key";

thread_local! {
    /// Gets the keys of the statement that runs.
    static VISITOR: RefCell<Option<Rc<RefCell<dyn Visitor>>>> = const { RefCell::new(None) };
}

/// Gets keys one by one.
pub(super) trait Visitor: 'static {
    /// Returns whether this is the last one that it needs.
    fn is_last(&mut self, key: i64) -> bool;
}

/// The expression that collects the keys of all rows, in any order, for [`read`].
pub(super) fn collect(key: &str) -> String {
    format!("{COLLECT}({key})")
}

/// The condition that passes a key to the visitor of [`visit`].
fn is_last(key: &str) -> String {
    format!("{IS_LAST}({key})")
}

/// Adds the functions to the connection, unless they are there. The statement is one that uses them.
///
/// A list may be read from any connection. To look for a function by its name would take longer than
/// to prepare a statement, which the connection keeps.
pub(super) fn install(db: &Connection, sql: &str) -> rusqlite::Result<()> {
    match db.prepare_cached(sql) {
        Err(error) if error.to_string().contains("no such function: solo_") => {
            let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
            db.create_aggregate_function(COLLECT, 1, flags, Collect)?;
            db.create_scalar_function(IS_LAST, 1, flags, |context| {
                let key = context.get(0)?;
                VISITOR.with_borrow(|visitor| match visitor {
                    Some(visitor) => Ok(visitor.borrow_mut().is_last(key)),
                    None => Err(Error::UserFunctionError("it is only for lists".into())),
                })
            })
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

impl Query {
    /// Passes the keys of a part's rows to a visitor, in order. Returns whether the visitor has ended
    /// it, or `None` if there is no index in this order.
    pub(super) fn visit_keys<V: Visitor>(
        &self,
        db: &Connection,
        order: &Order,
        part: Part<'_>,
        is_backwards: bool,
        visitor: V,
    ) -> rusqlite::Result<Option<(V, bool)>> {
        let (sort, key) = self.terms(order);
        let (condition, by) = part.sql(&sort, &key, order.is_descending == is_backwards);
        let rows = format!("{} AND {condition}", self.table());
        let sql = if self.has_all_rows(db)? {
            format!("SELECT 1 {rows} AND {} ORDER BY {by} LIMIT 1", is_last(&key))
        } else {
            // SQLite checks conditions in any order, but the visitor must get no other rows. A
            // subquery with a limit is complete.
            let rows = format!("SELECT {key} AS key {rows} ORDER BY {by} LIMIT -1");
            format!("SELECT 1 FROM ({rows}) WHERE {} LIMIT 1", is_last("key"))
        };
        install(db, &sql)?;
        visit(&mut *self.prepare(db, &sql, part.position(), 0)?, visitor)
    }
}

/// Runs a statement that passes keys to a visitor. Returns whether the visitor has ended it, or
/// `None` if SQLite has sorted the rows, perhaps after they were visited.
fn visit<V: Visitor>(
    statement: &mut Statement<'_>,
    visitor: V,
) -> rusqlite::Result<Option<(V, bool)>> {
    let visitor = Rc::new(RefCell::new(visitor));
    VISITOR.set(Some(Rc::<RefCell<V>>::clone(&visitor)));
    statement.reset_status(StatementStatus::Sort);
    let is_ended = statement.raw_query().next().map(|row| row.is_some());
    VISITOR.set(None);
    let (is_ended, sorts) = (is_ended?, statement.get_status(StatementStatus::Sort));
    let visitor = Rc::into_inner(visitor).filter(|_| sorts == 0);
    Ok(visitor.map(|visitor| (visitor.into_inner(), is_ended)))
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

    struct UpTo(i64, Vec<i64>);

    impl Visitor for UpTo {
        fn is_last(&mut self, key: i64) -> bool {
            self.1.push(key);
            key == self.0
        }
    }

    #[test]
    fn keys_are_visited_in_the_order_of_an_index_up_to_the_last_one() {
        let db = Connection::open_in_memory().unwrap();
        let rows = "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w);
            CREATE INDEX t_by_v ON t (v);
            INSERT INTO t (v, w) VALUES (2, 1), (1, 2), (3, 3), (0, 4)";
        db.execute_batch(rows).unwrap();
        let up_to = |last, order: &str| {
            let sql = format!("SELECT 1 FROM t WHERE {} ORDER BY {order} LIMIT 1", is_last("id"));
            install(&db, &sql).unwrap();
            let visited = visit(&mut db.prepare(&sql).unwrap(), UpTo(last, Vec::new())).unwrap();
            visited.map(|(visitor, is_ended)| (visitor.1, is_ended))
        };
        assert_eq!(up_to(1, "v"), Some((vec![4, 2, 1], true)));
        assert_eq!(up_to(5, "v DESC"), Some((vec![3, 1, 2, 4], false)));
        assert_eq!(up_to(5, "w"), None, "there is no index");
        let error = db.query_row("SELECT solo_is_last_key(1)", [], |_| Ok(())).unwrap_err();
        assert!(error.to_string().contains("only for lists"), "{error}");
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
