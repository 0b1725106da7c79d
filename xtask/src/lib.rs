//! Every chore of this workspace as one command: `cargo xtask`.
//!
//! `cargo xtask help` lists the commands. They are a library so that the browser tests find
//! Chromium and Firefox by the same rule as the command that installs them.
//!
//! In scope: running demos, tests and checks, the same on Linux, macOS and Windows.
//! Out of scope: anything a program needs at run time; no library crate may depend on this one.
//!
//! | module | what it answers |
//! |---|---|
//! | [`command`] | which command a line of arguments means |
//! | [`workspace`] | which packages and targets there are |
//! | [`browser`] | where the browsers are, and how they get here |
//! | [`lend`] | where the browsers are for tests in another system on this machine |
//! | [`windows`] | what of this workspace holds on Windows |

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks to its terminal"
)]

mod apt;
mod bench;
pub mod browser;
mod child;
mod ci;
pub mod command;
mod cross;
mod demo;
mod failure;
mod fuzz;
pub mod lend;
mod links;
mod macos;
#[path = "../../crates/solohttp-template/src/nearest.rs"]
mod nearest;
mod new;
mod step;
mod test;
mod tidy;
pub mod windows;
mod wine;
pub mod workspace;

pub use failure::Failure;
