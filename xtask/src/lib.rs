//! The workspace's build commands, which `cargo xtask help` lists.
//!
//! This is a library so that the end-to-end tests find browsers and tools by the same rules as the
//! command that installs them.
//!
//! **In scope:** demos, tests and checks, the same on Linux, macOS and Windows. **Out of scope:**
//! anything a program needs at run time; no library crate may depend on this one.
//!
//! | modules | own |
//! |---|---|
//! | [`command`], `failure` | the command line and exit status |
//! | `demo`, `new`, `bench`, `fuzz`, `test`, `ci`, `tidy`, `macos`, [`windows`] | one command each |
//! | [`workspace`] | packages and targets, from `cargo metadata` |
//! | `step`, `child` | running other commands |
//! | [`browser`], [`tools`], `apt` | finding and installing what tests need |
//! | `cross`, `wine`, [`lend`] | compiling for other systems and running the results |
//! | `links` | broken links in the documentation |
//!
//! Of the folders next to `src`, `new` contains the files of a new program, `peers` contains the
//! benchmarks (a separate workspace), and `wine` contains C code that is compiled for Wine.

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
pub mod tools;
pub mod windows;
mod wine;
pub mod workspace;

pub use failure::Failure;
