//! The sentences on the pages about copies, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences on the pages of [`SqliteGuard::copies`](crate::SqliteGuard::copies). Set them
    /// once, in the application's [`Locale`](solohttp_core::Locale). {file} is the database's file
    /// name, {copy} is the file name of a copy, and {time} is a local date and time.
    pub struct CopiesWords {
        /// The title of the list.
        title: "Copies of {file}",
        /// Shown instead of the list.
        none: "There are no copies yet.",
        /// Why a copy was made.
        daily: "daily",
        /// Why a copy was made. {version} is the schema's version.
        before_migration: "before an update of the program (version {version})",
        /// Why a copy was made.
        replaced: "before another copy was restored",
        /// A table and its number of rows. {table} is the table's name.
        table: "{table}: {rows}",
        /// A table that is too large for counting its rows.
        large_table: "{table}: too many to count",
        /// The copy has no tables.
        empty: "no tables",
        /// The rows could not be counted. {error} comes from SQLite.
        unreadable: "This copy can’t be read. (SQLite: {error})",
        /// A size. {size} is a number, here and in the next two.
        kilobytes: "{size} KB",
        /// A size.
        megabytes: "{size} MB",
        /// A size.
        gigabytes: "{size} GB",
        /// The link to the confirmation page, and the button on that page.
        restore: "Restore",
        /// The link's label for screen readers, which may read it without the rest of its row.
        restore_of: "Restore the copy of {time}",
        /// The title of the confirmation page.
        confirm: "Restore the copy of {time}?",
        /// Says what the button does.
        confirm_what: "This replaces everything in {file} with the copy’s content.",
        /// Says that the restore can be undone.
        confirm_kept: "The current content is saved as another copy, so you can return to it.",
        /// The link to the application.
        home: "Back to the program",
        /// Shown above the list after a restore. {kept} is the name of the copy with the previous
        /// content.
        restored: "Restored {copy}. The previous content is in {kept}.",
        /// The title of the page if a copy wasn't restored.
        refused: "The copy was not restored",
        /// Shown on that page.
        unchanged: "The database has not been changed.",
        /// Why a copy wasn't restored.
        in_use: "The database or its copies are in use. Try again in a minute.",
        /// Why a copy wasn't restored.
        missing: "The copy {copy} no longer exists.",
        /// Why a copy wasn't restored. {error} comes from SQLite.
        damaged: "The copy {copy} is damaged. (SQLite: {error})",
        /// Why a copy wasn't restored.
        newer: "The copy {copy} was made by a newer version of this program. Install that version to restore it.",
        /// Why a copy wasn't restored.
        other_schema: "The copy {copy} was made by another version of this program and can’t be converted.",
        /// Why a copy wasn't restored. {error} comes from the system or SQLite.
        failed: "The copy {copy} could not be restored: {error}",
        /// Why a copy wasn't restored.
        moved: "The database file was moved, replaced or deleted while the program was running. Restart the program first.",
        /// The link back to the list.
        back: "Back to the copies",
    }
}
