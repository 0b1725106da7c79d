//! The sentences on the guard's pages, in the application's language.

use solohttp_core::sentences;

sentences! {
    /// The sentences on the guard's pages about open transactions, lost changes, and databases in
    /// use. Set them once, in the application's [`Locale`](solohttp_core::Locale).
    ///
    /// Text between backticks is shown as code. The log is always in English.
    pub struct GuardWords {
        /// A transaction was left open.
        left_open: "A transaction was still open at the end of this request. It has been rolled back.",
        /// A transaction was dropped, but the response reported success.
        rolled_back: "A transaction was rolled back, but the program reported success.",
        /// A savepoint was rolled back, but the response reported success. {name} is its name.
        savepoint: "The savepoint “{name}” was rolled back, but the program reported success.",
        /// A commit failed, but the response reported success.
        commit_failed: "A transaction could not be committed, but the program reported success.",
        /// A statement failed and ended its transaction, but the response reported success.
        refused: "SQLite rolled back a transaction because of its last statement, but the program reported success.",
        /// The database and what was lost. {lost} is one of the five phrases below.
        lost: "In {database}: {lost}.",
        /// Nothing was lost.
        lost_nothing: "it had changed nothing",
        /// A schema change was lost.
        lost_schema: "a schema change is lost",
        /// One row was lost.
        lost_row: "one changed row is lost",
        /// Several rows were lost.
        lost_rows: "{rows} changed rows are lost",
        /// Both a schema change and changed rows were lost.
        lost_both: "a schema change and {rows} changed rows are lost",
        /// Shown as the name of a database without a file.
        in_memory: "database in memory",
        /// Shown above the statement that began the transaction.
        opened_by: "Opened by:",
        /// Shown instead if the transaction began before this request.
        opened_before: "It was open before this request.",
        /// Shown above the transaction's statements.
        statements: "Its statements:",
        /// Shown above the last few statements of a long transaction.
        last_statements: "The last {shown} of its {count} statements:",
        /// Advice for the developer if a transaction was left open.
        advice_left_open: "For the developer: commit it with `tx.commit()?`, or call `write(&mut db, |tx| …)`, which commits on `Ok` and rolls back on `Err`.",
        /// Advice for the developer if a transaction was dropped.
        advice_rolled_back: "For the developer: dropping a transaction without `commit()?` rolls it back; `write(&mut db, |tx| …)` commits for you. If the rollback was intended, wrap it in `rollback_on_purpose(|| …)`, or respond with an error status.",
        /// Advice for the developer if a commit failed.
        advice_commit_failed: "For the developer: pass on the error of `commit()` with `?`.",
        /// Advice for the developer if a statement failed.
        advice_refused: "For the developer: pass on the error of that statement with `?`. Its `OR ROLLBACK` or a disk error has ended the transaction.",
        /// The transaction is still open. {error} comes from SQLite.
        not_rolled_back: "It could not be rolled back: {error}. Restart the program.",
        /// The path no longer leads to the open file.
        moved: "The database file was moved, replaced or deleted while the program was running. Nothing can be saved.",
        /// Names the file. {path} is its old path.
        moved_file: "{path} is no longer the file that the program has open.",
        /// What to do if the content was copied. {copy} is the path of the copy.
        moved_rescued: "Its content, including this change, was copied to {copy}. Quit the program, put the right file in place, and start it again.",
        /// What to do if there is no copy. {error} comes from the system.
        moved_lost: "Its content could not be copied ({error}). Free up disk space and send the form again before you quit the program.",
        /// The handler's response. {status} is a number.
        responded: "The program had responded with status {status}. That page is not shown, because it may be wrong.",
        /// The handler's response, if it was an error. {error} comes from the program.
        responded_error: "The program had responded with status {status}: {error}",
        /// The request saved nothing else.
        saved_nothing: "The database is as it was before this request.",
        /// The request saved one other row.
        saved_row: "One other row that this request changed has been saved.",
        /// The request saved other rows.
        saved_rows: "{rows} other rows that this request changed have been saved.",
        /// Shown at the end of the page.
        go_back: "Use the Back button to recover your input.",
        /// Appended to another error's page. {problem} is one of the five sentences below.
        also: "{problem}: {lost}.",
        /// A transaction was left open.
        also_left_open: "A transaction was left open and has been rolled back",
        /// A transaction was dropped.
        also_rolled_back: "A transaction was rolled back",
        /// A savepoint was rolled back. {name} is its name.
        also_savepoint: "Savepoint {name} was rolled back",
        /// A commit failed.
        also_commit_failed: "A transaction could not be committed",
        /// A statement failed and ended its transaction.
        also_refused: "SQLite rolled back a transaction",
        /// The statement that began the transaction. {sql} is its text.
        also_opened_by: "Opened by: {sql}.",
        /// The transaction's last statement. {sql} is its text.
        also_last: "Last statement: {sql}.",
        /// The transaction is still open. {error} comes from SQLite.
        also_not_rolled_back: "Rolling it back failed: {error}.",
        /// Shown on every page if the check after a crash found damage. {name} is the file's name.
        damaged: "The database file {name} is damaged.",
        /// What to do about the damage. {error} comes from SQLite.
        damaged_advice: "Pages may be incomplete, and changes may be lost. Close the program, keep a copy of the file, and restore a backup. (SQLite: {error})",
        /// A record that doesn't exist. See [`Record::get`](crate::Record::get).
        no_record: "This record doesn't exist. It may have been deleted.",
        /// The title of the page for a database in use.
        busy_title: "The database is in use",
        /// Another program has the database locked.
        busy_elsewhere: "The database is in use by another program, which did not finish in time.",
        /// Another program wrote in the meantime.
        busy_overtaken: "Another program changed the database while this page was being made.",
        /// Another statement of this program has a table locked.
        busy_itself: "A table is in use by another statement of this program.",
        /// Shown above the statements that the program has not finished.
        busy_unfinished: "This is a bug in the program and lasts until a restart. Unfinished statements:",
        /// The request saved nothing.
        busy_saved_nothing: "Nothing has been saved by this request.",
        /// The request's changes were only partly saved.
        busy_saved_part: "This request was only partly saved (changed rows: {rows}). Check what was saved before you retry.",
        /// The link or button that sends the request again.
        try_again: "Try again",
        /// Shown above the button if the request was a form.
        busy_kept: "What you entered is kept in this page.",
        /// Shown for a form that the page can't send again.
        busy_reload: "What you sent is too large for this page or includes files. To send it again, reload the page and confirm in the browser.",
        /// Shown for a form with a password.
        busy_secret: "What you sent includes a password, which this page doesn't keep. To send it again, reload the page and confirm in the browser.",
        /// Shown for requests with other methods.
        busy_send_again: "Send the request again.",
    }
}
