//! An action on several rows: its button, and its question.

use std::fmt;
use std::rc::Rc;

use solohttp_core::Locale;

use super::words::ListWords;

/// Returns the question about rows such as “3 samples”.
type AskQuestion = dyn Fn(&str) -> String;

/// A button of a [`List`](crate::List) for the rows that the user selects.
///
/// [`List::bulk`](crate::List::bulk) adds a simple one. The label of this one makes no good question,
/// so it has another text for it:
///
/// ```
/// # use solohttp_core::Request;
/// # use solohttp_sqlite_guard::rusqlite::{Connection, Row};
/// # use solohttp_sqlite_guard::{BulkAction, Cell, List, ListOutcome};
/// # let db = Connection::open_in_memory()?;
/// # db.execute_batch("CREATE TABLE sample (id INTEGER PRIMARY KEY); INSERT INTO sample VALUES (1)")?;
/// # let list = List::new("SELECT * FROM sample", |row: &Row<'_>| row.get::<_, i64>("id"));
/// let list = list.noun("sample", "samples").bulk_actions(["received", "done"].map(|status| {
///     BulkAction::new(status, format!("Mark as {status}"))
///         .question(move |rows| format!("Mark {rows} as {status}?"))
/// }));
/// # let form = [("row", "1"), ("action", "done")];
/// # let ListOutcome::Confirm(page) = list.handle(&db, &Request::post("/").form(form).build()).unwrap()
/// # else { panic!() };
/// # assert_eq!(page.title(), "Mark one sample as done?");
/// # Ok::<(), solohttp_sqlite_guard::rusqlite::Error>(())
/// ```
#[derive(Clone)]
pub struct BulkAction {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) is_confirmed: bool,
    question: Option<Rc<AskQuestion>>,
}

impl BulkAction {
    /// An action with a button that has this label. A page asks for confirmation.
    #[must_use]
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { name: name.into(), label: label.into(), is_confirmed: true, question: None }
    }

    /// Sets the question. The function gets the rows, such as “3 samples”. The default is “Delete 3
    /// samples?” for the label “Delete”.
    #[must_use]
    pub fn question(mut self, question: impl Fn(&str) -> String + 'static) -> Self {
        self.question = Some(Rc::new(question));
        self
    }

    /// Runs without confirmation; see [`List::bulk_at_once`](crate::List::bulk_at_once).
    #[must_use]
    pub fn at_once(mut self) -> Self {
        self.is_confirmed = false;
        self
    }

    /// The name of the action, as in [`BulkRows::action`](crate::BulkRows::action).
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The question for these rows.
    pub(super) fn ask(&self, rows: &str) -> String {
        match &self.question {
            Some(question) => question(rows),
            None => Locale::current::<ListWords>()
                .confirm
                .say(&[("action", &self.label), ("rows", &rows)]),
        }
    }
}

impl fmt::Debug for BulkAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkAction").field("name", &self.name).finish_non_exhaustive()
    }
}
