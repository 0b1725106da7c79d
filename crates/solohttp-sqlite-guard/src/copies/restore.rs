//! Restores a copy.
//!
//! Everything that can fail is done on a temporary copy of the copy. Then a single transaction
//! replaces the content of the open database, so there is no intermediate state.

use std::ffi::c_int;
use std::fs::File;
use std::io;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use solohttp_core::private_file;

use super::make::{check_integrity, open};
use super::{Copies, CopyError, DatabaseCopy};
use crate::open::error::Error;
use crate::open::migrate;

impl Copies {
    /// Replaces the content of the open database with that of a copy. Saves the current content as
    /// another copy first, and returns that copy.
    ///
    /// The copy is checked and migrated to the program's schema first. Then a single transaction
    /// replaces everything, so other connections see either the old or the new content. Requests
    /// wait during the restore, which takes about half a minute for 1 GiB.
    ///
    /// # Errors
    /// Fails if the copy doesn't exist, is damaged, or is from a newer version of the program, or
    /// if the system fails. The database is then unchanged.
    pub fn restore(&self, db: &mut Connection, name: &str) -> Result<DatabaseCopy, CopyError> {
        let _lock = self.folder.lock()?;
        let copies = self.list().map_err(CopyError::failed)?;
        let missing = || CopyError::Missing { name: name.to_owned() };
        let copy = copies.iter().find(|copy| copy.name == name).ok_or_else(missing)?;
        // Dropping this deletes the file, because it is never finished.
        let staged = self.folder.stage(copy);
        let path = staged.path();
        let mut to = private_file::create_new(&path).map_err(CopyError::failed)?;
        let mut from = File::open(&copy.path).map_err(CopyError::failed)?;
        io::copy(&mut from, &mut to).map_err(CopyError::failed)?;
        drop((from, to));
        let mut source = open(&path)?;
        self.prepare(&mut source, db, copy)?;

        let replaced = self.make_replaced(db)?;
        let outcome = Backup::new(&source, db)?.step(c_int::MAX)?;
        source.close().map_err(|(_, error)| error)?;
        if outcome != StepResult::Done {
            return Err(CopyError::InUse);
        }
        let file = self.file.display();
        let kept = replaced.display();
        log::info!(target: "solohttp", "{file}: restored {name}; the previous content is in {kept}");
        let mut copies = self.list().map_err(CopyError::failed)?.into_iter();
        copies
            .find(|copy| copy.path == replaced)
            .ok_or_else(|| CopyError::Missing { name: replaced.display().to_string() })
    }

    /// Checks and migrates the copy that is about to be restored.
    fn prepare(
        &self,
        source: &mut Connection,
        db: &Connection,
        copy: &DatabaseCopy,
    ) -> Result<(), CopyError> {
        let name = || copy.name.clone();
        check_integrity(source, &copy.name)?;
        if !self.know_migrations() {
            let found = version(source)?;
            if found != version(db)? {
                return Err(CopyError::OtherSchema { name: name(), found });
            }
        }
        migrate::run(source, &copy.path, None, &self.schema).map_err(|error| match error {
            Error::NewerSchema { found, known, .. } => {
                CopyError::NewerSchema { name: name(), found, known }
            }
            Error::ForeignVersion { found, .. } => CopyError::OtherSchema { name: name(), found },
            error => CopyError::failed(error),
        })
    }
}

fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}
