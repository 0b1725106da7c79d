//! Opens the program's window or tab, whichever the user has chosen.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::Child;

use solohttp_core::{LaunchPage, open_in_browser};

use crate::browser::{Browser, Choice};

#[derive(Debug)]
pub(crate) struct Opener {
    pub(crate) choice: Choice,
    pub(crate) id: String,
    /// The folder for the profile of the browser.
    pub(crate) data: PathBuf,
    /// The size of the first window.
    pub(crate) size: Option<(u32, u32)>,
}

impl Opener {
    /// Returns `false` if neither a window nor a tab should be opened.
    pub(crate) fn opens(&self) -> bool {
        self.choice != Choice::None
    }

    /// Opens the page in a window, or in a tab if no browser supports app windows. Returns the
    /// window's process.
    ///
    /// Prints a link if there is no browser at all, or if the user has chosen not to open one.
    pub(crate) fn open(&self, title: &str, url: &str, page: &LaunchPage) -> Option<Child> {
        if self.opens() {
            match self.open_window(page) {
                Some(Ok(window)) => return window,
                Some(Err(error)) => {
                    log::warn!("cannot open a window; opening a tab instead: {error}");
                }
                None => {}
            }
            match open_in_browser(page.file()) {
                Ok(()) if io::stdout().is_terminal() => print(&format!("{title} is at {url}")),
                Ok(()) => {}
                Err(error) => {
                    log::error!("cannot open a browser: {error}");
                    print_link(title, url, page);
                }
            }
        } else {
            print_link(title, url, page);
        }
        None
    }

    /// Opens the page in the browser found by [`Browser::find`]. Returns no process if that browser
    /// opens tabs, because the process may exit while the tab is still open.
    fn open_window(&self, page: &LaunchPage) -> Option<io::Result<Option<Child>>> {
        let browser = Browser::find(&self.choice, &self.id, &self.data)?;
        let child = browser.open(page.file(), self.size);
        Some(child.map(|child| browser.is_window().then_some(child)))
    }
}

fn print_link(title: &str, url: &str, page: &LaunchPage) {
    let link = page.url();
    print(&format!("{title} is at\n{url}\nOne-time sign-in link, valid for one minute: {link}"));
}

/// Prints a line. A closed standard output is ignored.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{text}"));
    drop(out.flush());
}
