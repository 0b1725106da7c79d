//! Conflicts between the user's changes and those that were saved in the meantime.

use crate::form::names::version_choice;
use crate::merge::digest::Digest;
use crate::validation::ValidationError;

/// A field that was changed in two places, to different values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(crate) name: &'static str,
    /// The saved value, as text to show to the user.
    pub(crate) saved: String,
    pub(crate) theirs: Digest,
    /// Whether the saved value came from the same page.
    pub(crate) is_own: bool,
}

impl Conflict {
    pub(crate) fn error(&self) -> ValidationError {
        let value = self.saved.clone();
        if self.is_own {
            ValidationError::SavedHere { value }
        } else {
            ValidationError::ChangedElsewhere { value }
        }
    }

    /// The name of the radio buttons, and their values: the user's version and the saved one. These
    /// values are valid only for the saved version that the user has seen.
    pub(crate) fn choice(&self) -> (String, [String; 2]) {
        let Self { name, theirs, .. } = self;
        (version_choice(name), [format!("mine-{theirs}"), format!("theirs-{theirs}")])
    }
}

/// Changes to a record since its form was shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecordChanges {
    pub(crate) conflicts: Vec<Conflict>,
    pub(crate) is_deleted: bool,
    /// Whether the form can be saved as a new record, because its own record was deleted.
    pub(crate) offers_new: bool,
}
