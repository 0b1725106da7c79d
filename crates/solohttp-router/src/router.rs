//! The router, which maps routes to handlers. Invalid routes panic at the line that adds them.

use std::fmt;

use solohttp_core::{
    Handler, IntoHandler, IntoResponse as _, Method, Rejection, Request, RequestFn, Response,
    Servlet, StatusCode, Wildcard, WithState,
};

use crate::handlers::service::Service;
use crate::handlers::servlets::Servlets;
use crate::links::paths::Paths;
use crate::links::redirect;
use crate::routes::table::{Lookup, Route, RouteKind, Table};
use crate::words::RouterWords;

#[doc = include_str!("../docs/router.md")]
pub struct Router<S = ()> {
    table: Table,
    targets: Vec<Box<dyn Handler<S>>>,
    /// The indices of the targets that are mounted.
    mounts: Vec<usize>,
    fallback: Option<Box<dyn Handler<S>>>,
}

impl<S> Router<S> {
    /// Creates a router without routes, which responds to every request with 404.
    #[must_use]
    pub fn new() -> Self {
        Self { table: Table::new(), targets: Vec::new(), mounts: Vec::new(), fallback: None }
    }

    /// Attaches the state, which turns the router into a handler that needs no further state.
    pub fn with_state(self, state: S) -> WithState<Self, S>
    where
        S: 'static,
    {
        Handler::with_state(self, state)
    }

