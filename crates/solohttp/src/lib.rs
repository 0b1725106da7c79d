#![doc = include_str!("../README.md")]
//! # The guide
//!
//! [From an empty folder to a program that you can give to a friend](guide), in short chapters:
//! [first program](guide::first_program), [state](guide::state), [routing](guide::routing),
//! [templates](guide::templates), [forms](guide::forms), [database](guide::database),
//! [files](guide::files), [uploads](guide::uploads), [errors](guide::errors),
//! [language](guide::language),
//! [testing](guide::testing), [security](guide::security), [shipping](guide::shipping), [moving
//! from elsewhere](guide::moving), [behind a proxy](guide::proxy), [performance](guide::performance),
//! [outgrown](guide::outgrown).

/// Its programs use everything that there is.
#[cfg(all(feature = "forms", feature = "router", feature = "sqlite", feature = "template"))]
pub mod guide;

pub use solohttp_core::*;

#[cfg(feature = "forms")]
pub use solohttp_forms as forms;
#[cfg(feature = "router")]
pub use solohttp_router::*;
#[cfg(feature = "sqlite")]
pub use solohttp_sqlite_guard::{self as sqlite, SqliteGuard};
#[cfg(feature = "template")]
pub use solohttp_template::{self as template, Dialect, Html, Template, TemplateFolder};

/// The page of the whole project is checked too.
#[cfg(all(doctest, feature = "forms", feature = "router"))]
#[doc = include_str!("../../../README.md")]
mod project {}
