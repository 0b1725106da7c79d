//! Copies a database whose file was moved, replaced or deleted while it was open.
//!
//! The file may no longer have a name, and would then be lost when the program exits. To prevent
//! this, it is copied next to its old path after every change.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::open::copy::{self, with_suffix};

/// The old path of the file, and the copy of its content.
#[derive(Debug)]
pub(crate) struct Rescue {
    pub(crate) path: PathBuf,
    /// The path of the copy, or why copying failed.
    pub(crate) copy: Result<PathBuf, String>,
}

impl Rescue {
    /// Copies the database, replacing any copy that an earlier request made.
    pub(crate) fn of(db: &Connection) -> Self {
        let path = PathBuf::from(db.path().unwrap_or_default());
        let name = with_suffix(&path, ".rescued");
        let partial = with_suffix(&path, ".rescued.partial");
        let written = write(db, &path, &partial, &name);
        Self { copy: written.map(|()| name), path }
    }

    /// One line, for the log.
    pub(crate) fn sentence(&self) -> String {
        let path = self.path.display();
        let what = format!("{path} was moved, replaced or deleted while it was open");
        match &self.copy {
            Ok(copy) => format!("{what}; its content was copied to {}", copy.display()),
            Err(error) => format!("{what}, and its content could not be copied: {error}"),
        }
    }
}

fn write(db: &Connection, path: &Path, partial: &Path, name: &Path) -> Result<(), String> {
    copy::write(db, path, partial)
        .and_then(|()| Ok(fs::rename(partial, name)?))
        .map_err(|error| error.to_string())
}
