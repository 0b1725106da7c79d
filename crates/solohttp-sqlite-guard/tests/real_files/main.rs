//! The guard on real files, as seen by other connections and programs.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and report")]

mod busy;
mod copies;
mod copies_page;
mod exclusive;
mod export;
mod full_text;
mod json;
mod keeper;
mod kill;
mod kill_copies;
mod moved;
mod opening;
mod oracle;
mod other_program;
mod outside;
mod signals;
mod statements;
mod together;
mod update;
mod wire;
mod world;
mod writing;
