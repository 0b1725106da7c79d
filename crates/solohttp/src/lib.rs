#![doc = include_str!("../README.md")]
//! # The guide
//!
//! [From an empty folder to a program that you can give to a friend](guide), in short chapters:
//! [first program](guide::first_program), [state](guide::state), [routing](guide::routing),
//! [templates](guide::templates), [forms](guide::forms), [database](guide::database),
//! [files](guide::files), [uploads](guide::uploads), [errors](guide::errors),
//! [testing](guide::testing), [security](guide::security), [shipping](guide::shipping), [moving
//! from elsewhere](guide::moving), [behind a proxy](guide::proxy), [outgrown](guide::outgrown).

pub mod guide;

pub use solohttp_core::*;
pub use solohttp_forms as forms;
pub use solohttp_router::*;
pub use solohttp_template::{self as template, Dialect, Html, Template, TemplateFolder};

#[cfg(feature = "sqlite")]
pub use solohttp_sqlite_guard::{self as sqlite, SqliteGuard};

/// The page of the whole project is checked too.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod project {}
