//! Named actions on one value: `/task/7/`, `/task/7/edit`, `/task/7/toggle`.
//!
//! For each request, a new value is created, and one of its methods is called.

use std::fmt;

use solohttp_core::{
    Failure, Handler, IntoResponse, Method, Rejection, Request, RequestFn, RequestMethod, Response,
    StatusCode,
};

use crate::routes::methods::Methods;

/// Named actions on one value, which a constructor creates for each request.
///
/// The name of the action is the last path segment. The action `""` handles the folder itself.
/// Actions are methods that take the value as `self`.
///
/// ```
/// use solohttp_core::{LocalUrl, Request};
/// use solohttp_router::{Path, Router, Service};
///
/// type Tasks = Vec<String>;
/// struct Task(usize);
///
/// impl Task {
///     fn find(tasks: &mut Tasks, Path(index): Path<usize>) -> Option<Self> {
///         (index < tasks.len()).then_some(Self(index))
///     }
///     fn show(self, tasks: &mut Tasks) -> String {
///         tasks[self.0].clone()
///     }
///     fn shout(self, tasks: &mut Tasks, request: &Request) -> LocalUrl {
///         tasks[self.0].push('!');
///         request.app_url([""])
///     }
/// }
///
/// let mut router = Router::new();
/// router.service("/task/*/", Service::new(Task::find).get("", Task::show).post("shout", Task::shout));
/// let mut app = router.with_state(vec!["Tea".to_owned()]);
/// assert_eq!(Request::post("/task/0/shout").send_to(&mut app).header("location"), Some("/task/0/"));
/// assert_eq!(Request::get("/task/0/").send_to(&mut app).into_text(), "Tea!");
/// assert_eq!(Request::get("/task/9/").send_to(&mut app).status(), 404);
/// assert_eq!(Request::get("/task/0/shout").send_to(&mut app).status(), 405);
/// ```
pub struct Service<S, T> {
    find: Find<S, T>,
    actions: Vec<(String, Methods)>,
    /// The actions' functions; `actions` contains their indices.
    functions: Vec<Act<S, T>>,
    checks: Vec<Check>,
}

type Find<S, T> = Box<dyn FnMut(&mut S, &mut Request) -> Result<T, Failure>>;
type Act<S, T> = Box<dyn FnMut(T, &mut S, &mut Request) -> Response>;
type Check = fn(&[Option<&str>]) -> Result<(), String>;

/// The return types of a service's constructor: the value, an `Option` (`None` is a 404), or a
/// `Result` with any error.
pub trait Found<T> {
    /// Returns the value.
    ///
    /// # Errors
    /// The constructor's error, or a 404.
    fn found(self) -> Result<T, Failure>;
}

impl<T> Found<T> for T {
    fn found(self) -> Result<T, Failure> {
        Ok(self)
    }
}

impl<T> Found<T> for Option<T> {
    fn found(self) -> Result<T, Failure> {
        self.ok_or_else(|| Rejection::from(StatusCode::NOT_FOUND).into())
    }
}

impl<T, E: Into<Failure>> Found<T> for Result<T, E> {
    fn found(self) -> Result<T, Failure> {
        self.map_err(Into::into)
    }
}

impl<S, T> Service<S, T> {
    /// Creates a service without actions. `constructor` is a function that takes the state,
    /// [`Path`](crate::Path) and other extractors, and returns the value.
    pub fn new<M, C>(mut constructor: C) -> Self
    where
        C: RequestFn<S, M, Output: Found<T>> + 'static,
    {
        Self {
            find: Box::new(move |state, request| constructor.call(state, request)?.found()),
            actions: Vec::new(),
            functions: Vec::new(),
            checks: vec![C::check_wildcards],
        }
    }

    /// Adds an action for GET and HEAD.
    ///
    /// # Panics
    /// If the action already has this method, or if its name isn't a single segment.
    #[must_use]
    #[track_caller]
    pub fn get<M>(
        self,
        name: &str,
        action: impl RequestMethod<T, S, M, Output: IntoResponse> + 'static,
    ) -> Self {
        self.on(Method::GET, name, action)
    }

    /// Adds an action for POST.
    ///
    /// # Panics
    /// See [`get`](Self::get).
    #[must_use]
    #[track_caller]
    pub fn post<M>(
        self,
        name: &str,
        action: impl RequestMethod<T, S, M, Output: IntoResponse> + 'static,
    ) -> Self {
        self.on(Method::POST, name, action)
    }

    /// Adds an action for any method.
    ///
    /// # Panics
    /// See [`get`](Self::get).
    #[must_use]
    #[track_caller]
    pub fn on<M, A>(mut self, method: Method, name: &str, mut action: A) -> Self
    where
        A: RequestMethod<T, S, M, Output: IntoResponse> + 'static,
    {
        assert!(
            !name.contains(['/', '*', '{', '}']) && !name.starts_with('.'),
            "action {name:?}: use a single literal segment, such as \"edit\""
        );
        let known = self.actions.iter().position(|(action, _)| action == name);
        let index = known.unwrap_or(self.actions.len());
        if known.is_none() {
            self.actions.push((name.to_owned(), Methods::default()));
        }
        let is_new = self.actions[index].1.add(method, self.functions.len());
        assert!(is_new, "action {name:?} already has this method: remove one of them");
        self.functions.push(Box::new(move |thing, state, request| {
            match action.call(thing, state, request) {
                Ok(output) => output.into_response(),
                Err(rejection) => rejection.into_response(),
            }
        }));
        self.checks.push(A::check_wildcards);
        self
    }

    /// Returns the methods of the requested action.
    fn named(&self, request: &Request) -> Option<&Methods> {
        let mut suffix = request.suffix();
        let name = suffix.next()?;
        let action = self.actions.iter().find(|(action, _)| action == name);
        action.filter(|_| suffix.next().is_none()).map(|(_, methods)| methods)
    }
}

impl<S, T> Handler<S> for Service<S, T> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        let Some(methods) = self.named(request) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let Some(function) = methods.route(request.method()) else {
            return methods.allow().respond(request);
        };
        match (self.find)(state, request) {
            Ok(thing) => (self.functions[function])(thing, state, request),
            Err(failure) => Response::failed(failure),
        }
    }

    fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
        self.checks.iter().try_for_each(|check| check(names))
    }
}

impl<S, T> fmt::Debug for Service<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("actions", &self.actions).finish_non_exhaustive()
    }
}
