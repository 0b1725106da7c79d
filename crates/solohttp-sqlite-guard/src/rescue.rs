//! A database whose file was moved, replaced or deleted while it is open.
//!
//! The open file has no name any more, and its content ends with the program: so it is copied to a
//! name beside the old one, again after every change, and nothing is called saved.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::copy;

/// The file that is gone, and what became of its content.
#[derive(Debug)]
pub(crate) struct Rescue {
    pub(crate) path: PathBuf,
    /// The copy, or why there is none.
    pub(crate) copy: Result<PathBuf, String>,
}

impl Rescue {
    /// Copies what the connection has, in place of the copy of an earlier request.
    pub(crate) fn of(db: &Connection) -> Self {
        let path = PathBuf::from(db.path().unwrap_or_default());
        let named = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let (name, partial) = (named(".rescued"), named(".rescued.partial"));
        let written = write(db, &path, &partial, &name);
        Self { copy: written.map(|()| name), path }
    }

    /// One line, for the log.
    pub(crate) fn sentence(&self) -> String {
        let path = self.path.display();
        let what = format!("{path} was moved, replaced or deleted while it is open");
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
