//! Which views of an element have the same HTML, apart from the field's text.

/// The views of an element whose HTML can be reused for others, which may have other texts and
/// errors.
///
/// All views of a blank field have the same HTML.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub enum Reuse {
    /// A control that shows any single line in the same way as [`LINE`](Self::LINE).
    Line,
    /// A control that shows any text that `fits` in the same way as `sample`.
    Text { sample: &'static str, fits: fn(&str) -> bool },
    /// A box that is checked if it has this value.
    Check { checked: &'static str },
    /// A control that marks the field's values among its choices. `first` is the key of the first
    /// one.
    Choices { first: Option<String> },
}

impl Reuse {
    const LINE: &'static str = "x";

    /// For a control with choices that have these keys. A blank key would make a field that wasn't
    /// sent look different from a blank one.
    pub(crate) fn choices<'a>(mut keys: impl Iterator<Item = &'a str> + Clone) -> Option<Self> {
        let has_blank = keys.clone().any(str::is_empty);
        (!has_blank).then(|| Self::Choices { first: keys.next().map(str::to_owned) })
    }

    /// A text of a field that isn't blank.
    pub(crate) fn sample(&self) -> Option<&str> {
        match self {
            Self::Line => Some(Self::LINE),
            Self::Text { sample: text, .. } | Self::Check { checked: text } => Some(text),
            Self::Choices { first } => first.as_deref(),
        }
    }
}
