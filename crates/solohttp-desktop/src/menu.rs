//! The program's entry in the desktop's menu: from the command line, and from a page.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use crate::install::{self, Entry};

/// What the entry shows and starts.
#[derive(Debug, Clone)]
pub(crate) struct Menu {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) icon: Option<&'static [u8]>,
    /// The folder given on the command line, which the entry keeps.
    pub(crate) data: Option<PathBuf>,
}

impl Menu {
    /// Creates the entry, or replaces it, and returns the paths of its files.
    pub(crate) fn install(&self) -> io::Result<Vec<PathBuf>> {
        self.change(install::install)
    }

    /// Removes the entry, if there is one, and returns the paths of its files.
    pub(crate) fn uninstall(&self) -> io::Result<Vec<PathBuf>> {
        self.change(install::uninstall)
    }

    fn change(
        &self,
        change: impl FnOnce(&Entry<'_>) -> io::Result<Vec<PathBuf>>,
    ) -> io::Result<Vec<PathBuf>> {
        let program = std::env::current_exe()?;
        let data = self.data.iter().flat_map(|data| ["--data".into(), data.into()]);
        let arguments: Vec<OsString> = data.collect();
        change(&Entry {
            id: &self.id,
            title: &self.title,
            icon: self.icon,
            program: &program,
            arguments: &arguments,
        })
    }
}
