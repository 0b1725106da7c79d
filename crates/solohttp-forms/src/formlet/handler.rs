//! Formlets as handlers and servlets, so that a router can mount them.

use std::fmt;

use solohttp_core::{Handler, IntoResponse, Request, Response, Result, Servlet, StatusCode};

use crate::formlet::Formlet;
use crate::store::form_store::FormStore;

/// A formlet as a handler: see [`formlet`] and [`FormStore::servlet`].
pub struct FormletHandler<F> {
    formlet: F,
    store: FormStore,
}

/// Turns a formlet into a handler for all requests to its form.
pub fn formlet<F>(formlet: F) -> FormletHandler<F> {
    FormStore::new().servlet(formlet)
}

impl FormStore {
    /// Handles a request with a formlet that isn't mounted as a handler.
    ///
    /// Keep the store between requests, so that it can recognize forms that are sent twice.
    pub fn handle<S, F: Formlet<S>>(
        &self,
        formlet: &mut F,
        state: &mut S,
        request: &Request,
    ) -> Response {
        // The form doesn't respond to paths below the one where it is mounted.
        if request.mount_depth() > 0 && request.has_suffix() {
            return StatusCode::NOT_FOUND.into_response();
        }
        self.run(formlet, state, request)
    }

    /// Turns a formlet into a [`Servlet`]. The formlet is created for each request, so it can hold
    /// the values of path wildcards.
    ///
    /// ```
    /// # use solohttp_core::{IoList, Request, Response, Result};
    /// # use solohttp_forms::{FormStore, FormView, Formlet, RecordForm, Submission, form, text};
    /// # use solohttp_router::{Path, Router};
    /// # struct Person { name: String }
    /// struct EditPerson { id: i64 }
    ///
    /// # impl Formlet<()> for EditPerson {
    /// #     type Record = Person;
    /// #     fn form(&mut self, _: &mut ()) -> Result<RecordForm<Person>> {
    /// #         Ok(form!(Person { name: text("Name").required() }))
    /// #     }
    /// #     fn save(&mut self, _: &mut (), _: Person, _: &Submission<'_>) -> Result<Response> {
    /// #         Ok(Response::redirect("/"))
    /// #     }
    /// #     fn page(&mut self, _: &mut (), _: &FormView<Person>, _: &Request) -> Result<IoList> {
    /// #         Ok(IoList::from(self.id.to_string()))
    /// #     }
    /// # }
    /// let store = FormStore::new();
    /// let mut router = Router::new();
    /// router.servlet("/person/*", move |Path(id): Path<i64>| store.servlet(EditPerson { id }));
    /// assert_eq!(Request::get("/person/7").send_to(&mut router).into_text(), "7");
    /// ```
    pub fn servlet<F>(&self, formlet: F) -> FormletHandler<F> {
        FormletHandler { formlet, store: self.clone() }
    }
}

impl<S, F: Formlet<S>> Handler<S> for FormletHandler<F> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        self.store.handle(&mut self.formlet, state, request)
    }
}

impl<S, F: Formlet<S>> Servlet<S> for FormletHandler<F> {
    fn get(mut self, state: &mut S, request: &mut Request) -> Result<impl IntoResponse> {
        Ok(self.handle(state, request))
    }

    fn post(mut self, state: &mut S, request: &mut Request) -> Result<impl IntoResponse> {
        Ok(self.handle(state, request))
    }
}

impl<F> fmt::Debug for FormletHandler<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormletHandler").field("store", &self.store).finish_non_exhaustive()
    }
}
