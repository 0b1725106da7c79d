//! Typed records to HTML forms and back, with nothing lost on the way.
//!
//! ```
//! use solohttp_forms::{RecordForm, choices, date, form, select, text, textarea};
//!
//! #[derive(Clone, Copy, PartialEq)]
//! enum Priority { Low, Normal, High }
//!
//! struct Task { title: String, priority: Priority, due: Option<jiff::civil::Date>, notes: String }
//!
//! fn task_form() -> RecordForm<Task> {
//!     form!(Task {
//!         title: text("Title").required().max_length(80),
//!         priority: select("Priority", choices!(Priority { High: "High", Normal: "Normal", Low: "Low" })),
//!         due: date("Due").optional(),
//!         notes: textarea("Notes"),
//!     })
//! }
//! ```
//!
//! A record is a plain struct. Its form is declared once, in the shape of the struct, so that the
//! compiler finds a field that is missing on either side. From that one definition come the
//! controls with their HTML attributes, labels and error texts, and the record again.
//!
//! **In scope:** controls of every HTML type; lenses (two-way maps between values and text) and
//! their laws; errors of all fields at once; accessible HTML, whole or by the piece; the life of
//! a form from load to save; rows; forms sent twice; forms set aside; one-shot messages.
//!
//! **Out of scope:** who may post (solohttp-core checks that for every request), templates,
//! databases, scripts.
//!
//! **Map:** [`form!`] makes a [`RecordForm`] of elements ([`text`], [`date`], [`select`],
//! [`rows`], …: an [`Entry`] with a [`lens::Lens`], or another [`Element`]). It shows itself as a
//! [`FormView`], which renders. A [`Formlet`] is a form with its page and its saving; [`formlet`]
//! makes it a handler. [`ValidationError`]s are what can be wrong, [`Errors`] where. [`Flash`] and
//! [`Drafts`] are kept in the application's state.

mod element;
mod form;
mod formlet;
pub mod lens;
mod markup;
mod store;
mod style;
mod validation;
mod view;

pub use element::choice::{Choices, Labelled};
pub use element::{
    Checkbox, Element, Entry, Face, File, FileRules, FileValue, Group, Many, Rows, Shape, checkbox,
    checkboxes, color, date, date_time, email, entry, file, fixed_point, group, hidden, month,
    multi_select, number, password, radio, range, rows, search, select, switch, tel, text,
    textarea, time, url, week,
};
pub use form::RecordForm;
pub use form::field::Field;
pub use form::sent::Sent;
pub use formlet::{Formlet, FormletHandler, Submission, formlet};
pub use markup::attributes::Attributes;
pub use markup::tag::{Tag, option, tag};
pub use store::drafts::{Draft, Drafts};
pub use store::flash::Flash;
pub use store::form_store::FormStore;
pub use style::{STYLE, UNSAVED_WARNING};
pub use validation::ValidationError;
pub use validation::errors::{Errors, ValidationErrors};
pub use validation::words::FormWords;
pub use view::{FieldView, FormView, RowView};

/// The crate of the dates and times in forms, so that there are never two versions of it.
pub use jiff;

/// What [`form!`] expands to; not for use by hand.
#[doc(hidden)]
pub mod declare {
    pub use crate::form::outline::{Outline, Reading, Showing, Slot};
}

/// What introduces the crate elsewhere is checked too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
