//! Detects forgotten SQLite transactions after every request, so you can trust a page that says
//! "saved".
//!
//! ```no_run
//! use solohttp_core::{Handler, Result, serve_http};
//! use solohttp_sqlite_guard::{Database, SqliteGuard, rusqlite::Connection, write};
//!
//! struct App { db: Connection }
//!
//! fn visit(app: &mut App) -> Result<String> {
//!     let id = write(&mut app.db, |tx| {
//!         tx.execute("INSERT INTO visit DEFAULT VALUES", [])?;
//!         Ok(tx.last_insert_rowid())
//!     })?;
//!     Ok(format!("You are visitor {id}."))
//! }
//! # fn main() -> Result<()> {
//! let db = Database::at("visits.sqlite")
//!     .migrations(["CREATE TABLE visit (id INTEGER PRIMARY KEY) STRICT"])
//!     .open()?;
//! serve_http(SqliteGuard::new(visit, |app: &App| &app.db).with_state(App { db }))?;
//! # Ok(())
//! # }
//! ```
//!
//! **In scope:** transactions left open, changes lost to unintended rollbacks, unfinished
//! statements, busy databases; opening with safe settings, numbered migrations,
//! write transactions that can't be forgotten; undo and redo; daily copies; lists with pages.
//!
//! **Out of scope:** queries and records (use rusqlite, which is re-exported), connection pools,
//! other databases, encrypted files.
//!
//! **Map:** [`SqliteGuard`] wraps all other handlers; [`rollback_on_purpose`] marks rollbacks as
//! intended. [`open`] and [`Database`] return a plain `rusqlite::Connection`. A list of
//! [`Migration`]s builds the schema. [`write()`] runs a transaction. [`Undo`] undoes what a request
//! saved. [`Copies`] lists and restores older copies of the file. A [`List`] shows the rows of a
//! query, one page at a time.

mod copies;
mod guard;
mod list;
mod open;
mod page;
mod undo;
mod watch;
mod words;
mod write;

pub use rusqlite;

pub use copies::{Copies, CopiesWords, CopyError, CopyKind, DatabaseCopy, TableRows};
pub use guard::SqliteGuard;
pub use list::{
    BulkRows, Cell, ConfirmPage, List, ListOutcome, ListPage, ListWords, SortOrder, fts_words,
};
pub use open::database::{Database, open};
pub use open::error::Error;
pub use open::migrate::Migration;
pub use undo::{Undo, UndoStep, UndoWords};
pub use watch::purpose::rollback_on_purpose;
pub use words::GuardWords;
pub use write::{write, write_typed};

/// Runs the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
