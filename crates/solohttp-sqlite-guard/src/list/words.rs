//! The sentences of lists, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences of a [`List`](crate::List). Set them once, in the application's
    /// [`Locale`](solohttp_core::Locale). Labels of columns, filters and actions come from the
    /// program. {count} is a number of rows.
    pub struct ListWords {
        /// The button of the search form.
        find: "Find",
        /// The choice of a filter that shows all rows.
        any: "All",
        /// The link that ends a search and all filters.
        reset: "Show all",
        /// Shown instead of rows.
        empty: "Nothing found.",
        /// Which rows are on the page. {from} and {to} are the numbers of its first and last row.
        range: "{from}–{to} of {count}",
        /// How many rows are on the page, if there are too many to count all. {shown} is the number
        /// of rows on the page.
        range_of_many: "{shown} of more than {count}",
        /// The accessible label of the links between pages.
        pages: "Pages",
        /// A link between pages.
        first_page: "First page",
        /// A link between pages.
        previous_page: "Previous page",
        /// A link between pages.
        next_page: "Next page",
        /// A link between pages.
        last_page: "Last page",
        /// The link that downloads the list.
        csv: "Download as CSV",
        /// The accessible label of a row's check box. {row} is the name of the row.
        select: "Select {row}",
        /// The label of the check box for all rows of the page.
        select_page: "Select all {count} on this page",
        /// The label of the check box for all rows of the list.
        select_all: "Select all {count}",
        /// The label of the check box for all rows of the list, if there are too many to count.
        select_all_of_many: "Select all (more than {count})",
        /// The accessible label of the check boxes and buttons for several rows.
        bulk: "Selected rows",
        /// Shown if an action needs rows.
        none_selected: "Select at least one row.",
        /// What a row is called, unless the program says so with
        /// [`List::noun`](crate::List::noun).
        row: "row",
        /// What several rows are called.
        rows: "rows",
        /// A single row. {noun} is what a row is called.
        one: "one {noun}",
        /// Several rows. {noun} is what several rows are called.
        several: "{count} {noun}",
        /// The title of the confirmation page. {action} is the label of the action's button, and
        /// {rows} is one of the two phrases above.
        confirm: "{action} {rows}?",
        /// Shown after the names of the first rows on the confirmation page.
        more_rows: "and {count} more",
        /// Shown on the confirmation page, or on the list, if other rows match now.
        changed: "The selection has changed. Please check it again.",
        /// The link on the confirmation page that leads back to the list.
        cancel: "Cancel",
        /// A request for an action that the list doesn't have.
        unknown_action: "This list has no such action. Go back and reload the page.",
    }
}
