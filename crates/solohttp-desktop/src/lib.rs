//! Desktop programs: a window of their own, a single copy, and an end when the window is closed.
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
//! [`Desktop::run`] opens a window of a Chromium-like browser with a profile of its own, or else a
//! tab of the default browser. A second start opens another window of the running copy. The program
//! ends once its last window is closed, and not before it has finished what it is doing. Open pages
//! update themselves ([`Live`]), and long work shows its progress ([`Work`]).
//!
//! **In scope:** the program's folders and log, windows and tabs, when the program ends, live pages,
//! work on threads, the desktop's menu.
//!
//! **Out of scope:** a web view, a tray icon, notifications, updates, installers.
//!
//! **Map:** [`Desktop`] passes a [`Place`] to the function that creates the application.
//! `Place` has the folders, and the handles [`Live`] and [`Work`]. Forms on a page are posted to
//! [`QUIT`], [`INSTALL`] and [`UNINSTALL`]. [`DesktopWords`] and [`WorkWords`] are the sentences.

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
pub use work::{Cancelled, Job, Outcome, Work, WorkWords};

/// Compiles the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
