//! The sentences about undo, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of [`Undo`](crate::Undo). Set them once, in the application's
    /// [`Locale`](solohttp_core::Locale). {name} is the name of a step.
    pub struct UndoWords {
        /// The undo button if there is nothing to undo.
        undo: "Undo",
        /// The redo button if there is nothing to redo.
        redo: "Redo",
        /// The undo button with the name of its step.
        undo_step: "Undo: {name}",
        /// The redo button with the name of its step.
        redo_step: "Redo: {name}",
        /// The accessible label of the group of both buttons.
        group: "Undo and redo",
        /// The label of the list of steps.
        list: "Changes",
        /// An undone step in the list.
        undone_step: "{name} (undone)",
        /// Shown after an undo.
        undone: "Undone: {name}",
        /// Shown after a redo.
        redone: "Redone: {name}",
        /// The button was on an outdated page.
        outdated: "Something else was changed after this page was loaded, so nothing was undone or redone.",
        /// A change was too large to record. Neither this change nor any earlier one can be undone.
        too_large: "This change was too large to be undone: {name}",
        /// A change wrote to a virtual table. Neither this change nor any earlier one can be
        /// undone.
        not_recorded: "This change can't be undone: {name}",
        /// The default name of a step that changed one row. {table} is the table's name.
        one_row: "one row in {table}",
        /// The default name of any other step. {tables} lists the tables' names.
        rows: "{count} rows in {tables}",
        /// The title of the page if a step can't be undone.
        not_undone: "Not undone: {name}",
        /// The title of the page if a step can't be redone.
        not_redone: "Not redone: {name}",
        /// Shown at the end of that page.
        unchanged: "Nothing has been changed.",
        /// A row has been changed since the step. {table} is the table's name.
        changed: "A row in “{table}” has been changed since then.",
        /// A constraint would be violated. {error} comes from SQLite.
        constraint: "A row in “{table}” that was added or changed since then conflicts with this step. (SQLite: {error})",
        /// Another row refers to a row that would be deleted.
        reference: "Another row, added since then, refers to one that would be deleted.",
        /// The schema has been changed.
        schema: "The structure of the database has been changed since then.",
        /// The link to the previous page.
        back: "Back",
    }
}
