//! Finds the user's browser and opens the program's pages in it. A Chromium-based browser opens an
//! app window, which has neither tabs nor an address bar, in a profile that belongs to the program.
//!
//! Knows nothing about the contents of pages. Never opens an app window in the user's own profile,
//! because the window would share a process with the user's other windows.

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

/// The user's choice of where to show the program's pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Choice {
    /// A window, or a tab if no installed browser supports app windows.
    #[default]
    Default,
    /// A window.
    Window,
    /// A tab of the default browser.
    Tab,
    /// This browser, given by its path or by its name on the search path.
    Program(PathBuf),
    /// No browser is opened.
    None,
}

/// A browser to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Browser {
    program: PathBuf,
    id: String,
    /// `None` for a browser without app windows, which opens a tab instead.
    profile: Option<PathBuf>,
    is_edge: bool,
}

impl Browser {
    /// Finds a browser for the program with this id, whose files are in `data`. Returns `None` if
    /// no browser is found, or if `choice` asks for a tab or for no browser.
    ///
    /// Prefers the user's default browser. The system takes about 0.05 s to look that up.
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

    /// Returns whether this browser opens an app window, whose process belongs to the program.
    /// Otherwise, it opens a tab, and its process may exit while the tab is still open.
    pub(crate) fn is_window(&self) -> bool {
        self.profile.is_some()
    }

    /// Opens `page`, the path of an HTML file.
    ///
    /// `size` is the size of the first window in CSS pixels. Later windows have the size that the
    /// browser remembers. If this profile already has an open window, the returned process passes
    /// the page to the existing process and exits.
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

    /// Copies a page into the profile, because a sandboxed browser can't read files elsewhere. The
    /// copy has a fixed name, because browsers store a window's size and position under the path of
    /// its first page.
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

    /// Returns the app id of the windows on Wayland. The browser derives it from the page's path
    /// and has no option to change it. A menu entry needs this id, so that the desktop associates
    /// the entry with its windows. Returns `None` for a browser that opens tabs.
    pub(crate) fn wayland_name(&self) -> Option<String> {
        let page = self.page(self.profile.as_deref()?);
        let url = file_url::file_url(page.as_os_str());
        let path = url.trim_start_matches("file://").replace('/', "_");
        Some(format!("{}-_{path}-Default", family::wayland_prefix(&self.program)))
    }

    /// Asks a browser started by [`open`](Self::open) to close all windows of its profile, and
    /// returns at once. Does nothing if the process has already exited, for example because it
    /// passed the page to another process.
    pub(crate) fn close(child: &mut Child) -> io::Result<()> {
        match child.try_wait()? {
            Some(_) => Ok(()),
            None => process::terminate(child.id()),
        }
    }
}

#[cfg(test)]
mod tests;
