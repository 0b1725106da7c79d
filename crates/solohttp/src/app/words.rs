//! The sentences about records, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of [`RecordApp::pages`](crate::RecordApp::pages) and
    /// [`RecordApp::list`](crate::RecordApp::list). Set them once, in the
    /// application's [`Locale`](crate::Locale). {name} is what the program calls a record.
    ///
    /// They name a change for undo, and are shown on the next page.
    pub struct RecordWords {
        /// A new record was saved.
        added: "“{name}” added",
        /// An existing record was saved.
        saved: "“{name}” saved",
        /// A record was deleted.
        deleted: "“{name}” deleted",
        /// Several records were saved. {rows} is their number and what they are called, such as “3
        /// samples” (see [`List::noun`](crate::sqlite::List::noun)).
        rows_saved: "{rows} changed",
        /// Several records were deleted. {rows} is the same.
        rows_deleted: "{rows} deleted",
        /// Several records can't be deleted, because a foreign key refers to one of them.
        rows_in_use: "At least one of them is still in use, so none was deleted.",
        /// A constraint of the database doesn't allow a change of several records.
        rows_refused: "This isn't possible for at least one of them, so none was changed.",
        /// The title of a form that changes several records. {rows} is the same.
        change_rows: "Change {rows}",
    }
}
