//! Nested byte pieces of any kind, written out without joining them first.
//!
//! ```
//! use solohttp_iolist::{IoList, iolist};
//!
//! fn row(name: &str, visits: u64) -> IoList {
//!     iolist!["<tr><td>", name, "<td>", visits]
//! }
//!
//! fn main() -> std::io::Result<()> {
//!     let people = [("Ann", 3), ("Bob", 4)];
//!     let rows = people.iter().map(|(name, visits)| row(name, *visits));
//!     let page = iolist!["<table>", rows, "</table>"];
//!     let head = iolist!["Content-Length: ", page.len(), "\r\n\r\n"];
//!     iolist![head, page].write_to(&mut std::io::stdout())
//! }
//! ```
//!
//! **In scope:** pushing anything, nesting to any depth, a length that is always known, vectored
//! writes that may stop at any byte.
//!
//! **Out of scope:** escaping (a list does not know whether it is HTML), sockets and all other
//! system calls, reading back or editing what was pushed.
//!
//! # Map
//!
//! - [`IoList`]: the pieces, in order. [`iolist!`] makes one of anything.
//! - [`Pieces`]: what can be pushed. [`display`], [`all`] and [`Static`] wrap what cannot.
//! - [`Cursor`]: what is still to be written.
//! - [`Bytes`]: a piece that several lists share.

mod content;
mod convert;
mod cursor;
#[doc(hidden)]
pub mod dispatch;
mod gathered;
mod iolist;
mod nest;
mod number;
mod pieces;

pub use crate::cursor::Cursor;
pub use crate::iolist::IoList;
pub use crate::pieces::{All, Displayed, Pieces, Static, all, display};

pub use bytes::Bytes;

/// What introduces the crate elsewhere is checked too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
