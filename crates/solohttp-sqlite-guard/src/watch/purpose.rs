//! Marks rollbacks as intended.
//!
//! SQLite can't distinguish a forgotten `Transaction` from one that was rolled back on purpose, so
//! the program marks intended rollbacks.

use std::cell::Cell;

thread_local! {
    /// The nesting depth of [`rollback_on_purpose`] on this thread.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs code whose rollbacks are intended, so the guard doesn't report them as lost changes.
///
/// Covers everything in the call: dropped or rolled-back transactions, savepoints, and a
/// [`write()`](crate::write()) whose closure fails. After the call, rollbacks are reported again.
///
/// ```
/// use rusqlite::Connection;
/// use solohttp_sqlite_guard::rollback_on_purpose;
///
/// # fn main() -> rusqlite::Result<()> {
/// # let mut db = Connection::open_in_memory()?;
/// # db.execute_batch("CREATE TABLE stock (amount INTEGER) STRICT")?;
/// let tx = db.transaction()?;
/// tx.execute("INSERT INTO stock VALUES (7)", [])?;
/// let total: i64 = tx.query_row("SELECT sum(amount) FROM stock", [], |row| row.get(0))?;
/// rollback_on_purpose(|| tx.rollback())?; // a dry run
/// # assert_eq!(total, 7);
/// # Ok(())
/// # }
/// ```
pub fn rollback_on_purpose<T>(code: impl FnOnce() -> T) -> T {
    let _scope = Scope::begin();
    code()
}

/// Whether this thread is inside [`rollback_on_purpose`].
pub(crate) fn is_on_purpose() -> bool {
    DEPTH.get() > 0
}

/// Ends the scope on drop, even after a panic.
struct Scope;

impl Scope {
    fn begin() -> Self {
        DEPTH.set(DEPTH.get() + 1);
        Self
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_the_purpose() {
        let caught = std::panic::catch_unwind(|| rollback_on_purpose(|| panic!("in the middle")));
        assert!(caught.is_err() && !is_on_purpose());
    }

    #[test]
    fn purposes_nest() {
        rollback_on_purpose(|| {
            rollback_on_purpose(|| ());
            assert!(is_on_purpose());
        });
        assert!(!is_on_purpose());
    }
}
