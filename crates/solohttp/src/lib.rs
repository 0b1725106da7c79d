#![doc = include_str!("../../../README.md")]

pub use solohttp_core::*;
pub use solohttp_forms as forms;
pub use solohttp_router::*;
pub use solohttp_template::{self as template, Dialect, Html, Template, TemplateFolder};

#[cfg(feature = "sqlite")]
pub use solohttp_sqlite_guard::{self as sqlite, SqliteGuard};
