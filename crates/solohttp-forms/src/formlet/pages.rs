//! Ready-made pages that add, edit and delete the records of one type.
//!
//! This file is the public builder. `editing` connects it to the life cycle of a form, `deletion`
//! deletes, and `edit_page` is what the application's page shows.

mod adapt;
#[cfg(feature = "json")]
pub(crate) mod api;
mod deletion;
pub(crate) mod edit_page;
mod editing;
pub(crate) mod form_page;
#[cfg(feature = "json")]
mod kept;
mod parts;

use std::borrow::Cow;
use std::fmt;

use solohttp_core::{
    Allow, Handler, IntoHandler, IntoResponse, IoList, Method, Question, Request, Response, Result,
    StatusCode,
};

use crate::form::RecordForm;
use crate::form::steps::StepInput;
use crate::formlet::Submission;
use crate::store::drafts::Draft;
use crate::validation::errors::Errors;
use crate::view::FormView;
use edit_page::EditPage;
use editing::Editing;
use parts::{Parts, part_methods};

type Load<S, T> = Box<dyn Fn(&mut S, i64) -> Result<T>>;
type Save<S, T> = Box<dyn Fn(&mut S, &T, Option<i64>) -> Result<i64>>;
type Delete<S, T> = Box<dyn Fn(&mut S, i64, &T) -> Result<()>>;
type Show<S, T> = Box<dyn Fn(&mut S, i64, &T) -> Response>;
type Confirm<S, T> = Box<dyn Fn(&mut S, i64, &T) -> Result<Option<Question>>>;
type AfterSave<S, T> = Box<dyn Fn(&mut S, SavedRecord<'_, T>) -> Result<Response>>;
type AfterDelete<S, T> = Box<dyn Fn(&mut S, i64, &T) -> Result<Response>>;

/// The pages that add, edit and delete the records of one type, as one handler.
///
/// Mounted at `/task`, it handles:
///
/// | path | what it does |
/// |---|---|
/// | `/task/new` | adds a record |
/// | `/task/7/edit` | edits the record with the id 7 |
/// | POST to `/task/7/delete` | deletes it, if there is a [`delete`](Self::delete) |
/// | `/task/7/` | shows it, if there is a [`show`](Self::show) |
/// | `/task` | the list of all records, if there is an [`index`](Self::index) |
///
/// All other paths are a 404. The router may have other routes below `/task`, such as
/// `/task/*/toggle`, but not `/task/*/`, which would take `/task/new` as well.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use solohttp_core::{Rejection, Request, Result, StatusCode};
/// use solohttp_forms::{RecordPages, form, text};
/// use solohttp_router::Router;
///
/// #[derive(Clone)]
/// struct Task { title: String }
/// struct App { tasks: BTreeMap<i64, Task> }
///
/// impl App {
///     fn task(&mut self, id: i64) -> Result<Task> {
///         Ok(self.tasks.get(&id).cloned().ok_or(Rejection::from(StatusCode::NOT_FOUND))?)
///     }
///     fn save(&mut self, task: &Task, id: Option<i64>) -> Result<i64> {
///         let id = id.unwrap_or(self.tasks.len() as i64 + 1);
///         self.tasks.insert(id, task.clone());
///         Ok(id)
///     }
/// }
///
/// fn task_pages() -> RecordPages<App, Task> {
///     RecordPages::new(
///         |_: &mut App, _| Ok(form!(Task { title: text("Task").required() })),
///         App::task,
///         App::save,
///     )
///     .titles("New task", "Edit task")
///     .back_to("/tasks")
/// }
///
/// let mut router = Router::new();
/// router.mount("/task", task_pages());
/// let mut app = router.with_state(App { tasks: BTreeMap::new() });
/// let saved = Request::post("/task/new").form([("title", "Tea")]).send_to(&mut app);
/// assert_eq!(saved.header("location"), Some("/tasks"));
/// let page = Request::get("/task/1/edit").send_to(&mut app).into_text();
/// assert!(page.contains("<h1>Edit task</h1>") && page.contains("value=\"Tea\""));
/// assert_eq!(Request::get("/task/2/edit").send_to(&mut app).status(), 404);
/// ```
///
/// With solohttp-sqlite-guard, the functions that load and save are `Task::get(&app.db, id)` and
/// `write(&mut app.db, |tx| Ok(task.save(tx, id)?))`. If all records of an application are
/// stored in the same way and have the same page, write one generic function that returns their
/// `RecordPages<App, T>`.
///
/// Everything else is the same as for a [`Formlet`](crate::Formlet): invalid input, double clicks,
/// changes in other tabs, and a record that was deleted while it was edited, which can be saved as
/// a new one. For a form that needs more than the methods here, implement `Formlet`.
pub struct RecordPages<S, T> {
    parts: Parts<S, T>,
    load: Load<S, T>,
    save: Save<S, T>,
    delete: Option<Delete<S, T>>,
    single: Option<i64>,
    index: Option<Box<dyn Handler<S>>>,
    show: Option<Show<S, T>>,
    confirm: Option<Confirm<S, T>>,
    after_save: Option<AfterSave<S, T>>,
    after_delete: Option<AfterDelete<S, T>>,
    titles: Option<[Cow<'static, str>; 2]>,
}

/// What a request to [`RecordPages`] is about.
#[derive(Debug, Clone, Copy)]
pub struct EditRequest<'a> {
    /// The id of the record, or `None` for a new one.
    pub id: Option<i64>,
    /// The request that shows or sends the form.
    pub request: &'a Request,
}

/// A record that [`RecordPages`] have just saved.
#[derive(Debug, Clone, Copy)]
pub struct SavedRecord<'a, T> {
    /// The id, as returned by the function that saves.
    pub id: i64,
    /// The record.
    pub record: &'a T,
    /// The button that was pressed, and the request.
    pub submission: Submission<'a>,
}

