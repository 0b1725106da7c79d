//! Finds the user's browser, and opens the program's pages in it: in a window without tabs and
//! address bar, with a profile of the program's own, if the browser is built from Chromium.
//!
//! Independent of the pages. The browser that the user works with is never asked for such a window,
//! since its profile and its process are the user's.

mod arguments;
mod family;
mod file_url;
mod machine;
mod packaging;
mod process;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Child;

use solohttp_core::private_file;

use self::arguments::Window;
use self::family::Brand;
use self::machine::Machine;
use self::packaging::Packaging;

/// Where the program's pages are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Choice {
    /// A window, or a tab if no browser has such windows.
    #[default]
    Default,
    /// A window.
    Window,
    /// A tab of the default browser.
    Tab,
    /// This browser: its path, or its name on the search path.
    Program(PathBuf),
    /// Nowhere.
    None,
}

/// A browser to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Browser {
    program: PathBuf,
    id: String,
    /// `None` for a browser without windows of this kind, which opens a tab instead.
    profile: Option<PathBuf>,
    is_edge: bool,
}

impl Browser {
    /// Finds a browser for the program with this id, whose files are in `data`. Returns `None` if
    /// there is none, or if a tab of the default browser was chosen.
    ///
    /// The user's default browser comes first. To ask the system for it takes some 0.05 s.
    pub(crate) fn find(choice: &Choice, id: &str, data: &Path) -> Option<Self> {
        let machine = Machine::this();
        let (program, brand) = match choice {
            Choice::Tab | Choice::None => return None,
            Choice::Default | Choice::Window => machine.find()?,
            Choice::Program(named) => {
                let program = machine.program(named)?;
                let brand = family::recognize(&program);
                (program, brand)
            }
        };
        Some(Self::new(&machine, program, brand, id, data))
    }

    fn new(machine: &Machine<'_>, program: PathBuf, brand: Brand, id: &str, data: &Path) -> Self {
        let packaging = Packaging::of(&program, machine.link);
        let profile = || packaging.profile(&program, machine.home().as_deref(), id, data);
        let has_windows = brand != Brand::Other;
        let profile = has_windows.then(profile);
        Self { program, id: id.to_owned(), profile, is_edge: brand == Brand::Edge }
    }

    /// Whether this browser opens a window, in a process of ours. Otherwise it opens a tab, and
    /// the end of its process says nothing.
    pub(crate) fn is_window(&self) -> bool {
        self.profile.is_some()
    }

    /// Opens a page, which is the path of an HTML file.
    ///
    /// A window is as large as the user has left it. The first one has this size in CSS pixels. If
    /// a window is already open in this profile, the process returned hands over to its process,
    /// and ends.
    ///
    /// # Errors
    /// If the profile can't be created, or the browser can't be started.
    pub(crate) fn open(&self, page: &Path, size: Option<(u32, u32)>) -> io::Result<Child> {
        let page = std::path::absolute(page)?;
        let Some(profile) = &self.profile else {
            return process::start(&self.program, [file_url::file_url(page.as_os_str())]);
        };
        let is_new = !profile.join("Default").is_dir();
        private_file::create_folder(profile)?;
        let page = self.copy(&page, profile).unwrap_or(page);
        let window = Window {
            url: file_url::file_url(page.as_os_str()),
            profile,
            id: &self.id,
            size: size.filter(|_| is_new),
            is_edge: self.is_edge,
        };
        process::start(&self.program, window.arguments(machine::System::HERE))
    }

    /// Copies a page into the profile, because a browser in a sandbox can read nothing else, and
    /// because a window's size and position are remembered under the path of the page that it was
    /// opened with. So the path must always be the same, whatever the page is called.
    fn copy(&self, page: &Path, profile: &Path) -> io::Result<PathBuf> {
        let text = fs::read(page)?;
        let copy = self.page(profile);
        match fs::remove_file(&copy) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => private_file::create_new(&copy)?.write_all(&text)?,
        }
        Ok(copy)
    }

    fn page(&self, profile: &Path) -> PathBuf {
        profile.join(format!("{}.html", self.id))
    }

    /// Returns the name that windows have on Wayland, where a browser can't be told another one: it
    /// is made of their page's path. An entry in the menu needs it to be known as theirs. `None` for
    /// a browser that opens tabs.
    pub(crate) fn wayland_name(&self) -> Option<String> {
        let page = self.page(self.profile.as_deref()?);
        let url = file_url::file_url(page.as_os_str());
        let path = url.trim_start_matches("file://").replace('/', "_");
        Some(format!("{}-_{path}-Default", family::wayland_prefix(&self.program)))
    }

    /// Asks a browser that [`open`](Self::open) has started to close all windows of its profile.
    /// Returns at once; if the process has handed over to another one, does nothing.
    pub(crate) fn close(child: &mut Child) -> io::Result<()> {
        match child.try_wait()? {
            Some(_) => Ok(()),
            None => process::terminate(child.id()),
        }
    }
}

#[cfg(test)]
mod tests;
