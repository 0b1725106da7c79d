//! Small HTML templates that render to an IoList.
//!
//! ```
//! use serde::Serialize;
//! use solohttp_template::Template;
//!
//! #[derive(Serialize)]
//! struct Page<'a> { title: &'a str, tasks: Vec<Task<'a>> }
//! #[derive(Serialize)]
//! struct Task<'a> { text: &'a str, done: bool }
//!
//! let page = Template::new(
//!     "<h1>{title}</h1><?each tasks?><p>{@number}. {text}<?if done?> ✓<?end if?></p><?end each?>",
//! );
//! let tasks = vec![Task { text: "tea & cake", done: true }];
//! let text = page.render(&Page { title: "Today", tasks })?;
//! assert_eq!(text.to_string(), "<h1>Today</h1><p>1. tea &amp; cake ✓</p>");
//! # Ok::<(), solohttp_template::Error>(())
//! ```
//!
//! # In scope
//!
//! - The [`language`]: slots, extension, loops, conditional sections, includes, formatters.
//! - Any `Serialize` value as data, without an intermediate value tree.
//! - Escaping for text and quoted attributes. Slots anywhere else are rejected when a template is
//!   loaded.
//! - Errors that show the line, a caret, and a suggestion.
//! - Charts from plain numbers, as accessible SVG.
//!
//! # Out of scope
//!
//! - Expressions, assignments, macros, and includes with arguments. Use Rust for these.
//! - Escaping for scripts and style sheets.
//! - Output other than UTF-8 text.
//!
//! # Map
//!
//! [`Template`] is a page, and [`Repeat`] is a loop over an iterator. [`TemplateFolder`] loads
//! either by name, from disk or from the program. A [`Frame`] has the values around every page.
//! [`Dialect`] sets strictness and formatters. A
//! formatter receives a [`Value`] and writes to a [`Sink`]. [`Html`] is the only value that is not
//! escaped. Every error is an [`Error`]. A [`Chart`] is HTML made from numbers.

mod assembly;
mod chart;
mod context;
mod data;
mod dialect;
mod error;
mod folder;
mod format;
mod frame;
mod hint;
mod nearest;
mod page;
mod parse;
mod program;
mod repeat;
mod source;
mod step;
mod template;

pub use chart::{Chart, ChartValue, ChartWords};
pub use dialect::Dialect;
pub use error::{Error, ErrorKind};
pub use folder::TemplateFolder;
pub use format::{FormatError, Sink, Value};
pub use frame::Frame;
pub use repeat::Repeat;
pub use solohttp_core::{Html, values};
pub use template::Template;

#[doc = include_str!("../docs/language.md")]
pub mod language {}

/// Runs the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
