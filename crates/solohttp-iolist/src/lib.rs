//! Nested byte pieces, written out without joining them first.

mod convert;
mod cursor;
#[doc(hidden)]
pub mod dispatch;
mod front;
mod iolist;
mod number;
mod same;

pub use crate::convert::{All, Displayed, IntoPieces, Static, all, display};
pub use crate::cursor::Cursor;
pub use crate::iolist::IoList;

pub use bytes::Bytes;
