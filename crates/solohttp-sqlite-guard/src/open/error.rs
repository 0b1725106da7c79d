//! Errors that can occur when opening a database.

use std::fmt;
use std::path::PathBuf;

use rusqlite::ErrorCode;
use thiserror::Error;

/// Any error, such as one from a migration function.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An error that occurred when opening a database. Its message is meant for the user who started
/// the program.
#[derive(Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process has the file locked.
    #[error(
        "{} is in use by another program or another instance of this one: close it and try again",
        .path.display()
    )]
    InUse {
        /// The file.
        path: PathBuf,
        /// SQLite's error.
        source: rusqlite::Error,
    },
    /// The file's schema is from a newer version of the program.
    #[error(
        "{} was written by a newer version of this program (schema {found}, supported up to \
         {known}): start the newer version",
        .path.display()
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The file's `user_version`.
        found: usize,
        /// The number of migrations that this program has.
        known: usize,
    },
    /// The `user_version` is negative, so the file belongs to another program.
    #[error("{} is not a database of this program: its version is {found}", .path.display())]
    ForeignVersion {
        /// The file.
        path: PathBuf,
        /// The file's `user_version`.
        found: i64,
    },
    /// The file is not a database, or is damaged.
    #[error("{} is damaged or not a database: {found}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first problem that SQLite found.
        found: String,
    },
    /// The file is read-only.
    #[error("{} is read-only: check its permissions and those of its folder", .path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// A migration failed; the file is unchanged.
    #[error("migration {number} of {} failed; the file is unchanged", .path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// The number of the migration, counted from 1. It is also the `user_version` after the
        /// migration.
        number: usize,
        /// The migration's error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The backup before a migration failed; the file is unchanged.
    #[error("cannot copy {} to {} before migrating it", .path.display(), .copy.display())]
    Backup {
        /// The file.
        path: PathBuf,
        /// The folder of the copies.
        copy: PathBuf,
        /// The error that occurred when copying.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A record doesn't fit its table. This is a mistake in the program.
    #[error(
        "{} and the record {record} don't match:\n  - {}",
        .path.display(), .problems.join("\n  - ")
    )]
    Record {
        /// The file.
        path: PathBuf,
        /// The name of the struct.
        record: &'static str,
        /// What differs, and how to fix it. One sentence each.
        problems: Vec<String>,
    },
    /// A [full-text index](crate::Database::full_text) can't be made; the file is unchanged. This
    /// is a mistake in the program.
    #[error("{} can't have a full-text index of `{table}`: {problem}", .path.display())]
    FullText {
        /// The file.
        path: PathBuf,
        /// The table.
        table: String,
        /// What is wrong, and how to fix it.
        problem: String,
    },
    /// Any other error.
    #[error("cannot open {}", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// SQLite's error.
        source: rusqlite::Error,
    },
}

/// Writes the message and its causes, because `fn main() -> Result<(), Error>` prints errors with
/// `Debug`.
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

impl Error {
    /// Classifies an SQLite error.
    pub(crate) fn of(path: PathBuf, source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::InUse { path, source }
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::Damaged { path, found: source.to_string() }
            }
            Some(ErrorCode::ReadOnly) => Self::ReadOnly { path },
            _ => Self::Open { path, source },
        }
    }
}
