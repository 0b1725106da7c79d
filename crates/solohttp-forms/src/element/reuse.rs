//! Which views of an element have the same HTML, apart from the field's text.

/// The views of an element whose HTML can be reused for others, as long as they have no errors.
///
/// All views of a blank field have the same HTML. Those with a text that `fits` have the HTML of
/// `sample`, with the text in place of the sample.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Reuse {
    pub(crate) sample: Option<&'static str>,
    pub(crate) fits: fn(&str) -> bool,
    /// Whether the control shows the text, as opposed to a box that is checked or not.
    pub(crate) shows_text: bool,
    /// Whether the field counts as blank only if it wasn't sent at all, because the control shows
    /// all of its values.
    pub(crate) has_many_values: bool,
}

impl Reuse {
    /// For a control that shows any text that passes the test in the same way as `sample`.
    pub(crate) fn text(sample: &'static str, fits: fn(&str) -> bool) -> Self {
        Self { sample: Some(sample), fits, shows_text: true, has_many_values: false }
    }

    /// For a control that is checked if it has the value `checked`.
    pub(crate) fn check(checked: &'static str, is_checked: fn(&str) -> bool) -> Self {
        Self { shows_text: false, ..Self::text(checked, is_checked) }
    }

    /// For a control with choices. Only the view without a selected choice is reused.
    pub(crate) fn unselected() -> Self {
        Self { sample: None, fits: |_| false, shows_text: false, has_many_values: true }
    }
}
