//! The settings of a connection.

use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// rusqlite keeps 16. A record alone has four, and a statement that isn't kept takes several times as
/// long.
const CACHED_STATEMENTS: usize = 64;

/// The most that SQLite keeps of the file in memory, as negative KiB. Its default is 2 MB. With three
/// million rows, a search for two words reads more than 8 MiB, and takes half as long again if it
/// reads the same pages from the file each time.
const CACHE_SIZE: i64 = -32 * 1024;

/// Sets what needs no access to the file.
pub(crate) fn configure(db: &Connection) -> rusqlite::Result<()> {
    db.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // Otherwise, once the database has statistics, SQLite prepares a statement again whenever a value
    // changes. For a join, that takes 0.1 ms, and reading its row takes 5 µs.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Sets the rest, for a connection that writes.
pub(super) fn apply(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF",
    )?;
    db.pragma_update(None, "fullfsync", true)?;
    db.pragma_update(None, "cache_size", CACHE_SIZE)
}
