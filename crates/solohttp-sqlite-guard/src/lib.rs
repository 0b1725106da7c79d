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
//! write transactions that can't be forgotten; structs as rows of a table; lists with pages; undo and
//! redo; daily copies.
//!
//! **Out of scope:** a query language (use SQL and rusqlite, which is re-exported), connection
//! pools, other databases, encrypted files.
//!
//! **Map:** [`SqliteGuard`] wraps all other handlers; [`rollback_on_purpose`] marks rollbacks as
//! intended. [`open`] and [`Database`] return a plain `rusqlite::Connection`. A list of
//! [`Migration`]s builds the schema. [`write()`] runs a transaction. [`columns!`] stores a struct as
//! a [`Record`]. A [`List`] shows the rows of a query, one page at a time, and an [`Export`] sends
//! all of them. [`Staging`] adds many rows while the program goes on. [`Undo`] undoes what a request
//! saved. [`Copies`] lists and restores older copies of the file. [`TableScans`] finds slow
//! statements in tests.

mod copies;
mod guard;
mod list;
mod open;
mod page;
mod record;
mod sql;
mod staging;
mod undo;
mod watch;
mod words;
mod write;

pub use rusqlite;

pub use copies::{Copies, CopiesWords, CopyError, CopyKind, DatabaseCopy, TableRows};
pub use guard::SqliteGuard;
pub use list::{
    BulkAction, BulkRows, Cell, ConfirmPage, Export, List, ListOutcome, ListPage, ListView,
    ListWords, SortOrder, fts_words, fts_words_in,
};
pub use open::database::{Database, open};
pub use open::error::Error;
pub use open::migrate::Migration;
pub use record::{Record, Stored, Text, WriteError, explain};
pub use staging::Staging;
pub use undo::{Undo, UndoStep, UndoWords};
pub use watch::purpose::rollback_on_purpose;
pub use watch::scans::TableScans;
pub use words::GuardWords;
pub use write::{write, write_typed};

/// Used by [`columns!`].
#[doc(hidden)]
pub mod declare_record {
    pub use crate::record::declare::{column_name, without_comma};
    pub use crate::record::files::{load_files, write_file};
    pub use crate::record::parts::{Part, PartKind};
    pub use crate::record::rows::{ChildRecord, load_rows, row_declaration, write_rows};
    pub use crate::record::statements::{Column, Declaration, Parent};
    pub use crate::record::value::{
        Binding, Position, RowKey, accepted_choice, accepted_plain, accepted_text, accepted_with,
        bind_choice, bind_plain, bind_text, bind_with, plain, read_choice, read_plain, read_text,
        read_with,
    };
}

/// Runs the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
