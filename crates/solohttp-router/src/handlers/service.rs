//! A folder of named actions on one thing: `/task/7/`, `/task/7/edit`, `/task/7/toggle`.
//!
//! The thing is made once for each request, then one of its methods answers. Knows nothing of
//! where it is mounted.

use std::fmt;

use solohttp_core::{
    Failure, Handler, IntoResponse as _, Method, Rejection, Request, Response, StatusCode,
};

use crate::handlers::calls::{Action, Constructor};
use crate::routes::methods::Methods;

/// A folder of named actions on one thing, which a constructor finds for each request.
///
/// The action is the one segment below the folder; `""` is the folder itself. Actions are
/// methods that take the thing by value.
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
    /// The actions' functions; `actions` has their indices.
    functions: Vec<Act<S, T>>,
    checks: Vec<Check>,
}

type Find<S, T> = Box<dyn FnMut(&mut S, &mut Request) -> Result<T, Failure>>;
type Act<S, T> = Box<dyn FnMut(T, &mut S, &mut Request) -> Response>;
type Check = fn(&[Option<&str>]) -> Result<(), String>;

/// What a service's constructor may return: the thing, an `Option` (`None` is 404), or a `Result`
/// with any error.
pub trait Found<T> {
    /// The thing.
    ///
    /// # Errors
    /// Why there is none.
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
    /// A service without actions; `constructor` is a function from state, [`Path`](crate::Path)
    /// and other extractors to the thing.
    pub fn new<M, C>(mut constructor: C) -> Self
    where
        C: Constructor<S, M, Made: Found<T>> + 'static,
    {
        Self {
            find: Box::new(move |state, request| constructor.make(state, request)?.found()),
            actions: Vec::new(),
            functions: Vec::new(),
            checks: vec![C::check_wildcards],
        }
    }

    /// Adds an action for GET, and so for HEAD.
    ///
    /// # Panics
    /// If this action has one already, or if its name is not one segment.
    #[must_use]
    #[track_caller]
    pub fn get<M>(self, name: &str, action: impl Action<T, S, M> + 'static) -> Self {
        self.on(Method::GET, name, action)
    }

    /// Adds an action for POST.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    #[must_use]
    #[track_caller]
    pub fn post<M>(self, name: &str, action: impl Action<T, S, M> + 'static) -> Self {
        self.on(Method::POST, name, action)
    }

    /// Adds an action for any one method.
    ///
    /// # Panics
    /// As [`get`](Self::get).
    #[must_use]
    #[track_caller]
    pub fn on<M, A>(mut self, method: Method, name: &str, mut action: A) -> Self
    where
        A: Action<T, S, M> + 'static,
    {
        assert!(
            !name.contains(['/', '*', '{', '}']) && !name.starts_with('.'),
            "action {name:?}: write a single plain segment, such as \"edit\""
        );
        let known = self.actions.iter().position(|(action, _)| action == name);
        let index = known.unwrap_or(self.actions.len());
        if known.is_none() {
            self.actions.push((name.to_owned(), Methods::default()));
        }
        let is_new = self.actions[index].1.add(method, self.functions.len());
        assert!(is_new, "action {name:?} has this method already: keep one of them");
        self.functions
            .push(Box::new(move |thing, state, request| action.act(thing, state, request)));
        self.checks.push(A::check_wildcards);
        self
    }

    /// The methods of the action that the path names, if it is one.
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
