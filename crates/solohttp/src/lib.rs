#![doc = include_str!("../README.md")]
//! # The guide
//!
//! The [guide](guide) leads from an empty folder to a program that you can give to a friend.

#[cfg(all(
    feature = "desktop",
    feature = "forms",
    feature = "router",
    feature = "sqlite",
    feature = "template"
))]
mod app;
// The guide's examples use all features.
#[cfg(all(
    feature = "forms",
    feature = "json",
    feature = "router",
    feature = "sqlite",
    feature = "template"
))]
pub mod guide;
pub mod prelude;
#[cfg(all(feature = "forms", feature = "sqlite"))]
mod record;

#[cfg(all(
    feature = "desktop",
    feature = "forms",
    feature = "router",
    feature = "sqlite",
    feature = "template"
))]
pub use app::{CsvImport, ImportWords, RecordApp, RecordHandler, RecordList, RecordWords};
#[cfg(all(feature = "forms", feature = "sqlite"))]
pub use record::DeclaredForm;
#[cfg(all(feature = "forms", feature = "sqlite"))]
#[doc(hidden)]
pub use record::in_form;
pub use solohttp_core::*;

#[cfg(feature = "desktop")]
pub use solohttp_desktop::{self as desktop, Desktop, Live, Place, Work};
#[cfg(feature = "forms")]
pub use solohttp_forms as forms;
#[cfg(feature = "router")]
pub use solohttp_router::*;
#[cfg(feature = "sqlite")]
pub use solohttp_sqlite_guard::{self as sqlite, SqliteGuard};
#[cfg(feature = "template")]
pub use solohttp_template::{self as template, Chart, Dialect, Template, TemplateFolder};

/// Doc tests for the repository's README.
#[cfg(all(
    doctest,
    feature = "desktop",
    feature = "forms",
    feature = "router",
    feature = "sqlite",
    feature = "template"
))]
#[doc = include_str!("../../../README.md")]
mod project {}
