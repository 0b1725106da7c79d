//! The page of a list in a `RecordApp`, and what is done with the rows that the user selects.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use solohttp_core::{
    Allow, ConstraintError, Failure, Handler, Html, IntoResponse, IoList, Locale, Method,
    Rejection, Request, Response, Result, Sentence, StatusCode, values,
};
use solohttp_forms::{FormPage, RecordForm};
use solohttp_sqlite_guard::rusqlite::{ToSql, Transaction};
use solohttp_sqlite_guard::{BulkAction, BulkRows, List, ListView, Record, Stored};
use solohttp_template::Frame;

use super::{RecordApp, RecordWords};

type ListOf<A, T> = Box<dyn Fn(&A) -> Result<List<T>>>;
type FrameOf<A> = Box<dyn Fn(&A, Frame) -> Result<Frame>>;
type Run<A> = Box<dyn Fn(&mut A, &BulkRows) -> Result<Response>>;

/// The page of a list, made by [`RecordApp::list`].
pub struct RecordList<A, T> {
    title: Cow<'static, str>,
    list: ListOf<A, T>,
    add_at: Option<Cow<'static, str>>,
    frame: Option<FrameOf<A>>,
    actions: Vec<(BulkAction, Run<A>)>,
}

impl<S: 'static> RecordApp<S> {
    /// The page of a list, as a handler for the path where it is mounted. It is made of the template
    /// `list`, which inserts `{list}`, and it updates when records change. Questions about selected
    /// rows are shown with the template `form`.
    ///
    /// ```
    /// use solohttp::prelude::*;
    ///
    /// type App = RecordApp;
    ///
    /// record! {
    ///     pub struct Item in "item" {
    ///         pub name: String = text("Name").required(),
    ///         pub sold: bool = checkbox("Sold"),
    ///     }
    /// }
    ///
    /// fn items() -> RecordList<App, Stored<Item>> {
    ///     App::list("Items", |_| {
    ///         let name = |item: &Stored<Item>| Cell::link(format!("/item/{}/edit", item.id), &item.name);
    ///         Ok(Item::list().noun("item", "items").column("Name", "name", name))
    ///     })
    ///     .add_at("/item/new")
    ///     .bulk_set(BulkAction::new("sold", "Mark as sold"), "sold", true)
    ///     .bulk_delete("Delete")
    /// }
    /// # use solohttp::TestClient;
    /// # let db = Database::in_memory().migrations([
    /// #     "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, sold INTEGER NOT NULL) STRICT;
    /// #     INSERT INTO item VALUES (1, 'Tea', 0), (2, 'Rice', 0), (3, 'Salt', 0)"]);
    /// # let pages = TemplateFolder::embedded(&[
    /// #     ("list", "<title>{title}</title>{flash}<a href=\"{add_at:url}\">New</a>{list}"),
    /// #     ("form", "<title>{title}</title>{form}"),
    /// # ]);
    /// # let app = RecordApp::open(&Place::at(""), db, pages)?;
    /// # let mut router = Router::new();
    /// # router.mount("/items", items());
    /// # let mut browser = TestClient::new(app.serve(router));
    /// # let mut page = browser.get("/items");
    /// # assert!(page.html().contains("<a href=\"/item/new\">New</a>"));
    /// # page.check("Select Tea");
    /// # page.check("Select Salt");
    /// # let question = browser.press(page, "Delete");
    /// # assert_eq!(question.title(), "Delete 2 items?");
    /// # let page = browser.press(question, "Delete");
    /// # assert!(page.html().contains("2 items deleted"), "{}", page.html());
    /// # assert!(page.html().contains("Rice") && !page.html().contains("Tea"));
    /// # Ok::<(), solohttp::Failure>(())
    /// ```
    ///
    /// Mount it at a path of its own, or make it the
    /// [index](crate::forms::RecordPages::index) of the pages of its records.
    pub fn list<T>(
        title: impl Into<Cow<'static, str>>,
        list: impl Fn(&Self) -> Result<List<T>> + 'static,
    ) -> RecordList<Self, T> {
        RecordList {
            title: title.into(),
            list: Box::new(list),
            add_at: None,
            frame: None,
            actions: Vec::new(),
        }
    }

    /// A page with a form that changes the selected rows of a list. The list's action leads there:
    /// [`RecordList::bulk_open`]. `list` returns the same list.
    ///
    /// The title says how many rows are changed, the change can be undone, and then the list is shown
    /// again.
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// # record! { pub struct Item in "item" { pub name: String = text("Name") } }
    /// # type App = RecordApp;
    /// # fn items(app: &App) -> Result<List<Stored<Item>>> { Ok(Item::list()) }
    /// record! {
    ///     struct Change {
    ///         shelf: String = text("Shelf").required(),
    ///     }
    /// }
    ///
    /// fn change_page() -> FormPage<App, Change> {
    ///     App::bulk_form(items, |_| Ok(Change::form()), |tx, rows, to| {
    ///         let update = "UPDATE item SET shelf = :to WHERE id IN selected";
    ///         Ok(rows.execute(tx, update, &[(":to", &to.shelf)])?)
    ///     })
    /// }
    /// ```
    pub fn bulk_form<T: 'static, F>(
        list: impl Fn(&Self) -> Result<List<T>> + Clone + 'static,
        form: impl Fn(&Self) -> Result<RecordForm<F>> + 'static,
        change: impl Fn(&Transaction<'_>, &BulkRows, &F) -> Result<usize> + 'static,
    ) -> FormPage<Self, F> {
        let list_of_title = list.clone();
        Self::form(
            move |app, _| form(app),
            move |app, to, submission| {
                let rows = list(app)?.selected(&app.db, submission.request())?;
                app.write_rows(&rows, |words| &words.rows_saved, |tx| change(tx, &rows, &to))
            },
        )
        .title_with(move |app, request| {
            let rows = list_of_title(app)?.selected(&app.db, request)?;
            let words = Locale::current::<RecordWords>();
            Ok(words.change_rows.say(&[("rows", &rows.counted())]))
        })
    }

    /// Changes the selected rows, says so, and returns to the list.
    fn write_rows(
        &mut self,
        rows: &BulkRows,
        phrase: fn(&RecordWords) -> &Sentence,
        change: impl FnOnce(&Transaction<'_>) -> Result<usize>,
    ) -> Result<Response> {
        let words = Locale::current::<RecordWords>();
        let what = phrase(&words).say(&[("rows", &rows.counted())]);
        self.write(&what, change)?;
        self.say(what);
        Ok(rows.redirect())
    }
}

