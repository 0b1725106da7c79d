//! A record's pages for programs: JSON in place of forms.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use solohttp_core::{
    Allow, Fields, Handler, HeaderValue, IntoResponse, Json, Method, Request, Response, Result,
    StatusCode, header,
};

use super::editing::Editing;
use super::{EditRequest, RecordPages, kept, not_found};
use crate::form::data::FormData;
use crate::formlet::{Formlet as _, Submission, row_ids, saving};
use crate::merge::conflict::RecordChanges;
use crate::outline::BlankRows;

type List<S> = Box<dyn Fn(&mut S, &Request) -> Result<Response>>;

/// The records of one type as JSON: see [`RecordPages::api`].
pub struct RecordApi<S, T> {
    pages: RecordPages<S, T>,
    list: List<S>,
}

impl<S, T> RecordPages<S, T> {
    /// Turns the pages into a handler for programs, which send and receive JSON. `list` returns
    /// the records of the list, or anything else that can be serialized.
    ///
    /// Mounted at `/api/samples`, it handles:
    ///
    /// | request | what it does |
    /// |---|---|
    /// | GET `/api/samples` | returns the list |
    /// | POST `/api/samples` | adds a record: 201, with its URL in `Location`, and `{"id": 7}` |
    /// | GET `/api/samples/7` | returns the record with the id 7 |
    /// | PUT `/api/samples/7` | replaces it: 204 |
    /// | DELETE `/api/samples/7` | deletes it, if there is a [`delete`](Self::delete): 204 |
    ///
    /// A record has to follow the rules of the form, and passes the same [`check`](Self::check).
    /// An invalid one is a 422 with the [problem](crate::FormView::problem) of the form, and so is a
    /// violated constraint, such as a code that is already taken. All errors are JSON, too.
    ///
    /// A PUT replaces all that JSON can express. A field that isn't part of the JSON, such as a file
    /// or another field with `#[serde(skip)]`, keeps its stored value. In a list of rows, this is the
    /// value of the equal row; of a changed row if the number of rows is the same; or none, so the
    /// row counts as new.
    ///
    /// ```
    /// use serde::{Deserialize, Serialize};
    /// use solohttp_core::{Handler, Request};
    /// use solohttp_forms::{RecordPages, form, text};
    ///
    /// #[derive(Clone, Serialize, Deserialize)]
    /// struct Task { title: String }
    /// struct App { tasks: Vec<Task> }
    ///
    /// fn task_pages() -> RecordPages<App, Task> {
    ///     RecordPages::new(
    ///         |_: &mut App, _| Ok(form!(Task { title: text("Title").required() })),
    ///         |app, id| Ok(app.tasks[id as usize].clone()),
    ///         |app, task, _| {
    ///             app.tasks.push(task.clone());
    ///             Ok(app.tasks.len() as i64 - 1)
    ///         },
    ///     )
    /// }
    ///
    /// let api = task_pages().api(|app, _| Ok(app.tasks.clone()));
    /// let mut app = api.with_state(App { tasks: vec![] });
    /// let added = Request::post("/").json(&Task { title: "Tea".into() }).send_to(&mut app);
    /// assert_eq!((added.status().as_u16(), added.header("location")), (201, Some("/0")));
    /// assert_eq!(Request::get("/").send_to(&mut app).into_text(), r#"[{"title":"Tea"}]"#);
    /// let wrong = Request::post("/").json(&Task { title: String::new() }).send_to(&mut app);
    /// assert_eq!(wrong.header("content-type"), Some("application/problem+json"));
    /// ```
    #[must_use]
    pub fn api<L: Serialize>(
        self,
        list: impl Fn(&mut S, &Request) -> Result<L> + 'static,
    ) -> RecordApi<S, T> {
        let list =
            move |state: &mut S, request: &Request| Ok(Json(list(state, request)?).into_response());
        RecordApi { pages: self, list: Box::new(list) }
    }
}

impl<S, T: Serialize + DeserializeOwned + 'static> RecordApi<S, T> {
    /// Adds a record, or replaces the one with this id.
    fn write(&self, state: &mut S, id: Option<i64>, request: &mut Request) -> Result<Response> {
        let Json(record): Json<T> = request.extract()?;
        let edit = EditRequest { id, request };
        let mut editing =
            Editing { pages: &self.pages, edit, is_found: false, respond: Some(saved) };
        let form = editing.form(state)?;
        let stored = id.map(|id| (self.pages.load)(state, id)).transpose()?;
        editing.is_found = stored.is_some();
        let mut fields = form.fields_of(&record);
        let mut known = Fields::new();
        if let Some(stored) = stored {
            known = form.fields_of(&stored);
            kept::keep(&form, (&stored, &known), &mut fields)?;
        }
        let mut data = FormData::from(fields);
        form.normalize(&mut data, BlankRows::Last);
        row_ids::forget_unknown(&known, data.fields_mut());
        let button = form.settings().pressed(None).map_or("save", |(name, _)| name);
        let submission = Submission { button, is_new: false, request, back: "/" };
        match saving::save(&mut editing, state, (&form, &data), &submission)? {
            Ok(response) => Ok(response),
            Err(errors) => {
                let view = form.view_after(data, errors.list, RecordChanges::default(), None);
                Ok(view.problem().into_response())
            }
        }
    }

    fn delete(&self, state: &mut S, id: i64) -> Result<Response> {
        let record = (self.pages.load)(state, id)?;
        self.pages.delete_record(state, id, &record)?;
        Ok(Response::empty(StatusCode::NO_CONTENT))
    }
}

impl<S, T: Serialize + DeserializeOwned + 'static> Handler<S> for RecordApi<S, T> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        request.prefer_json();
        let mut path = request.suffix();
        let id = match (path.next(), path.next()) {
            (None | Some(""), None) => None,
            (Some(id), None) => match id.parse::<i64>() {
                Ok(id) => Some(id),
                Err(_) => return not_found(),
            },
            _ => return not_found(),
        };
        drop(path);
        match (request.method().clone(), id) {
            (Method::GET | Method::HEAD, None) => (self.list)(state, request).into_response(),
            (Method::GET | Method::HEAD, Some(id)) => {
                (self.pages.load)(state, id).map(Json).into_response()
            }
            (Method::POST, None) => self.write(state, None, request).into_response(),
            (Method::PUT, Some(id)) => self.write(state, Some(id), request).into_response(),
            (Method::DELETE, Some(id)) if self.pages.delete.is_some() => {
                self.delete(state, id).into_response()
            }
            (_, None) => Allow::new([Method::GET, Method::POST]).respond(request),
            (_, Some(_)) if self.pages.delete.is_some() => {
                Allow::new([Method::GET, Method::PUT, Method::DELETE]).respond(request)
            }
            (_, Some(_)) => Allow::new([Method::GET, Method::PUT]).respond(request),
        }
    }
}

impl<S, T> fmt::Debug for RecordApi<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordApi").field("pages", &self.pages).finish_non_exhaustive()
    }
}

/// The response to a program.
fn saved(edit: &EditRequest<'_>, id: i64) -> Response {
    if edit.id.is_some() {
        return Response::empty(StatusCode::NO_CONTENT);
    }
    let url = edit.request.app_url([id.to_string()]).to_string();
    let body = Json(BTreeMap::from([("id", id)])).into_response();
    match HeaderValue::from_str(&url) {
        Ok(url) => body.with_status(StatusCode::CREATED).with_header(header::LOCATION, url),
        Err(error) => Response::failed(error.into()),
    }
}
