//! The field names that a form generates: names of parts, names with suffixes, and names of the
//! form's own fields.
//!
//! Parts are joined with a dot. Suffixes and the form's own names start with a colon. Neither
//! character is allowed in a Rust identifier, so these names never collide with a field's name.

use std::borrow::Cow;

/// The digests of the record as it was when the form was shown.
pub(crate) const BASE: &str = ":base";

/// The submission's token.
pub(crate) const TOKEN: &str = ":once";

/// The form button that was pressed.
pub(crate) const BUTTON: &str = ":button";

/// The number of the step that a page shows, counted from 0.
pub(crate) const STEP: &str = ":step";

/// The value of [`BUTTON`] for the next step.
pub(crate) const NEXT: &str = ":next";

/// The value of [`BUTTON`] for the step before.
pub(crate) const BACK: &str = ":back";

/// The value of [`BUTTON`] if the user has canceled a question.
pub(crate) const CANCEL: &str = ":cancel";

/// The row button that was pressed.
pub(crate) const ROW_BUTTON: &str = ":row";

/// The token of an uploaded file.
pub(crate) const KEPT: Suffix = Suffix(":kept");

/// The token of an uploaded file that the user has discarded.
pub(crate) const DROP: Suffix = Suffix(":drop");

/// The token of an uploaded file that is no longer stored.
pub(crate) const GONE: Suffix = Suffix(":gone");

/// The index of the error for a rejected file.
pub(crate) const REFUSED: Suffix = Suffix(":refused");

/// The stored file of the record that the form has shown.
pub(crate) const STORED: Suffix = Suffix(":stored");

/// Whether to remove the stored file.
pub(crate) const REMOVE: Suffix = Suffix(":remove");

/// The key of a row.
pub(crate) const ROW: Suffix = Suffix(":row");

/// The id of a row in the application's data.
pub(crate) const ID: Suffix = Suffix(":id");

/// The digests of the initial values that a blank row showed.
pub(crate) const INITIAL: Suffix = Suffix(":initial");

/// A suffix in the name of a field that accompanies another field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suffix(&'static str);

impl Suffix {
    /// The name of the accompanying field.
    pub(crate) fn of(self, name: &str) -> String {
        format!("{name}{}", self.0)
    }

    /// Strips the suffix from a name. Returns `None` if the name doesn't have it.
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

/// Joins the name of a part to the name of the element that contains it.
#[inline]
pub(crate) fn join<'a>(prefix: &str, name: &'a str) -> Cow<'a, str> {
    match prefix {
        "" => name.into(),
        prefix => [prefix, ".", name].concat().into(),
    }
}

/// Whether the name starts with `prefix` followed by a dot or colon.
pub(crate) fn is_below(prefix: &str, name: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['.', ':']))
}

/// Strips the prefix from a raw identifier: `r#type` is `type` in HTML.
pub(crate) fn plain_name(identifier: &'static str) -> &'static str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}
