//! Why a copy could not be made or restored.

use std::error::Error;

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::open::error::BoxError;

/// Why a copy could not be made or restored. The database is unchanged.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CopyError {
    /// Another copy is being made, or the database is locked.
    #[error("the database or its copies are in use")]
    InUse,
    /// There is no copy with this name.
    #[error("there is no copy {name}")]
    Missing {
        /// The requested name.
        name: String,
    },
    /// The copy is damaged.
    #[error("the copy {name} is damaged: {found}")]
    Damaged {
        /// The copy's file name.
        name: String,
        /// The first problem that SQLite found.
        found: String,
    },
    /// The copy was made by a newer version of the program.
    #[error(
        "the copy {name} was made by a newer version of this program (schema {found}, supported up \
         to {known})"
    )]
    NewerSchema {
        /// The copy's file name.
        name: String,
        /// The copy's `user_version`.
        found: usize,
        /// The highest version that this program supports.
        known: usize,
    },
    /// The copy has a different schema, and no migrations lead to the current one.
    #[error("the schema of the copy {name} differs from the database's (version {found})")]
    OtherSchema {
        /// The copy's file name.
        name: String,
        /// The copy's `user_version`.
        found: i64,
    },
    /// The system, SQLite or a migration of the copy failed.
    #[error("{0}")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl CopyError {
    pub(super) fn failed(error: impl Into<BoxError>) -> Self {
        Self::Failed(error.into())
    }
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            _ => Self::failed(error),
        }
    }
}
