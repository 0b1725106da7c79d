//! Finds forgotten SQLite transactions after every request: a page that says "saved" is right.
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
//! **In scope:** transactions left open, changes lost by a rollback that nobody meant, statements
//! not finished, a database in use by others; opening with sound settings, numbered migrations
//! with a copy before, write transactions that cannot be forgotten.
//!
//! **Out of scope:** queries and records (rusqlite, which is re-exported), pools and other
//! threads, other databases, encrypted files.
//!
//! **Map:** [`SqliteGuard`] is the handler around all others; [`rollback_on_purpose`] tells it
//! what was meant. [`open`] and [`Database`] give a plain `rusqlite::Connection`, its schema is a
//! list of [`Migration`]s, and [`write()`] changes it.

mod busy;
mod collation;
mod copy;
mod error;
mod facts;
mod guard;
mod keeper;
mod migrate;
mod notice;
mod open;
mod page;
mod purpose;
mod report;
mod rescue;
mod statement;
mod watch;
mod words;
mod write;

pub use rusqlite;

pub use error::Error;
pub use guard::SqliteGuard;
pub use migrate::Migration;
pub use open::{Database, open};
pub use purpose::rollback_on_purpose;
pub use words::GuardWords;
pub use write::{write, write_typed};

/// What introduces the crate elsewhere is checked too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
