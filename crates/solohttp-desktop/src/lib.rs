//! Turns a solohttp application into a desktop program.

mod browser;
mod install;
mod live;
mod opening;
mod place;
mod shell;
mod words;
mod work;

pub use live::Live;
pub use place::Place;
pub use words::DesktopWords;
pub use work::{Cancelled, Job, Outcome, Work, WorkWords};
