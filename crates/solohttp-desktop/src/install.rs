//! Adds the program to the current user's menu, or removes it from there.
//!
//! The submodules compute an entry's files from the entry alone, so each system's files can be
//! tested on any machine. Only this file writes and removes files.

#[cfg(any(test, not(any(windows, target_os = "macos"))))]
mod desktop_entry;
#[cfg(any(test, target_os = "macos"))]
mod icns;
#[cfg(any(test, windows))]
mod ico;
#[cfg(any(test, target_os = "macos"))]
mod info_plist;
#[cfg(any(test, not(any(windows, target_os = "macos"))))]
mod linux;
#[cfg(any(test, target_os = "macos"))]
mod macos;
mod png;
#[cfg(any(test, windows))]
mod shortcut;
#[cfg(any(test, windows))]
mod windows;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The menu entry of a program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    /// The program's id in reverse domain notation. The files are named after it.
    pub(crate) id: &'a str,
    /// The name shown in the menu.
    pub(crate) title: &'a str,
    /// A square PNG image.
    pub(crate) icon: Option<&'a [u8]>,
    /// The app id of the program's windows on Wayland, where it differs from `id`.
    #[cfg_attr(
        all(not(test), any(windows, target_os = "macos")),
        expect(dead_code, reason = "these systems have no Wayland")
    )]
    pub(crate) wayland_name: Option<&'a str>,
    /// The absolute path of the program.
    pub(crate) program: &'a Path,
    pub(crate) arguments: &'a [OsString],
}

impl Entry<'_> {
    /// Returns the program and its arguments as strings, because entries are text on all systems.
    fn words(&self) -> io::Result<Vec<&str>> {
        let words =
            [self.program.as_os_str()].into_iter().chain(self.arguments.iter().map(AsRef::as_ref));
        words
            .map(|word| {
                word.to_str().ok_or_else(|| {
                    let message = format!("{} isn't valid Unicode", word.display());
                    io::Error::new(io::ErrorKind::InvalidInput, message)
                })
            })
            .collect()
    }

    /// Returns the title as a file name, for systems whose menus show file names.
    #[cfg(any(test, windows, target_os = "macos"))]
    fn file_name(&self) -> String {
        let title = self.title.replace(['/', '\\'], "_");
        solohttp_core::safe_file_name(title.trim_start_matches(['.', ' ']))
    }
}

/// A file of an entry.
#[derive(Debug, PartialEq, Eq)]
struct EntryFile {
    path: PathBuf,
    contents: Vec<u8>,
    is_program: bool,
}

impl EntryFile {
    fn new(path: PathBuf, contents: impl Into<Vec<u8>>) -> Self {
        Self { path, contents: contents.into(), is_program: false }
    }
}

/// The files of an entry.
#[derive(Debug, PartialEq, Eq)]
struct Plan {
    files: Vec<EntryFile>,
    /// Files that an earlier version of the program may have written, and that have to be removed.
    outdated: Vec<PathBuf>,
    /// Folders that belong to this entry alone, innermost first.
    folders: Vec<PathBuf>,
}

/// Writes the entry, replacing an older one. Returns the paths of the written files.
///
/// # Errors
/// If the user has no home folder, the icon isn't a PNG image, a path isn't valid Unicode, or a
/// file can't be written.
pub(crate) fn install(entry: &Entry<'_>) -> io::Result<Vec<PathBuf>> {
    plan(entry)?.write()
}

/// Removes the files written by [`install`], and nothing else. Returns the paths of the removed
/// files, or no paths if the program isn't in the menu.
///
/// # Errors
/// Same as [`install`].
pub(crate) fn uninstall(entry: &Entry<'_>) -> io::Result<Vec<PathBuf>> {
    plan(entry)?.remove()
}

#[cfg(not(any(windows, target_os = "macos")))]
fn plan(entry: &Entry<'_>) -> io::Result<Plan> {
    linux::plan(entry, &folder(solohttp_core::folders::data(""))?)
}

#[cfg(target_os = "macos")]
fn plan(entry: &Entry<'_>) -> io::Result<Plan> {
    macos::plan(entry, &folder(std::env::home_dir())?.join("Applications"))
}

#[cfg(windows)]
fn plan(entry: &Entry<'_>) -> io::Result<Plan> {
    let roaming = folder(std::env::var_os("APPDATA").map(PathBuf::from))?;
    let menu = roaming.join(r"Microsoft\Windows\Start Menu\Programs");
    windows::plan(entry, &menu, &folder(solohttp_core::folders::data(entry.id))?)
}

fn folder(found: Option<PathBuf>) -> io::Result<PathBuf> {
    let message = "the user has no home folder";
    found.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, message))
}

impl Plan {
    fn write(&self) -> io::Result<Vec<PathBuf>> {
        remove_all(&self.outdated)?;
        for file in &self.files {
            if let Some(folder) = file.path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&file.path, &file.contents)?;
            if file.is_program {
                make_executable(&file.path)?;
            }
        }
        Ok(self.files.iter().map(|file| file.path.clone()).collect())
    }

    fn remove(&self) -> io::Result<Vec<PathBuf>> {
        let files = self.files.iter().map(|file| &file.path);
        let removed = remove_all(files.chain(&self.outdated))?;
        for folder in &self.folders {
            // Fails if the folder doesn't exist or contains other files.
            let _ = fs::remove_dir(folder);
        }
        Ok(removed)
    }
}

/// Removes the files that exist, and returns their paths.
fn remove_all<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> io::Result<Vec<PathBuf>> {
    let mut removed = Vec::new();
    for file in files {
        match fs::remove_file(file) {
            Ok(()) => removed.push(file.clone()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(removed)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
