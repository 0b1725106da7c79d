//! Says of a rollback that it was meant.
//!
//! SQLite cannot tell a `Transaction` that was dropped by mistake from one that was rolled back
//! by decision, so the program says it, for exactly the code in which it happens.

use std::cell::Cell;

thread_local! {
    /// How many calls of [`rollback_on_purpose`] this thread is in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs code whose rollbacks are meant: the guard takes none of them for lost changes.
///
/// It covers everything in the call: transactions dropped or rolled back, savepoints, and
/// [`write()`](crate::write()) whose closure fails. What happens after it is watched again.
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
/// rollback_on_purpose(|| tx.rollback())?; // it was only a trial
/// # assert_eq!(total, 7);
/// # Ok(())
/// # }
/// ```
pub fn rollback_on_purpose<T>(code: impl FnOnce() -> T) -> T {
    let _meant = Meant::begin();
    code()
}

/// Is this thread in a call of [`rollback_on_purpose`]?
pub(crate) fn is_on_purpose() -> bool {
    DEPTH.get() > 0
}

/// Ends with its scope, so that a panic in it does not make later rollbacks meant.
struct Meant;

impl Meant {
    fn begin() -> Self {
        DEPTH.set(DEPTH.get() + 1);
        Self
    }
}

impl Drop for Meant {
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
