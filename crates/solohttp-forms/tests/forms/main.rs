//! Forms as a page and a browser see them.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod accessible;
mod aside;
mod browser;
mod datebook;
mod files;
mod html;
mod large;
mod laws;
mod life;
mod once;
mod pieces;
mod round_trip;
mod rows;
mod secrets;
mod snapshots;
mod two_tabs;
mod values;
