//! The accessibility tree, flattened in reading order.

use std::collections::BTreeMap;

/// A node exposed to assistive technology.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessibleNode {
    /// The role in Chromium's terms (Firefox's are translated): `button`, `textbox`, `heading`,
    /// `StaticText`, ….
    pub role: String,
    /// The accessible name: the label or text.
    pub name: String,
    /// The accessible description, such as the text referenced by `aria-describedby`.
    pub description: String,
    /// The value of a control.
    pub value: String,
    /// States, such as `invalid: true`, `required: true`, `level: 2`, `focused: true`.
    pub states: BTreeMap<String, String>,
}

impl AccessibleNode {
    /// Whether it is marked as invalid, for example by `aria-invalid`.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.states.get("invalid").is_some_and(|invalid| invalid != "false")
    }

    /// Whether it is required.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.is("required")
    }

    /// Whether it has the keyboard focus.
    #[must_use]
    pub fn is_focused(&self) -> bool {
        self.is("focused")
    }

    fn is(&self, state: &str) -> bool {
        self.states.get(state).is_some_and(|value| value == "true")
    }
}
