//! The field names that a form generates: names of parts, names with suffixes, and names of the
//! form's own fields.
//!
//! Parts are joined with a dot. Suffixes and the form's own names start with a colon. Neither
//! character is allowed in a Rust identifier, so these names never collide with a field's name.

/// Carries digests of the record as it was when the form was shown.
pub(crate) const BASE: &str = ":base";

/// Carries the submission's token.
pub(crate) const TOKEN: &str = ":once";

/// The form button that was pressed.
pub(crate) const BUTTON: &str = ":button";

/// The row button that was pressed.
pub(crate) const ROW_BUTTON: &str = ":row";

/// The token of an uploaded file.
pub(crate) const KEPT: Suffix = Suffix(":kept");

/// The token of an uploaded file that the user has discarded.
pub(crate) const DROP: Suffix = Suffix(":drop");

/// The token of an uploaded file that is no longer stored.
pub(crate) const GONE: Suffix = Suffix(":gone");

/// The index of the error that a rejected file caused.
pub(crate) const REFUSED: Suffix = Suffix(":refused");

/// The key of a row.
pub(crate) const ROW: Suffix = Suffix(":row");

/// A suffix for fields that accompany another field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suffix(&'static str);

impl Suffix {
    /// The name of the accompanying field.
    pub(crate) fn of(self, name: &str) -> String {
        format!("{name}{}", self.0)
    }

    /// The name of the field that the field `name` accompanies, if `name` has this suffix.
    pub(crate) fn strip(self, name: &str) -> Option<&str> {
        name.strip_suffix(self.0)
    }

    /// Whether the name has this suffix.
    pub(crate) fn ends(self, name: &str) -> bool {
        name.ends_with(self.0)
    }
}

/// The name of the radio buttons for choosing between two versions of a field.
pub(crate) fn version_choice(name: &str) -> String {
    format!(":take.{name}")
}

/// The full name of the part `name` of `prefix`.
pub(crate) fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// Whether the name continues `prefix` with a dot or a colon.
pub(crate) fn is_below(prefix: &str, name: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['.', ':']))
}

/// Strips the prefix from a raw identifier: `r#type` is `type` in HTML.
pub(crate) fn plain_name(identifier: &'static str) -> &'static str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}
