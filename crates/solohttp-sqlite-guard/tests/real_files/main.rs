//! The guard on real files, with what other connections and other programs see of them.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and report")]

mod beside;
mod busy;
mod kill;
mod moved;
mod opening;
mod oracle;
mod other_program;
mod outside;
mod signals;
mod statements;
mod together;
mod wire;
mod world;
mod writing;
