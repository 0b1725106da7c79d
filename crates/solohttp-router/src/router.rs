//! Which handler answers a request: routes are added at the start, then looked up by path.
//!
//! Which route fits is `table`'s to know. ValidationErrors of the program panic here, at the line that
//! adds the route.

use std::fmt;

use solohttp_core::{
    Handler, IntoHandler, IntoResponse as _, Method, Rejection, Request, Response, Servlet,
    StatusCode, Wildcard, WithState,
};

use crate::handlers::calls::Constructor;
use crate::handlers::service::Service;
use crate::handlers::servlets::Servlets;
use crate::links::paths::Paths;
use crate::links::redirect;
use crate::routes::table::{How, Route, Table, Verdict};
use crate::words::RouterWords;

#[doc = include_str!("../docs/router.md")]
pub struct Router<S = ()> {
    table: Table,
    targets: Vec<Box<dyn Handler<S>>>,
    /// Those of the targets that are mounted.
    mounts: Vec<usize>,
    fallback: Option<Box<dyn Handler<S>>>,
}

impl<S> Router<S> {
    /// A router without routes: it answers 404 to all.
    #[must_use]
    pub fn new() -> Self {
        Self { table: Table::new(), targets: Vec::new(), mounts: Vec::new(), fallback: None }
    }

    /// Gives the router its state, which makes it a handler that needs none.
    pub fn with_state(self, state: S) -> WithState<Self, S>
    where
        S: 'static,
    {
        Handler::with_state(self, state)
    }

    /// Answers GET, and so HEAD, at exactly this path.
    ///
    /// # Panics
    /// If the path is malformed or taken, or if the handler's [`Path`](crate::Path) does not fit
    /// its wildcards; so do all methods that add routes.
    #[track_caller]
    pub fn get<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::GET, path, handler)
    }

    /// Answers POST at exactly this path.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    #[track_caller]
    pub fn post<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::POST, path, handler)
    }

    /// Answers PUT at exactly this path.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    #[track_caller]
    pub fn put<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::PUT, path, handler)
    }

    /// Answers PATCH at exactly this path.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    #[track_caller]
    pub fn patch<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::PATCH, path, handler)
    }

    /// Answers DELETE at exactly this path.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    #[track_caller]
    pub fn delete<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.on(Method::DELETE, path, handler)
    }

    /// Answers any one method at exactly this path, also one that HTTP does not know.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    #[track_caller]
    pub fn on<M, H>(&mut self, method: Method, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.add(&How::Method(method), &path, Box::new(handler.into_handler()))
    }

    /// Answers every method at this path and at all below it that have no deeper route.
    ///
    /// The handler finds the rest of the path in [`Request::suffix`]. `"/"` is all of the site.
    ///
    /// # Panics
    /// As [`get`](Self::get), and if the path ends in a slash.
    #[track_caller]
    pub fn mount<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.add(&How::Mount, &path, Box::new(handler.into_handler()))
    }

    /// The same for a path that ends in a slash: without it, the browser is sent to add it, so
    /// that relative links in the folder's pages work.
    ///
    /// # Panics
    /// As [`get`](Self::get), and if the path does not end in a slash.
    #[track_caller]
    pub fn mount_folder<M, H>(&mut self, path: impl Paths, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        self.add(&How::Folder, &path, Box::new(handler.into_handler()))
    }

    /// Answers at exactly this path with a [`Servlet`], which a constructor makes from the
    /// wildcards for each request: one method for each HTTP verb.
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
    /// As [`get`](Self::get).
    #[track_caller]
    pub fn servlet<M, C>(&mut self, path: impl Paths, constructor: C) -> &mut Self
    where
        M: 'static,
        C: Constructor<S, M, Made: Servlet<S>> + 'static,
    {
        self.add(&How::Whole, &path, Box::new(Servlets::new(constructor)))
    }

    /// Answers below a path that ends in a slash with a [`Service`]: named actions on one thing.
    ///
    /// # Panics
    /// As [`mount_folder`](Self::mount_folder).
    #[track_caller]
    pub fn service<T>(&mut self, path: impl Paths, service: Service<S, T>) -> &mut Self
    where
        S: 'static,
        T: 'static,
    {
        self.add(&How::Folder, &path, Box::new(service))
    }

    /// Answers where there is no route, instead of the plain 404 page.
    ///
    /// # Panics
    /// If there is a fallback already.
    #[track_caller]
    pub fn fallback<M, H>(&mut self, handler: H) -> &mut Self
    where
        H: IntoHandler<S, M>,
        H::Handler: 'static,
    {
        assert!(self.fallback.is_none(), "this router has a fallback already: keep one of them");
        self.fallback = Some(Box::new(handler.into_handler()));
        self
    }

    #[track_caller]
    fn add(&mut self, how: &How, paths: &dyn Paths, handler: Box<dyn Handler<S>>) -> &mut Self {
        let mut texts = Vec::new();
        paths.each_path(&mut |path| texts.push(path.to_owned()));
        let target = self.targets.len();
        for text in texts {
            let fits = |names: &[Option<&str>]| handler.check_wildcards(names);
            if let Err(problem) = self.table.add(how, &text, target, fits) {
                panic!("route {text:?}: {problem}");
            }
        }
        if matches!(how, How::Mount | How::Folder) {
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

    /// A call that isn't for this state goes to what is mounted, where others may be.
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
        StatusCode::NOT_FOUND.into_response()
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
            Verdict::Run { route, depth } => self.run(route, depth, state, request),
            Verdict::OtherMethod(allow) => allow.respond(request),
            Verdict::LacksSlash => redirect::to_slash(request),
            // Only what reads is redirected: a form that is sent to the wrong address is a
            // mistake in the page, which its author should see.
            Verdict::ExtraSlash { answers: true }
                if matches!(*request.method(), Method::GET | Method::HEAD) =>
            {
                redirect::to_no_slash(request)
            }
            Verdict::ExtraSlash { .. } if self.fallback.is_none() => {
                let right = redirect::without_slash(request);
                Rejection::localized(
                    StatusCode::NOT_FOUND,
                    |words: &RouterWords| &words.without_slash,
                    &[("path", &right)],
                )
                .into_response()
            }
            Verdict::ExtraSlash { .. } | Verdict::Nothing => self.miss(state, request),
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
