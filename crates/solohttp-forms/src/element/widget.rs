//! The interface between an [`Entry`](crate::Entry) and the control that renders it.
//!
//! Each family of controls implements this interface in its own file.

use std::fmt::Debug;

use crate::element::info::{ElementInfo, Layout};
use crate::element::reuse::Reuse;
use crate::lens::{Choice, Lens};
use crate::markup::attributes::Attributes;
use crate::markup::writer::{StartTag, Writer};
use crate::view::field::FieldView;

/// A control for a single string.
pub(crate) trait Widget: Debug + 'static {
    /// Renders the control.
    fn render(&self, entry: &EntryParts<'_>, field: &FieldView, out: &mut Writer);

    /// See [`Element::reuse`](crate::Element::reuse).
    fn reuse(&self, choices: &[Choice]) -> Option<Reuse> {
        let _ = choices;
        None
    }

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
    pub(crate) lens: LensAttributes<'a>,
    /// Whether attributes of the control may replace others with the same name.
    pub(crate) merges: bool,
    /// Whether a value is required, even if `lens` doesn't say so to the browser.
    pub(crate) is_required: bool,
    pub(crate) choices: &'a [Choice],
    pub(crate) suggestions: &'a [String],
    pub(crate) blank_label: Option<&'a str>,
    /// Returns whether the text is valid.
    pub(crate) is_valid: &'a dyn Fn() -> bool,
}

/// The HTML attributes of an element's lens.
#[derive(Clone)]
pub(crate) struct LensSummary {
    pub(crate) attributes: Attributes,
    pub(crate) is_required: bool,
    /// Whether some of the control's attributes may have the same name.
    pub(crate) collide: bool,
}

/// The attributes that controls set in addition to those of a lens.
const CONTROL_ATTRIBUTES: &[&str] = &[
    "type",
    "value",
    "list",
    "id",
    "name",
    "aria-describedby",
    "aria-invalid",
    "autofocus",
    "aria-labelledby",
    "aria-required",
];

impl LensSummary {
    pub(crate) fn of(lens: &impl Lens, info: &ElementInfo) -> Self {
        let mut attributes = Attributes::new();
        lens.attributes(&mut attributes);
        let is_required = attributes.has("required");
        let collide =
            info.has_attributes() || CONTROL_ATTRIBUTES.iter().any(|name| attributes.has(name));
        Self { attributes, is_required, collide }
    }
}

/// The HTML attributes that a lens sets. In a row that may be left blank, `aria-required` takes the
/// place of `required`.
pub(crate) struct LensAttributes<'a> {
    pub(crate) list: &'a Attributes,
    pub(crate) may_be_blank: bool,
}

impl LensAttributes<'_> {
    pub(crate) fn has(&self, name: &str) -> bool {
        match name {
            "required" if self.may_be_blank => false,
            "aria-required" if self.may_be_blank => true,
            name => self.list.has(name),
        }
    }

    /// Adds the attributes to a start tag, except those with these names.
    pub(crate) fn write<'w>(&self, tag: StartTag<'w>, except: &[&str]) -> StartTag<'w> {
        if !self.may_be_blank {
            return tag.attrs(self.list, except);
        }
        let is_left_out = |name: &str| except.contains(&name) || name == "required";
        let tag = tag.attrs_if(self.list, |name| !is_left_out(name));
        if except.contains(&"aria-required") { tag } else { tag.attr("aria-required", "true") }
    }
}
