//! What a screen reader is told: the accessibility tree, flattened in reading order.

use std::collections::BTreeMap;

/// One node that assistive technology gets to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessibleNode {
    /// What it is, in Chromium's words (Firefox's are translated): `button`, `textbox`, `heading`, `StaticText`, ….
    pub role: String,
    /// What it is called: its label, its text.
    pub name: String,
    /// What is said of it beyond its name, such as the text that `aria-describedby` points to.
    pub description: String,
    /// What is in it, for a control.
    pub value: String,
    /// Its states, such as `invalid: true`, `required: true`, `level: 2`, `focused: true`.
    pub states: BTreeMap<String, String>,
}

impl AccessibleNode {
    /// True if it is marked as wrong, as by `aria-invalid`.
    #[must_use]
    pub fn is_invalid(&self) -> bool {
        self.states.get("invalid").is_some_and(|invalid| invalid != "false")
    }

    /// True if it must be filled in.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.is("required")
    }

    /// True if the keyboard acts on it.
    #[must_use]
    pub fn is_focused(&self) -> bool {
        self.is("focused")
    }

    fn is(&self, state: &str) -> bool {
        self.states.get(state).is_some_and(|value| value == "true")
    }
}
