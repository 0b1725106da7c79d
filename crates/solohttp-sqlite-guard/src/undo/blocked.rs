//! Why a step can't be undone or redone.

/// Why a step wasn't replayed. Nothing was changed.
#[derive(Debug)]
pub(crate) enum Blocked {
    /// A row of this table has been changed since the step.
    Changed { table: String },
    /// A constraint on this table would be violated, for example because a unique name has been
    /// taken since the step.
    Constraint { table: String, error: rusqlite::Error },
    /// Another row refers to one that would be deleted.
    Reference,
    /// The schema has been changed since the step.
    Schema,
    /// Something else failed.
    Failed(rusqlite::Error),
}

impl From<rusqlite::Error> for Blocked {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error)
    }
}
