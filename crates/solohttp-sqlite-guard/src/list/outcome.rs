//! What a request to a list asks for, and the response.

use serde::{Serialize, Serializer};
use solohttp_core::{Html, IntoResponse, IoList, Response, Result};

use super::{BulkRows, ConfirmPage, ListPage};

/// What a request to a [`List`](crate::List) asks for.
///
/// [`respond`](Self::respond) is enough if a list has one page of its own. Otherwise, `match` it.
#[derive(Debug)]
pub enum ListOutcome<T> {
    /// A page of the list.
    Page(ListPage<T>),
    /// The page that asks the user to confirm an action.
    Confirm(ConfirmPage),
    /// The user has chosen an action for these rows, and has confirmed it if necessary.
    Bulk(BulkRows),
    /// The list as a file.
    Csv(Response),
}

impl<T> ListOutcome<T> {
    /// Returns the response. `page` makes the page around the list, and around the question whether
    /// to run an action. `bulk` runs the action; for a list without actions, it is never called.
    /// Both get the application's state.
    ///
    /// ```
    /// # use solohttp_core::{Handler as _, Request, Response, Result, iolist};
    /// # use solohttp_sqlite_guard::{BulkRows, Cell, Record as _, Stored, columns, write};
    /// # use solohttp_sqlite_guard::{SqliteGuard, rusqlite::Connection};
    /// # struct Task { title: String }
    /// # columns!(Task in "task" { title });
    /// struct App { db: Connection }
    ///
    /// fn tasks(app: &mut App, request: &Request) -> Result<Response> {
    ///     let list = Task::list()
    ///         .column("Task", "title", |task| Cell::text(&task.title))
    ///         .bulk("delete", "Delete")
    ///         .csv("tasks.csv");
    ///     list.handle(&app.db, request)?.respond(
    ///         app,
    ///         |_, list| Ok(Response::page(list.title_or("Tasks"), list.render())),
    ///         delete,
    ///     )
    /// }
    ///
    /// fn delete(app: &mut App, rows: &BulkRows) -> Result<Response> {
    ///     let delete = "DELETE FROM task WHERE id IN selected";
    ///     write(&mut app.db, |tx| Ok(rows.execute(tx, delete, &[])?))?;
    ///     Ok(rows.redirect())
    /// }
    /// # let db = Connection::open_in_memory()?;
    /// # db.execute_batch("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT);
    /// #     INSERT INTO task VALUES (7, 'Paint')")?;
    /// # let mut app = SqliteGuard::new(tasks, |app: &App| &app.db).with_state(App { db });
    /// # let shown = Request::get("/").send_to(&mut app).into_text();
    /// # assert!(shown.contains("<h1>Tasks</h1>") && shown.contains("<td>Paint</td>"));
    /// # let chosen = [("row", "7"), ("action", "delete")];
    /// # let asked = Request::post("/").form(chosen).send_to(&mut app).into_text();
    /// # assert!(asked.contains("<h1>Delete one row?</h1>"), "{asked}");
    /// # Ok::<(), rusqlite::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns the errors of `page` and `bulk`.
    pub fn respond<S, R: IntoResponse>(
        self,
        state: &mut S,
        page: impl FnOnce(&mut S, ListView) -> Result<R>,
        bulk: impl FnOnce(&mut S, &BulkRows) -> Result<Response>,
    ) -> Result<Response> {
        let view = match self {
            Self::Page(page) => ListView { question: None, html: page.render().into() },
            Self::Confirm(page) => {
                ListView { question: Some(page.title().to_owned()), html: page.render().into() }
            }
            Self::Bulk(rows) => return bulk(state, &rows),
            Self::Csv(file) => return Ok(file),
        };
        Ok(page(state, view)?.into_response())
    }
}

/// What a list shows on its page: its rows, or the question whether to run an action.
///
/// It is serialized as [`Html`], so a template can insert it.
#[derive(Debug)]
pub struct ListView {
    question: Option<String>,
    html: Html,
}

impl ListView {
    /// Returns the title of the page: the question, such as “Delete 3 rows?”, or else the given
    /// title of the list. It isn't escaped.
    #[must_use]
    pub fn title_or<'a>(&'a self, list: &'a str) -> &'a str {
        self.question.as_deref().unwrap_or(list)
    }

    /// Whether it asks a question instead of showing rows.
    #[must_use]
    pub fn is_question(&self) -> bool {
        self.question.is_some()
    }

    /// Returns it as HTML.
    #[must_use]
    pub fn render(&self) -> IoList {
        self.html.clone().into()
    }
}

impl Serialize for ListView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.html.serialize(serializer)
    }
}
