//! One item of a list to choose from, as the user and the browser see it.

/// The label of a choice, and the key that the browser sends for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The text that the browser sends. Unique among the choices, and never blank.
    pub key: String,
    /// The text that the user sees.
    pub label: String,
    /// The heading above the choice, if any.
    pub group: Option<String>,
    /// What the database stores, if that is neither the key nor the label. A CSV file may contain
    /// it.
    pub stored: Option<String>,
}

/// The label of the choice with this key, or the key itself if there is none.
pub(crate) fn label<'a>(choices: &'a [Choice], key: &'a str) -> &'a str {
    choices.iter().find(|choice| choice.key == key).map_or(key, |choice| choice.label.as_str())
}
