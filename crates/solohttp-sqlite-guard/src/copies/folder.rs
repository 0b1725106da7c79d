//! The folder of the copies. Only this module lists, locks, renames and deletes files in it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use solohttp_core::private_file;

use super::name::{Affixes, CopyKind, CopyName};
use super::{CopyError, DatabaseCopy};

/// The suffix of a file that isn't complete yet.
const PARTIAL: &str = ".partial";

/// The suffixes of a database file and of the files that SQLite creates next to it.
const COMPANIONS: [&str; 4] = ["", "-journal", "-wal", "-shm"];

#[derive(Debug, Clone)]
pub(super) struct CopyFolder {
    path: PathBuf,
    affixes: Affixes,
}

/// A new copy, which becomes visible when it is complete. If it is dropped before that, its files
/// are deleted.
#[derive(Debug)]
pub(super) struct PartialCopy<'a> {
    folder: &'a CopyFolder,
    name: String,
}

/// A lock on the folder, held while the copies change. It also excludes other processes, and the
/// system releases it when the process ends.
#[derive(Debug)]
pub(super) struct FolderLock(#[expect(dead_code, reason = "closing the file unlocks it")] File);

impl CopyFolder {
    pub(super) fn of(file: &Path) -> Self {
        Self { path: file.with_file_name("copies"), affixes: Affixes::of(file) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Creates the folder, locks it, and deletes the remains of an interrupted copy. Fails if the
    /// folder is already locked.
    pub(super) fn lock(&self) -> Result<FolderLock, CopyError> {
        self.lock_by(File::try_lock)
    }

    /// Same as [`lock`](Self::lock), but waits for the lock. Another copy may take a minute.
    pub(super) fn wait_and_lock(&self) -> Result<FolderLock, CopyError> {
        self.lock_by(|file| file.lock().map_err(TryLockError::Error))
    }

    fn lock_by(
        &self,
        lock: impl FnOnce(&File) -> Result<(), TryLockError>,
    ) -> Result<FolderLock, CopyError> {
        let locked = self.open_lock().map_err(CopyError::failed)?;
        match lock(&locked) {
            // Some file systems can't lock. The copy goes ahead without a lock, because two
            // programs rarely make copies at the same time.
            Ok(()) => {}
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::WouldBlock) => return Err(CopyError::InUse),
            Err(TryLockError::Error(error)) => return Err(CopyError::failed(error)),
        }
        self.sweep().map_err(CopyError::failed)?;
        Ok(FolderLock(locked))
    }

    fn open_lock(&self) -> io::Result<File> {
        private_file::create_folder(&self.path)?;
        let path = self.path.join(format!("{}.lock", self.affixes.file()));
        OpenOptions::new().write(true).create(true).truncate(false).open(path)
    }

    /// All copies, the latest first.
    pub(super) fn list(&self) -> io::Result<Vec<DatabaseCopy>> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut copies = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(CopyName { date, kind, number }) = self.affixes.parse(&name) else { continue };
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                let (as_of, bytes) = (metadata.modified()?, metadata.len());
                copies.push(DatabaseCopy {
                    name,
                    path: entry.path(),
                    kind,
                    date,
                    as_of,
                    bytes,
                    number,
                });
            }
        }
        copies.sort_by(|one, other| {
            let key = |copy: &DatabaseCopy| (copy.date.clone(), copy.as_of, copy.number);
            key(other).cmp(&key(one))
        });
        Ok(copies)
    }

    /// Starts a copy with an unused name.
    pub(super) fn begin(&self, date: &str, kind: CopyKind) -> PartialCopy<'_> {
        let mut name = CopyName { date: date.to_owned(), kind, number: 1 };
        while self.path.join(self.affixes.write(&name)).exists() {
            name.number += 1;
        }
        PartialCopy { folder: self, name: self.affixes.write(&name) }
    }

    /// A temporary copy of this copy. It is never finished, so dropping it deletes it.
    pub(super) fn stage(&self, copy: &DatabaseCopy) -> PartialCopy<'_> {
        PartialCopy { folder: self, name: copy.name.clone() }
    }

    /// Deletes each copy that is older than the latest `keep` daily copies. Keeps the latest copy
    /// made before a migration, so that the user can return to the program's previous version.
    pub(super) fn prune(&self, keep: usize) -> io::Result<()> {
        let mut newer = 0;
        let mut is_newest_migration = true;
        for copy in self.list()? {
            let is_migration = matches!(copy.kind, CopyKind::BeforeMigration(_));
            if newer >= keep && !(is_migration && is_newest_migration) {
                fs::remove_file(&copy.path)?;
            }
            newer += usize::from(copy.kind == CopyKind::Daily);
            is_newest_migration &= !is_migration;
        }
        Ok(())
    }

    /// Deletes incomplete copies that a killed program has left behind.
    fn sweep(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some((copy, companion)) = name.split_once(PARTIAL) else { continue };
            if COMPANIONS.contains(&companion) && self.affixes.parse(copy).is_some() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

impl PartialCopy<'_> {
    /// The name of the complete copy.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path.join(format!("{}{PARTIAL}", self.name))
    }

    /// Makes the copy durable and visible under its name.
    pub(super) fn finish(self, as_of: SystemTime) -> io::Result<PathBuf> {
        let partial = self.path();
        // Windows syncs only files that are open for writing.
        let file = OpenOptions::new().write(true).open(&partial)?;
        file.set_modified(as_of)?;
        file.sync_all()?;
        drop(file);
        let path = self.folder.path.join(&self.name);
        fs::rename(&partial, &path)?;
        sync_folder(&self.folder.path)?;
        Ok(path)
    }
}

