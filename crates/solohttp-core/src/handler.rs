//! The handler trait, functions as handlers, and handler state.
//!
//! This module doesn't depend on the server.

mod allow;
pub(crate) mod catch_panic;
pub(crate) mod dispatch;
mod function;
mod servlet;
mod with_state;

pub use self::allow::Allow;
pub use self::catch_panic::{catch_panic, catch_unwind};
pub use self::function::{FunctionHandler, RequestFn, RequestMethod};
pub use self::servlet::{Servlet, respond};
pub use self::with_state::WithState;

use crate::request::Request;
use crate::response::Response;

/// Handles requests, with mutable state of type `S`.
///
/// Functions become handlers through [`IntoHandler`]. Implement this trait for wrappers around
/// other handlers, and for custom dispatch.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler for requests with the state `{S}`",
    note = "if this is a router whose handlers take `&mut App`, call `.with_state(app)` on it",
    note = "if this is a function, call `IntoHandler::into_handler` or add it to a router"
)]
pub trait Handler<S = ()> {
    /// Handles a request.
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response;

    /// Checks whether the handler's arguments can be read from a path with these wildcards. A name
    /// is `None` if the wildcard is unnamed. Routers call this method when a route is added.
    ///
    /// # Errors
    /// Returns a description of the mismatch.
    fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
        let _ = names;
        Ok(())
    }

    /// Combines the handler with its state. The result is a handler that needs no further state.
    fn with_state(self, state: S) -> WithState<Self, S>
    where
        Self: Sized,
    {
        WithState::new(self, state)
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

/// A conversion into a [`Handler`]. Implemented for all handlers, and for functions and closures
/// that take `&mut S`, up to six extractors, and `&Request`, in this order. Each argument is
/// optional.
///
/// `Marker` distinguishes function signatures and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler for requests with the state `{S}`",
    label = "not a handler for the state `{S}`",
    note = "its arguments must be `&mut {S}`, extractors and `&Request`, in this order (each is \
            optional); take a value from the path as `Path(id): Path<i64>`, not `id: i64`",
    note = "its extractors: `T` in `Path<T>`, `Query<T>`, `Form<T>` and `Json<T>` must implement \
            `serde::Deserialize` (derive it); a `Remote` must be a `Remote<{S}>`",
    note = "its return type: text, `IoList`, `Response`, `Json<T>` (`T` must implement \
            `serde::Serialize`), `Option`, `Result`, `(StatusCode, _)` or `()`; not a number (use \
            `.to_string()`), and not `impl IntoResponse`, which captures \
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

/// The [`IntoHandler`] marker for handlers.
#[derive(Debug)]
pub struct IsHandler;

impl<S, H: Handler<S>> IntoHandler<S, IsHandler> for H {
    type Handler = H;

    fn into_handler(self) -> H {
        self
    }
}
