#![doc = include_str!("../../../README.md")]

pub use solohttp_core::*;
pub use solohttp_router::*;

#[cfg(feature = "sqlite")]
pub use solohttp_sqlite_guard::{self as sqlite, SqliteGuard};
