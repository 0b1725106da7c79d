//! The sentences about undo, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of [`Undo`](crate::Undo). Set them once, in the application's
    /// [`Locale`](solohttp_core::Locale). {name} is the name of a step.
    pub struct UndoWords {
        /// The button, if there is nothing to undo.
        undo: "Undo",
        /// The button, if there is nothing to redo.
        redo: "Redo",
        /// The button.
        undo_step: "Undo: {name}",
        /// The button.
        redo_step: "Redo: {name}",
        /// The label of both buttons as a group.
        group: "Undo and redo",
        /// The label of the list of steps.
        list: "Changes",
        /// A step in the list that was undone.
        undone_step: "{name} (undone)",
        /// Shown afterwards.
        undone: "Undone: {name}",
        /// Shown afterwards.
        redone: "Redone: {name}",
        /// The button was on a page that shows an older state.
        outdated: "Something else has been changed since this page was loaded, so nothing was undone.",
        /// A change can't be recorded. Neither this change nor any earlier one can be undone.
        too_large: "This change was too large to be undone: {name}",
        /// A change has written to a virtual table. It can't be undone, and neither can those before.
        not_recorded: "This change can't be undone: {name}",
        /// The name of a step that has none, if it changed one row. {table} is the table's name.
        one_row: "one row in {table}",
        /// The name of a step that has none. {tables} are the tables' names.
        rows: "{count} rows in {tables}",
        /// The title of the page if a step can't be undone.
        not_undone: "Not undone: {name}",
        /// The title of the page if a step can't be redone.
        not_redone: "Not redone: {name}",
        /// Shown at the end of that page.
        unchanged: "Nothing has been changed.",
        /// A row isn't what it was after the step. {table} is the table's name.
        changed: "A row in “{table}” has been changed since then.",
        /// A constraint is in the way. {error} comes from SQLite.
        constraint: "Another row in “{table}” is in the way, which was added or changed since then. (SQLite: {error})",
        /// Another row refers to a row that would be deleted.
        reference: "Another row that was added since then refers to one that would be deleted.",
        /// The tables have been changed.
        schema: "The tables themselves have been changed since then.",
        /// A link to the page before.
        back: "Back",
    }
}
