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

    /// Whether the user can change the value.
    fn is_editable(&self) -> bool {
        true
    }

    /// The value that browsers send for a required control that the user hasn't touched, if it is
    /// never blank.
    fn untouched(&self, lens: &Attributes) -> Option<String> {
        let _ = lens;
        None
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
    /// Whether a value is required, even if `lens` doesn't say so to the browser.
    pub(crate) is_required: bool,
    pub(crate) choices: &'a [Choice],
    pub(crate) suggestions: &'a [String],
    pub(crate) blank_label: Option<&'a str>,
    /// Returns whether the text is valid.
    pub(crate) is_valid: &'a dyn Fn() -> bool,
}
