//! Turns a solohttp application into a desktop program.

mod browser;
mod desktop;
mod handler;
mod install;
mod live;
mod locked;
mod log_file;
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
pub use handler::QUIT;
pub use live::Live;
pub use place::Place;
pub use words::DesktopWords;
pub use work::{Cancelled, Job, Outcome, Work, WorkWords};
