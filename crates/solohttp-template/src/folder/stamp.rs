//! Detects changes to a file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file's state when it was read.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    path: PathBuf,
    state: Option<(SystemTime, u64)>,
}

impl Stamp {
    pub(super) fn of(path: &Path) -> Self {
        let state = fs::metadata(path).and_then(|data| Ok((data.modified()?, data.len()))).ok();
        Self { path: path.to_owned(), state }
    }

    pub(super) fn is_current(&self) -> bool {
        *self == Self::of(&self.path)
    }
}