impl<S, T> RecordPages<S, T> {
    /// Creates the pages from three functions.
    ///
    /// - `form` creates the form. It is called for each request.
    /// - `load` returns the record with this id, or a rejection with 404.
    /// - `save` replaces the record with this id, or adds a record if there is none. It returns the
    ///   record's id. Its errors are shown next to their fields where
    ///   [possible](crate::Formlet::map_error).
    pub fn new(
        form: impl Fn(&mut S, EditRequest<'_>) -> Result<RecordForm<T>> + 'static,
        load: impl Fn(&mut S, i64) -> Result<T> + 'static,
        save: impl Fn(&mut S, &T, Option<i64>) -> Result<i64> + 'static,
    ) -> Self {
        Self {
            parts: Parts::new(form),
            load: Box::new(load),
            save: Box::new(save),
            delete: None,
            single: None,
            index: None,
            show: None,
            confirm: None,
            after_save: None,
            after_delete: None,
            titles: None,
        }
    }

    part_methods!();

    /// Sets the titles of the pages that add and edit a record, such as "New task" and "Edit task".
    #[must_use]
    pub fn titles(
        mut self,
        new: impl Into<Cow<'static, str>>,
        edit: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.titles = Some([new.into(), edit.into()]);
        self
    }

    /// Sets the URL to go to after saving, after deleting, and to cancel. Defaults to the
    /// [`index`](Self::index), or to `/` if there is none.
    #[must_use]
    pub fn back_to(mut self, url: impl Into<Cow<'static, str>>) -> Self {
        self.parts.back = Some(url.into());
        self
    }

    /// Sets the URL to cancel to, which may depend on the record's id and on the input so far.
    #[must_use]
    pub fn cancel_to(
        mut self,
        url: impl Fn(&FormView<T>, EditRequest<'_>) -> String + 'static,
    ) -> Self {
        self.parts.cancel_to = Some(Box::new(url));
        self
    }

    /// Lays out the form. Defaults to [`FormView::render`].
    #[must_use]
    pub fn layout(
        mut self,
        layout: impl Fn(&mut S, &FormView<T>, EditRequest<'_>) -> Result<IoList> + 'static,
    ) -> Self {
        self.parts.layout = Some(Box::new(layout));
        self
    }

    /// Adds the page of all records, at the path where these pages are mounted: `/task`. It is any
    /// handler, such as the page of a list, and gets all methods.
    ///
    /// ```
    /// # use solohttp_core::{Request, Result};
    /// # use solohttp_forms::{RecordPages, form, text};
    /// # use solohttp_router::Router;
    /// # struct Task { title: String }
    /// # type App = Vec<String>;
    /// # let task_pages = RecordPages::new(
    /// #     |_: &mut App, _| Ok(form!(Task { title: text("Task").required() })),
    /// #     |app, id| Ok(Task { title: app[id as usize].clone() }),
    /// #     |app, task, _| { app.push(task.title.clone()); Ok(0) },
    /// # );
    /// let mut router = Router::new();
    /// router.mount("/task", task_pages.index(|app: &mut App| app.join(", ")));
    /// # let mut app = router.with_state(vec![]);
    /// let saved = Request::post("/task/new").form([("title", "Tea")]).send_to(&mut app);
    /// assert_eq!(saved.header("location"), Some("/task"));
    /// assert_eq!(Request::get("/task").send_to(&mut app).into_text(), "Tea");
    /// ```
    #[must_use]
    pub fn index<M, H>(mut self, handler: H) -> Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.index = Some(Box::new(handler.into_handler()));
        self
    }

    /// Adds a page that shows a record, at `/task/7/`.
    #[must_use]
    pub fn show<R: IntoResponse>(
        mut self,
        show: impl Fn(&mut S, i64, &T) -> Result<R> + 'static,
    ) -> Self {
        self.show =
            Some(Box::new(move |state, id, record| show(state, id, record).into_response()));
        self
    }

    /// Replaces the function that saves.
    #[must_use]
    pub fn save(mut self, save: impl Fn(&mut S, &T, Option<i64>) -> Result<i64> + 'static) -> Self {
        self.save = Box::new(save);
        self
    }

    /// Sets the response after saving, usually a redirect.
    #[must_use]
    pub fn after_save(
        mut self,
        after: impl Fn(&mut S, SavedRecord<'_, T>) -> Result<Response> + 'static,
    ) -> Self {
        self.after_save = Some(Box::new(after));
        self
    }

    /// Adds a button that deletes the record, and the function that does so. If a foreign key
    /// prevents it, the response is a 409 that says so.
    #[must_use]
    pub fn delete(mut self, delete: impl Fn(&mut S, i64, &T) -> Result<()> + 'static) -> Self {
        self.delete = Some(Box::new(delete));
        self
    }

    /// Asks before a record is deleted, if the function returns a question. If the deletion can be
    /// undone, prefer undo to a question.
    #[must_use]
    pub fn confirm_delete(
        mut self,
        question: impl Fn(&mut S, i64, &T) -> Result<Option<Question>> + 'static,
    ) -> Self {
        self.confirm = Some(Box::new(question));
        self
    }

    /// Sets the response after deleting, usually a redirect.
    #[must_use]
    pub fn after_delete(
        mut self,
        after: impl Fn(&mut S, i64, &T) -> Result<Response> + 'static,
    ) -> Self {
        self.after_delete = Some(Box::new(after));
        self
    }
}

/// What the path of a request asks for.
enum Action {
    Edit(Option<i64>),
    Delete(i64),
    Show(i64),
    /// The path of the page that shows a record, without its slash.
    MissingSlash,
    Index,
}

impl<S, T> RecordPages<S, T> {
    fn action(&self, request: &Request) -> Option<Action> {
        let mut path = request.suffix();
        let Some(first) = path.next() else {
            let index = self.index.as_ref().map(|_| Action::Index);
            return self.single.map(|id| Action::Edit(Some(id))).or(index);
        };
        let id = || first.parse::<i64>().ok();
        let action = match path.next() {
            None if first == "new" && self.single.is_none() => Action::Edit(None),
            None => id().map(|_| Action::MissingSlash).filter(|_| self.show.is_some())?,
            Some("edit") => Action::Edit(Some(id()?)),
            Some("delete") if self.delete.is_some() => Action::Delete(id()?),
            Some("") if self.show.is_some() => Action::Show(id()?),
            Some(_) => return None,
        };
        path.next().is_none().then_some(action)
    }

    /// The URL to go to afterwards, and to cancel.
    fn back(&self, request: &Request) -> String {
        match &self.parts.back {
            None if self.index.is_some() => request.app_url([""; 0]).to_string(),
            back => back.as_deref().unwrap_or("/").to_owned(),
        }
    }

    fn handle_show(&self, state: &mut S, id: i64) -> Result<Response> {
        let record = (self.load)(state, id)?;
        Ok(self.show.as_ref().map_or_else(not_found, |show| show(state, id, &record)))
    }
}

fn not_found() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

impl<S, T: 'static> Handler<S> for RecordPages<S, T> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        let action = self.action(request);
        if let (Some(Action::Index), Some(index)) = (&action, &mut self.index) {
            return index.handle(state, request);
        }
        let request = &*request;
        let is_get = matches!(*request.method(), Method::GET | Method::HEAD);
        match action {
            Some(Action::Edit(id)) => {
                let edit = EditRequest { id, request };
                let mut editing = Editing { pages: self, edit, is_found: false, respond: None };
                self.parts.store.run(&mut editing, state, request)
            }
            Some(Action::Delete(id)) if *request.method() == Method::POST => {
                self.handle_delete(state, id, request).into_response()
            }
            Some(Action::Delete(_)) => Allow::new([Method::POST]).respond(request),
            Some(Action::Show(id)) if is_get => self.handle_show(state, id).into_response(),
            Some(Action::MissingSlash) if is_get => {
                let path = request.app_url(request.suffix().chain([""]));
                let query = &request.target()[request.path().len()..];
                Response::redirect(format!("{path}{query}"))
            }
            Some(Action::Show(_) | Action::MissingSlash) => {
                Allow::new([Method::GET]).respond(request)
            }
            Some(Action::Index) | None => not_found(),
        }
    }
}

impl<S, T> fmt::Debug for RecordPages<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordPages").field("titles", &self.titles).finish_non_exhaustive()
    }
}
