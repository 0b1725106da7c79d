//! The sentences about records, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of [`RecordApp::pages`](crate::RecordApp::pages). Set them once, in the
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
    }
}