    /// Routes GET and HEAD requests for exactly this path.
    ///
    /// # Panics
    /// If the path is malformed or already taken, or if the handler's [`Path`](crate::Path) doesn't
    /// fit its wildcards. This applies to all methods that add routes.
    #[track_caller]
    pub fn get<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::GET, path, handler)
    }

    /// Routes POST requests for exactly this path.
    ///
    /// # Panics
    /// See [`get`](Self::get).
    #[track_caller]
    pub fn post<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::POST, path, handler)
    }

    /// Routes PUT requests for exactly this path.
    ///
    /// # Panics
    /// See [`get`](Self::get).
    #[track_caller]
    pub fn put<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::PUT, path, handler)
    }

    /// Routes PATCH requests for exactly this path.
    ///
    /// # Panics
    /// See [`get`](Self::get).
    #[track_caller]
    pub fn patch<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::PATCH, path, handler)
    }

    /// Routes DELETE requests for exactly this path.
    ///
    /// # Panics
    /// See [`get`](Self::get).
    #[track_caller]
    pub fn delete<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::DELETE, path, handler)
    }

    /// Routes requests with all methods for exactly this path, for a handler that answers each in its
    /// own way, such as the page of a form or of a list.
    ///
    /// ```
    /// use solohttp_core::Request;
    /// use solohttp_router::Router;
    ///
    /// let mut router = Router::new();
    /// router.any("/", |request: &Request| format!("{} it is.", request.method()));
    /// assert_eq!(Request::post("/").send_to(&mut router).into_text(), "POST it is.");
    /// assert_eq!(Request::post("/elsewhere").send_to(&mut router).status(), 404);
    /// ```
    ///
    /// # Panics
    /// See [`get`](Self::get).
    #[track_caller]
    pub fn any<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.add(&RouteKind::AllMethods, &path, Box::new(handler.into_handler()))
    }

    /// Routes requests with this method, standard or not, for exactly this path.
    ///
    /// # Panics
    /// See [`get`](Self::get).
    #[track_caller]
    pub fn on<M, H>(&mut self, method: Method, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.add(&RouteKind::Method(method), &path, Box::new(handler.into_handler()))
    }

    /// Routes all methods for this path and everything below it that has no deeper route.
    ///
    /// The handler gets the rest of the path from [`Request::suffix`]. `"/"` matches the whole
    /// site.
    ///
    /// # Panics
    /// In the same cases as [`get`](Self::get), and if the path ends in a slash.
    #[track_caller]
    pub fn mount<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.add(&RouteKind::Mount, &path, Box::new(handler.into_handler()))
    }

    /// Like [`mount`](Self::mount), but for a path that ends in a slash. A request without the
    /// slash is redirected, so that relative links work.
    ///
    /// # Panics
    /// In the same cases as [`get`](Self::get), and if the path doesn't end in a slash.
    #[track_caller]
    pub fn mount_folder<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.add(&RouteKind::Folder, &path, Box::new(handler.into_handler()))
    }

    /// Routes exactly this path to a [`Servlet`], which `constructor` creates for each request. A
    /// servlet has one Rust method for each HTTP method.
    ///
    /// ```
    /// use solohttp_core::{IntoResponse, Request, Result, Servlet};
    /// use solohttp_router::{Path, Router};
    ///
    /// struct Task { id: Option<u32> }
    ///
    /// impl Servlet for Task {
    ///     fn get(self, _: &mut (), _: &mut Request) -> Result<impl IntoResponse> {
    ///         Ok(self.id.map_or("A new task".to_owned(), |id| format!("Task {id}")))
    ///     }
    /// }
    ///
    /// let mut router = Router::new();
    /// router.servlet(["/task/new", "/task/*"], |Path(id): Path<Option<u32>>| Task { id });
    /// assert_eq!(Request::get("/task/7").send_to(&mut router).into_text(), "Task 7");
    /// assert_eq!(Request::get("/task/new").send_to(&mut router).into_text(), "A new task");
    /// assert_eq!(Request::post("/task/7").send_to(&mut router).status(), 405);
    /// ```
    ///
    /// # Panics
    /// See [`get`](Self::get).
    #[track_caller]
    pub fn servlet<M, C>(&mut self, path: impl Paths, constructor: C) -> &mut Self
    where
        M: 'static,
        C: RequestFn<S, M, Output: Servlet<S>> + 'static,
    {
        self.add(&RouteKind::AllMethods, &path, Box::new(Servlets::new(constructor)))
    }

    /// Routes everything under a path that ends in a slash to the named actions of a [`Service`].
    ///
    /// # Panics
    /// See [`mount_folder`](Self::mount_folder).
    #[track_caller]
    pub fn service<T>(&mut self, path: impl Paths, service: Service<S, T>) -> &mut Self
    where
        S: 'static,
        T: 'static,
    {
        self.add(&RouteKind::Folder, &path, Box::new(service))
    }

    /// Handles requests that match no route, instead of the default 404 page.
    ///
    /// # Panics
    /// If the router already has a fallback.
    #[track_caller]
    pub fn fallback<M, H>(&mut self, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        assert!(self.fallback.is_none(), "this router already has a fallback: remove one of them");
        self.fallback = Some(Box::new(handler.into_handler()));
        self
    }

    #[track_caller]
    fn add(
        &mut self,
        kind: &RouteKind,
        paths: &dyn Paths,
        handler: Box<dyn Handler<S>>,
    ) -> &mut Self {
        let mut texts = Vec::new();
        paths.each_path(&mut |path| texts.push(path.to_owned()));
        let target = self.targets.len();
        for text in texts {
            let fits = |names: &[Option<&str>]| handler.check_wildcards(names);
            if let Err(problem) = self.table.add(kind, &text, target, fits) {
                panic!("route {text:?}: {problem}");
            }
        }
        if matches!(kind, RouteKind::Mount | RouteKind::Folder) {
            self.mounts.push(target);
        }
        self.targets.push(handler);
        self
    }

    fn run(
        &mut self,
        route: usize,
        depth: usize,
        state: &mut S,
        request: &mut Request,
    ) -> Response {
        let base = request.mount_depth();
        let Route { target, wildcards } = self.table.route(route);
        let absolute = |wildcard: &Wildcard| Wildcard {
            segment: base + wildcard.segment,
            name: wildcard.name.clone(),
        };
        request.enter_mount(depth, wildcards.iter().map(absolute));
        self.targets[*target].handle(state, request)
    }

    /// Runs a call that is meant for this state. Passes any other call to the mounted handlers,
    /// which may have their own states.
    fn pass_on(&mut self, state: &mut S, request: &mut Request) -> Response
    where
        S: 'static,
    {
        if let Some(response) = request.run_call(state) {
            return response;
        }
        for target in &self.mounts {
            let response = self.targets[*target].handle(state, request);
            if request.has_run() {
                return response;
            }
        }
        Response::empty(StatusCode::NOT_FOUND)
    }

    fn miss(&mut self, state: &mut S, request: &mut Request) -> Response {
        match &mut self.fallback {
            Some(fallback) => fallback.handle(state, request),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

impl<S: 'static> Handler<S> for Router<S> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        if request.is_call() {
            return self.pass_on(state, request);
        }
        if let Some(url) = request.normal_url() {
            return redirect::to(url);
        }
        match self.table.look_up(request.method(), request.suffix()) {
            Lookup::Found { route, depth } => self.run(route, depth, state, request),
            Lookup::MethodNotAllowed(allow) => allow.respond(request),
            Lookup::MissingSlash => redirect::to_slash(request),
            // Only GET and HEAD are redirected, because a form with the wrong address is a bug that
            // the programmer should notice.
            Lookup::ExtraSlash { has_method: true }
                if matches!(*request.method(), Method::GET | Method::HEAD) =>
            {
                redirect::to_no_slash(request)
            }
            Lookup::ExtraSlash { .. } if self.fallback.is_none() => {
                let right = redirect::without_slash(request);
                Rejection::localized(
                    StatusCode::NOT_FOUND,
                    |words: &RouterWords| &words.without_slash,
                    &[("path", &right)],
                )
                .into_response()
            }
            Lookup::ExtraSlash { .. } | Lookup::NotFound => self.miss(state, request),
        }
    }
}

impl<S> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Router<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router").field("routes", &self.table.len()).finish_non_exhaustive()
    }
}