impl<S: 'static, T> RecordList<RecordApp<S>, T> {
    /// Sets the path of the page that adds a record, for the template's `{add_at:url}`.
    #[must_use]
    pub fn add_at(mut self, path: impl Into<Cow<'static, str>>) -> Self {
        self.add_at = Some(path.into());
        self
    }

    /// Sets what else the template `list` sees, such as a chart.
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// # record! { pub struct Item in "item" { pub name: String = text("Name") } }
    /// let items = RecordApp::<()>::list("Items", |_| Ok(Item::list())).with(|app| {
    ///     let sold: i64 = app.db.query_row("SELECT count(*) FROM sale", [], |row| row.get(0))?;
    ///     Ok(values! { sold })
    /// });
    /// ```
    #[must_use]
    pub fn with<V: Serialize + 'static>(
        mut self,
        values: impl Fn(&RecordApp<S>) -> Result<V> + 'static,
    ) -> Self {
        self.frame = Some(Box::new(move |app, frame| Ok(frame.with(values(app)?))));
        self
    }

    /// Adds a button for the rows that the user selects, and what it does. It usually calls
    /// [`RecordApp::write`] with [`BulkRows::execute`], and returns [`BulkRows::redirect`].
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// # record! { pub struct Item in "item" { pub name: String = text("Name") } }
    /// let items = RecordApp::<()>::list("Items", |_| Ok(Item::list())).bulk(
    ///     BulkAction::new("raise", "Raise prices"),
    ///     |app, rows| {
    ///         app.write(format!("Prices of {} raised", rows.counted()), |tx| {
    ///             let update = "UPDATE item SET price = price * 11 / 10 WHERE id IN selected";
    ///             Ok(rows.execute(tx, update, &[])?)
    ///         })?;
    ///         Ok(rows.redirect())
    ///     },
    /// );
    /// ```
    #[must_use]
    pub fn bulk(
        mut self,
        action: BulkAction,
        run: impl Fn(&mut RecordApp<S>, &BulkRows) -> Result<Response> + 'static,
    ) -> Self {
        self.actions.push((action, Box::new(run)));
        self
    }

    /// Adds a button that leads to a page for the selected rows. See
    /// [`RecordApp::bulk_form`].
    ///
    /// # Panics
    /// If the path doesn't start with `/`.
    #[must_use]
    #[track_caller]
    pub fn bulk_open(self, label: impl Into<String>, path: &'static str) -> Self {
        assert!(path.starts_with('/'), "{path:?} isn't an absolute path");
        self.bulk(BulkAction::new(path, label).at_once(), |_, rows| Ok(rows.redirect_to(path)))
    }
}

