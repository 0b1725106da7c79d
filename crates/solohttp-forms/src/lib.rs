//! Typed HTML forms: from records to forms and back, without losing input.
//!
//! ```
//! use solohttp_forms::{RecordForm, choices, date, form, select, text, textarea};
//!
//! #[derive(Clone, Copy, PartialEq)]
//! enum Priority { Low, Normal, High }
//!
//! struct Task {
//!     title: String,
//!     priority: Priority,
//!     due: Option<jiff::civil::Date>,
//!     notes: String,
//! }
//!
//! fn task_form() -> RecordForm<Task> {
//!     let labels = choices!(Priority { High: "High", Normal: "Normal", Low: "Low" });
//!     form!(Task {
//!         title: text("Title").required().max_length(80),
//!         priority: select("Priority", labels),
//!         due: date("Due").optional(),
//!         notes: textarea("Notes"),
//!     })
//! }
//! ```
//!
//! A record is a plain struct. Its form is declared once, in the syntax of a struct literal, so the
//! compiler catches missing fields. That single declaration defines the controls, HTML attributes,
//! labels, validation and parsing.
//!
//! **In scope:** HTML controls of every type; lenses (two-way maps between values and text) and
//! their laws; reporting all errors at once; accessible HTML, rendered whole or in pieces; a form's
//! life cycle from loading to saving; repeating rows; concurrent edits; duplicate submissions;
//! drafts; one-shot messages; CSV files with a record in each row.
//!
//! **Out of scope:** access control (solohttp-core checks every request), templates, databases,
//! scripts.
//!
//! **Types:** [`form!`] creates a [`RecordForm`] from elements: [`text`], [`date`], [`select`],
//! [`rows`] and others. Most elements are an [`Entry`] with a [`lens::Lens`]. All elements
//! implement [`Element`]. A [`FormView`] is a form together with its input and errors, ready to be
//! rendered. A [`Formlet`] adds a page and the code for loading and saving. [`formlet`] turns it
//! into a handler. [`RecordPages`] are a record's ready-made pages, and a
//! [`FormPage`] is one for a form that isn't a record's. A [`ValidationError`] is a single
//! error; [`Errors`] holds all errors for a record. [`row_id`] and [`RowDiff`] help to save rows.
//! [`Flash`] and [`Drafts`] belong in the application's state. [`Csv`] reads and writes files of
//! records.

mod csv;
mod element;
mod form;
mod formlet;
pub mod lens;
mod markup;
mod merge;
mod outline;
mod store;
mod style;
mod today;
mod validation;
mod view;

pub use csv::{
    Csv, CsvError, CsvRow, CsvRowErrors, CsvRows, CsvSummary, CsvSummaryRow, DecimalMark,
};
pub use element::Element;
pub use element::checkbox::{Checkbox, checkbox, switch};
pub use element::entry::Entry;
pub use element::file::{File, FileValue, file};
pub use element::group::{Group, group};
pub use element::hidden::hidden;
pub use element::info::{ElementInfo, Layout};
pub use element::input::{
    color, date, date_time, email, entry, fixed_point, month, number, password, range, search, tel,
    text, time, url, week,
};
pub use element::many::{Many, checkboxes, multi_select};
pub use element::radio::radio;
pub use element::row_id::{RowId, row_id};
pub use element::rows::{Rows, rows};
pub use element::select::select;
pub use element::stored_file::{StoredFileControl, stored_file};
pub use element::textarea::textarea;
pub use form::RecordForm;
pub use form::data::FormData;
pub use form::field::Field;
pub use form::row_diff::RowDiff;
pub use form::steps::{AnyField, FormStep, StepInput};
#[cfg(feature = "json")]
pub use formlet::RecordApi;
pub use formlet::{
    EditPage, EditRequest, FormPage, Formlet, FormletHandler, RecordPages, SavedRecord, Submission,
    formlet,
};
pub use lens::choice::Choice;
pub use lens::choices::Choices;
pub use lens::choices::declare::ParseChoiceError;
pub use markup::attributes::Attributes;
pub use markup::tag::{Tag, option, tag};
pub use store::drafts::{Draft, Drafts};
pub use store::flash::Flash;
pub use store::form_store::FormStore;
pub use style::{STYLE, UNSAVED_WARNING};
pub use today::today;
pub use validation::ValidationError;
pub use validation::errors::{Errors, ValidationErrors};
pub use validation::words::FormWords;
pub use view::FormView;
pub use view::field::FieldView;
pub use view::row::RowView;

/// The crate that provides the date and time types, re-exported so that applications use the same
/// version.
pub use jiff;

/// Used by [`form!`] and [`choices!`].
#[doc(hidden)]
pub mod declare {
    pub use serde;
    pub use solohttp_core::{StoredChoice, StoredKey};

    pub use crate::form::plan::{Reading, Showing, Slot};
    pub use crate::lens::choices::declare::{deserialize_choice, sql_list, stored_text};
    pub use crate::outline::Outline;
}

/// Tests the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
