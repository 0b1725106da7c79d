//! What answers requests: handlers, functions of every shape as handlers, and their state.
//!
//! Knows nothing of the server that calls them.

pub(crate) mod allow;
pub(crate) mod catch_panic;
pub(crate) mod dispatch;
mod function;
pub(crate) mod servlet;

use std::fmt;

pub use function::{FunctionHandler, RequestFn, RequestMethod};

use crate::request::Request;
use crate::response::Response;

/// Answers requests, with a state of type `S` that the server owns and lends.
///
/// Functions become handlers by [`IntoHandler`]; implement this trait for what wraps another
/// handler, or decides by itself what to call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not answer requests with the state `{S}`",
    note = "a router whose handlers take `&mut App` becomes a handler without a state by \
            `.with_state(app)`",
    note = "a function becomes a handler by `IntoHandler::into_handler`, or as the route of a router"
)]
pub trait Handler<S = ()> {
    /// Answers one request.
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response;

    /// Can its arguments be read from a path with these wildcards, some of them named? Routers
    /// ask when a route is added.
    ///
    /// # Errors
    /// A sentence that says what does not fit.
    fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
        let _ = names;
        Ok(())
    }

    /// Gives the handler its state, which makes it one that needs none.
    fn with_state(self, state: S) -> WithState<Self, S>
    where
        Self: Sized,
    {
        WithState { handler: self, state }
    }
}

impl<S, H: Handler<S> + ?Sized> Handler<S> for Box<H> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        (**self).handle(state, request)
    }

    fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
        (**self).check_wildcards(names)
    }
}

impl<S, H: Handler<S> + ?Sized> Handler<S> for &mut H {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        (**self).handle(state, request)
    }

    fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
        (**self).check_wildcards(names)
    }
}

/// A handler together with its state: see [`Handler::with_state`].
pub struct WithState<H, S> {
    handler: H,
    state: S,
}

impl<H, S> WithState<H, S> {
    /// The state, for tests that look at what a request did to it.
    pub fn state(&self) -> &S {
        &self.state
    }

    /// The state, for tests that prepare it.
    pub fn state_mut(&mut self) -> &mut S {
        &mut self.state
    }
}

impl<H, S> fmt::Debug for WithState<H, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithState").finish_non_exhaustive()
    }
}

impl<S, H: Handler<S>> Handler for WithState<H, S> {
    fn handle(&mut self, (): &mut (), request: &mut Request) -> Response {
        self.handler.handle(&mut self.state, request)
    }
}

/// Conversion into a [`Handler`]. Implemented for all handlers, and for functions and closures with
/// these arguments, each optional and in this order: `&mut S`, up to six extractors, `&Request`.
///
/// `Marker` distinguishes the impls; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler for requests with the state `{S}`",
    label = "not a handler for the state `{S}`",
    note = "its arguments: each optional, in this order, `&mut {S}`, extractors, `&Request`; a \
            value from the path is `Path(id): Path<i64>`, not `id: i64`",
    note = "its extractors: the `T` of `Path<T>`, `Query<T>` and `Form<T>` must derive \
            `serde::Deserialize`",
    note = "its return type: text, `IoList`, `Response`, `Option`, `Result`, `(StatusCode, _)` or \
            `()`; not a number (use `.to_string()`), and not `impl IntoResponse`, which captures \
            the borrow of the state (name the type, for example `-> Response`)",
    note = "its state: all handlers of a router share one type; call `.with_state(…)` on the router \
            to serve it"
)]
pub trait IntoHandler<S, Marker> {
    /// The resulting handler.
    type Handler: Handler<S>;

    /// Converts into a handler.
    fn into_handler(self) -> Self::Handler;
}

/// The [`IntoHandler`] marker of handlers.
#[derive(Debug)]
pub struct IsHandler;

impl<S, H: Handler<S>> IntoHandler<S, IsHandler> for H {
    type Handler = H;

    fn into_handler(self) -> H {
        self
    }
}
