//! Adds the program to the desktop's menu and removes it. Used by the command line and by pages.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use solohttp_core::folders;

use crate::browser::{Browser, Choice};
use crate::install::{self, Entry};
use crate::place::own_folder;

/// The settings of the menu entry.
#[derive(Debug, Clone)]
pub(crate) struct Menu {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) icon: Option<&'static [u8]>,
    /// The folder given on the command line, which the entry passes to the program.
    pub(crate) data: Option<PathBuf>,
    /// The browser for the program's windows.
    pub(crate) browser: Choice,
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
        let program = program()?;
        let data = self.data.iter().flat_map(|data| ["--data".into(), data.into()]);
        let arguments: Vec<OsString> = data.collect();
        let wayland_name = self.wayland_name();
        change(&Entry {
            id: &self.id,
            title: &self.title,
            icon: self.icon,
            wayland_name: wayland_name.as_deref(),
            program: &program,
            arguments: &arguments,
        })
    }

    /// Returns the app id of the program's windows on Wayland.
    fn wayland_name(&self) -> Option<String> {
        if cfg!(any(windows, target_os = "macos")) {
            return None;
        }
        let data = self.data.clone().or_else(|| folders::data(&self.id))?;
        Browser::find(&self.browser, &self.id, &own_folder(&data))?.wayland_name()
    }
}

/// Returns the file to start. For an AppImage, that is the image itself, because the folder with
/// the executable exists only while the program runs.
fn program() -> io::Result<PathBuf> {
    let image = std::env::var_os("APPIMAGE").map(PathBuf::from);
    image.filter(|image| image.is_absolute()).map_or_else(std::env::current_exe, Ok)
}
