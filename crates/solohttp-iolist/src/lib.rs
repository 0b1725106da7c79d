//! Lists of bytes, stored as pieces that can be written without joining them first.
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
//! **In scope:** pushing values of any type, nesting to any depth, length in constant time,
//! vectored writes that can stop at any byte.
//!
//! **Out of scope:** escaping (lists are just bytes), system calls, reading or editing the content.
//!
//! # Map
//!
//! - [`IoList`]: the list. [`iolist!`] creates one from any items.
//! - [`Pieces`]: the trait for values that can be pushed. [`display`], [`all`] and [`Static`] wrap
//!   other values.
//! - [`Cursor`]: the unwritten rest of a list.
//! - [`Bytes`]: a piece that several lists can share.

mod buffer;
mod content;
mod convert;
mod cursor;
#[doc(hidden)]
pub mod dispatch;
mod iolist;
mod nest;
mod number;
mod pieces;

pub use crate::cursor::Cursor;
pub use crate::iolist::IoList;
pub use crate::pieces::{All, Displayed, Pieces, Static, all, display};

pub use bytes::Bytes;

/// Runs the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