impl Drop for PartialCopy<'_> {
    fn drop(&mut self) {
        for companion in COMPANIONS {
            let path = self.folder.path.join(format!("{}{PARTIAL}{companion}", self.name));
            // Usually the file doesn't exist. If it can't be deleted, the next copy tries again.
            let _ = fs::remove_file(path);
        }
    }
}

/// Makes a rename durable. Windows can't open folders as files.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> (tempfile::TempDir, CopyFolder) {
        let folder = tempfile::tempdir().unwrap();
        let copies = CopyFolder::of(&folder.path().join("shop.sqlite"));
        fs::create_dir(copies.path()).unwrap();
        for name in names {
            fs::write(copies.path().join(name), "").unwrap();
        }
        (folder, copies)
    }

    fn names(copies: &CopyFolder) -> Vec<String> {
        copies.list().unwrap().into_iter().map(|copy| copy.name).collect()
    }

    #[test]
    fn a_copy_goes_when_enough_daily_ones_are_newer() {
        let (_folder, copies) = folder(&[
            "shop.2026-11-01.v1.sqlite",
            "shop.2026-11-02.v2.sqlite",
            "shop.2026-11-03.replaced.sqlite",
            "shop.2026-11-04.sqlite",
            "shop.2026-11-05.replaced.sqlite",
            "shop.2026-11-06.sqlite",
            "shop.2026-11-07.sqlite",
            "other.2026-11-01.sqlite",
        ]);
        copies.prune(3).unwrap();
        let rest = [
            "shop.2026-11-07.sqlite",
            "shop.2026-11-06.sqlite",
            "shop.2026-11-05.replaced.sqlite",
            "shop.2026-11-04.sqlite",
            "shop.2026-11-02.v2.sqlite",
        ];
        assert_eq!(names(&copies), rest);
        copies.prune(1).unwrap();
        assert_eq!(names(&copies), ["shop.2026-11-07.sqlite", "shop.2026-11-02.v2.sqlite"]);
        assert!(copies.path().join("other.2026-11-01.sqlite").exists(), "of another database");
    }

    #[test]
    fn locking_deletes_what_an_interrupted_copy_has_left() {
        let left = ["", "-journal", "-wal", "-shm"]
            .map(|companion| format!("shop.2026-11-01.sqlite.partial{companion}"));
        let (_folder, copies) = folder(&left.each_ref().map(String::as_str));
        for other in ["shop.2026-11-01.sqlite", "other.2026-11-01.sqlite.partial", "my.partial"] {
            fs::write(copies.path().join(other), "").unwrap();
        }
        let lock = copies.lock().unwrap();
        assert!(matches!(copies.lock(), Err(CopyError::InUse)));
        drop(lock);
        copies.lock().unwrap();
        let mut rest: Vec<_> =
            fs::read_dir(copies.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        rest.sort();
        let expect = [
            "my.partial",
            "other.2026-11-01.sqlite.partial",
            "shop.2026-11-01.sqlite",
            "shop.sqlite.lock",
        ];
        assert_eq!(rest, expect);
    }

    #[test]
    fn a_name_is_never_used_twice() {
        let (_folder, copies) =
            folder(&["shop.2026-11-01.v2.sqlite", "shop.2026-11-01.v2.2.sqlite"]);
        let copy = copies.begin("2026-11-01", CopyKind::BeforeMigration(2));
        assert_eq!(copy.name, "shop.2026-11-01.v2.3.sqlite");
    }
}
