//! Turns an application into a desktop program that opens in its own window, runs as a single
//! instance, and exits when the window is closed.
//!
//! ```no_run
//! use solohttp_core::{Error, Response};
//! use solohttp_desktop::Desktop;
//!
//! fn main() -> Result<(), Error> {
//!     Desktop::new("org.example.stock", "Stock").run(|place| {
//!         let notes = std::fs::read_to_string(place.file("notes.txt")).unwrap_or_default();
//!         Ok(move || Response::page("Stock", format!("<pre>{notes}</pre>")))
//!     })
//! }
//! ```
//!
//! [`Desktop::run`] opens a window of a Chromium-based browser with a separate profile, or a tab in
//! the default browser if there is none. Starting the program again opens another window of the
//! running instance. The program exits after its last window is closed and running work has
//! finished. Open pages update themselves ([`Live`]), and long work shows its progress ([`Work`])
//! and returns a value ([`JobValue`]).
//!
//! **In scope:** the program's folders and log, windows and tabs, the decision to exit, live pages,
//! work on threads, menu entries.
//!
//! **Out of scope:** a web view, a tray icon, notifications, updates, installers.
//!
//! **Map:** [`Desktop`] passes a [`Place`] to the function that creates the application. `Place`
//! has the folders, and the handles [`Live`] and [`Work`]. Forms on a page are posted to [`QUIT`],
//! [`INSTALL`] and [`UNINSTALL`]. [`DesktopWords`] and [`WorkWords`] contain the sentences shown to
//! the user.

mod browser;
mod desktop;
mod handler;
mod install;
mod live;
mod locked;
mod log_file;
mod menu;
mod notice;
mod opener;
mod opening;
mod options;
mod page_script;
mod place;
mod presence;
mod second_start;
mod shell;
mod watch;
mod window;
mod words;
mod work;

pub use desktop::Desktop;
pub use handler::{INSTALL, QUIT, UNINSTALL};
pub use live::Live;
pub use place::Place;
pub use words::DesktopWords;
pub use work::{Cancelled, Job, JobResult, JobValue, Outcome, Work, WorkWords};

/// Compiles the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
