//! The interface between an [`Entry`](crate::Entry) and the control that renders it.
//!
//! Each family of controls implements this interface in its own file.

use std::fmt::Debug;

use solohttp_core::IoList;

use crate::element::info::Layout;
use crate::lens::Choice;
use crate::markup::attributes::Attributes;
use crate::view::field::FieldView;

/// A control for a single string.
pub(crate) trait Widget: Debug + 'static {
    /// Renders the control.
    fn control(&self, entry: &EntryParts<'_>, field: &FieldView) -> IoList;

    fn layout(&self) -> Layout {
        Layout::Single
    }

    /// Whether the control masks its text.
    fn is_secret(&self) -> bool {
        false
    }

    /// Whether browsers count steps from the value in the page if there is no `min`.
    fn counts_from_value(&self) -> bool {
        false
    }

    /// The initial text, in a format that the control can edit.
    fn initial(&self, text: String) -> String {
        text
    }
}

/// The parts of an entry that its widget renders.
pub(crate) struct EntryParts<'a> {
    /// The HTML attributes that the lens sets.
    pub(crate) lens: &'a Attributes,
    pub(crate) choices: &'a [Choice],
    pub(crate) suggestions: &'a [String],
    pub(crate) blank_label: Option<&'a str>,
    /// Returns whether the text is valid.
    pub(crate) is_valid: &'a dyn Fn() -> bool,
}