impl<S: 'static, R: Record + 'static> RecordList<RecordApp<S>, Stored<R>> {
    /// Adds a button that deletes the selected rows.
    #[must_use]
    pub fn bulk_delete(self, label: impl Into<String>) -> Self {
        let delete = format!("DELETE FROM {} WHERE {} IN selected", name(R::TABLE), name(R::KEY));
        self.bulk(BulkAction::new("delete", label), move |app, rows| {
            let run = |tx: &Transaction<'_>| Ok(rows.execute(tx, &delete, &[])?);
            let done = app.write_rows(rows, |words| &words.rows_deleted, run);
            done.map_err(|failure| refused(failure, |words| &words.rows_in_use))
        })
    }

    /// Adds a button that sets a column of the selected rows.
    ///
    /// ```
    /// # use solohttp::prelude::*;
    /// # record! { pub struct Item in "item" { pub state: String = text("State") } }
    /// let mut items = RecordApp::<()>::list("Items", |_| Ok(Item::list()));
    /// for state in ["ordered", "sold"] {
    ///     let action = BulkAction::new(state, format!("Mark as {state}"))
    ///         .question(move |rows| format!("Mark {rows} as {state}?"));
    ///     items = items.bulk_set(action, "state", state);
    /// }
    /// ```
    #[must_use]
    pub fn bulk_set(self, action: BulkAction, column: &str, value: impl ToSql + 'static) -> Self {
        let update = format!(
            "UPDATE {} SET {} = :solo_to WHERE {} IN selected",
            name(R::TABLE),
            name(column),
            name(R::KEY)
        );
        self.bulk(action, move |app, rows| {
            let run =
                |tx: &Transaction<'_>| Ok(rows.execute(tx, &update, &[(":solo_to", &value)])?);
            let done = app.write_rows(rows, |words| &words.rows_saved, run);
            done.map_err(|failure| refused(failure, |words| &words.rows_refused))
        })
    }
}

/// A violated constraint is no fault of the program, but a matter of the selected rows.
fn refused(failure: Failure, sentence: fn(&RecordWords) -> &Sentence) -> Failure {
    match failure.error().and_then(ConstraintError::find) {
        Some(_) => Rejection::localized(StatusCode::CONFLICT, sentence, &[]).into(),
        None => failure,
    }
}

/// A name in SQL.
fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl<S: 'static, T: 'static> RecordList<RecordApp<S>, T> {
    fn respond(&self, app: &mut RecordApp<S>, request: &Request) -> Result<Response> {
        let actions = self.actions.iter().map(|(action, _)| action.clone());
        let list = (self.list)(app)?.live(RecordApp::<S>::LIVE).bulk_actions(actions);
        let outcome = list.handle(&app.db, request)?;
        outcome.respond(
            app,
            |app, view| self.page(app, &view),
            |app, rows| {
                let chosen = self.actions.iter().find(|(action, _)| action.name() == rows.action());
                match chosen {
                    Some((_, run)) => run(app, rows),
                    None => Err(format!(
                        "the list has an action {:?} of its own; add it with `RecordList::bulk`",
                        rows.action()
                    )
                    .into()),
                }
            },
        )
    }

    fn page(&self, app: &RecordApp<S>, view: &ListView) -> Result<IoList> {
        let title = view.title_or(&self.title);
        if view.is_question() {
            return app.page(title, "form", &values! { form: Html::from(view.render()) });
        }
        let frame = app.frame_of(title)?;
        let frame = match &self.frame {
            Some(own) => own(app, frame)?,
            None => frame,
        };
        let data = values! { list: view, add_at: &self.add_at };
        Ok(app.pages.render_framed("list", &data, &frame)?)
    }
}

impl<S: 'static, T: 'static> Handler<RecordApp<S>> for RecordList<RecordApp<S>, T> {
    fn handle(&mut self, app: &mut RecordApp<S>, request: &mut Request) -> Response {
        // The list doesn't respond to paths below the one where it is mounted.
        if request.mount_depth() > 0 && request.has_suffix() {
            return StatusCode::NOT_FOUND.into_response();
        }
        match *request.method() {
            Method::GET | Method::HEAD | Method::POST => self.respond(app, request).into_response(),
            _ => Allow::new([Method::GET, Method::POST]).respond(request),
        }
    }
}

impl<A, T> fmt::Debug for RecordList<A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordList").field("title", &self.title).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
