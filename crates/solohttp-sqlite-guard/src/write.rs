//! Write transactions that can't be forgotten.

use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use solohttp_core::Failure;

/// Runs a write transaction. Commits if the closure returns `Ok`; rolls back if it returns `Err`
/// or panics.
///
/// Uses `BEGIN IMMEDIATE`, which waits for other writers up front. A transaction that reads first
/// and then writes would fail immediately if another connection wrote in between.
///
/// `?` converts any error in the closure. For your own error type, see [`write_typed`]. If a
/// closure that changed something fails, the response must not claim success: pass the error on
/// with `?`, respond with an error status, or use
/// [`rollback_on_purpose`](crate::rollback_on_purpose).
///
/// # Errors
/// Returns the closure's error, or SQLite's if the transaction can't begin or commit.
///
/// ```
/// use rusqlite::Connection;
/// use solohttp_sqlite_guard::write;
///
/// fn sell(db: &mut Connection, item: i64) -> solohttp_core::Result<&'static str> {
///     write(db, |tx| {
///         let left: i64 =
///             tx.query_row("SELECT amount FROM stock WHERE item = ?1", [item], |row| row.get(0))?;
///         if left == 0 {
///             return Err("Sold out.".into());
///         }
///         tx.execute("UPDATE stock SET amount = ?2 WHERE item = ?1", (item, left - 1))?;
///         Ok(())
///     })?;
///     Ok("Sold.")
/// }
/// # fn main() -> solohttp_core::Result<()> {
/// # let mut db = Connection::open_in_memory()?;
/// # db.execute_batch("CREATE TABLE stock (item, amount); INSERT INTO stock VALUES (7, 1)")?;
/// assert!(sell(&mut db, 7).is_ok());
/// assert!(sell(&mut db, 7).is_err());
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn write<T>(
    db: &mut Connection,
    change: impl FnOnce(&Transaction<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    write_typed(db, change)
}

/// Same as [`write()`], but with your own error type.
///
/// # Errors
/// Returns the closure's error, or SQLite's if the transaction can't begin or commit.
///
/// ```
/// # use rusqlite::Connection;
/// # let mut db = Connection::open_in_memory()?;
/// let changed = solohttp_sqlite_guard::write_typed(&mut db, |tx| -> rusqlite::Result<usize> {
///     tx.execute_batch("CREATE TABLE item (name TEXT) STRICT")?;
///     tx.execute("INSERT INTO item VALUES ('tea')", [])
/// })?;
/// assert_eq!(changed, 1);
/// # Ok::<(), rusqlite::Error>(())
/// ```
#[track_caller]
pub fn write_typed<T, E: From<rusqlite::Error>>(
    db: &mut Connection,
    change: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let waiting = Waiting::new();
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    drop(waiting);
    let value = change(&tx)?;
    tx.commit()?;
    Ok(value)
}

/// How many short transactions want SQLite's write lock, of any database of this process. A long one
/// gives way to them.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// Whether a short transaction wants the write lock.
pub(crate) fn is_wanted() -> bool {
    WAITING.load(Ordering::SeqCst) > 0
}

/// Held while a short transaction waits for the write lock.
pub(crate) struct Waiting;

impl Waiting {
    pub(crate) fn new() -> Self {
        WAITING.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::SeqCst);
    }
}
