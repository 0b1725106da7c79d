//! Why a database could not be opened.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

/// Why a database file could not be opened; its text is for the person who started the program.
#[derive(Error)]
#[non_exhaustive]
pub enum Error {
    /// Another program has the file and did not let go in time.
    #[error(
        "{} is in use by another program, or by another start of this one: close it and try again",
        .path.display()
    )]
    InUse {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A newer version of the program has changed the file's schema.
    #[error(
        "{} was written by a newer version of this program (its schema is number {found}, this \
         program knows {known}): start the newer one",
        .path.display()
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its `user_version`.
        found: usize,
        /// The number of migrations that this program has.
        known: usize,
    },
    /// `user_version` is no number of a schema: the file belongs to something else.
    #[error("{} is not a database of this program: its version is {found}", .path.display())]
    ForeignVersion {
        /// The file.
        path: PathBuf,
        /// Its `user_version`.
        found: i64,
    },
    /// The file is not a database, or is damaged.
    #[error("{} is damaged, or no database at all: {found}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite found first.
        found: String,
    },
    /// The file can be read only.
    #[error("{} cannot be written: look at its permissions, and at its folder's", .path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// A migration failed; the file is as it was before.
    #[error("migration {number} of {} failed, so nothing in it was changed", .path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// The number of the migration, from 1: the `user_version` that it leads to.
        number: usize,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The copy that is made before a migration could not be written; nothing was changed.
    #[error("cannot copy {} to {} before migrating it", .path.display(), .copy.display())]
    Backup {
        /// The file.
        path: PathBuf,
        /// Its copy.
        copy: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Anything else.
    #[error("cannot open {}", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// The text with its causes: `fn main() -> Result<(), Error>` shows an error by `Debug`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            write!(f, "\n  because: {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
