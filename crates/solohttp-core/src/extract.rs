//! Arguments of handlers that are read from the request.
//!
//! Knows nothing of how functions become handlers. Wildcards of a path are the router's.

pub mod typed;

use serde::de::DeserializeOwned;

use crate::error::rejection::Rejection;
use crate::remote::Remote;
use crate::remote::queue::Queue;
use crate::request::Request;

/// An argument of a handler that is made from the request.
///
/// `Result<T, Rejection>` extracts as well: then the handler itself deals with a bad value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request",
    label = "not an extractor",
    note = "extractors are `Path<T>`, `Query<T>` and `Form<T>`, where `T` implements \
            `serde::Deserialize`, and types that implement `FromRequest`"
)]
pub trait FromRequest: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// A rejection becomes the response, and the handler is not called.
    fn from_request(request: &mut Request) -> Result<Self, Rejection>;

    /// Can it be read from a path with these wildcards, some of them named? Routers ask when a
    /// route is added, so that a mistake is found at the start and not by a visitor.
    ///
    /// # Errors
    /// A sentence that says what does not fit.
    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String> {
        let _ = names;
        Ok(())
    }
}

/// What a handler with the state `S` can take as an argument: all that implements [`FromRequest`],
/// and a [`Remote`] to that very state.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler with the state `{S}`",
    label = "not an extractor",
    note = "extractors are `Path<T>`, `Query<T>` and `Form<T>`, where `T` implements \
            `serde::Deserialize`, types that implement `FromRequest`, and `Remote<{S}>`"
)]
pub trait Extract<S>: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// A rejection becomes the response, and the handler is not called.
    fn extract(request: &mut Request) -> Result<Self, Rejection>;

    /// Checks that it can be read from a path with these wildcards, some of them named.
    ///
    /// # Errors
    /// A sentence that says what does not fit.
    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String>;
}

impl<S, T: FromRequest> Extract<S> for T {
    fn extract(request: &mut Request) -> Result<Self, Rejection> {
        T::from_request(request)
    }

    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String> {
        T::check_wildcards(names)
    }
}

impl<S: 'static> Extract<S> for Remote<S> {
    fn extract(request: &mut Request) -> Result<Self, Rejection> {
        Ok(Self::new(Queue::current(), Some(request.state())))
    }

    fn check_wildcards(_: &[Option<&str>]) -> Result<(), String> {
        Ok(())
    }
}

impl<T: FromRequest> FromRequest for Result<T, Rejection> {
    fn from_request(request: &mut Request) -> Result<Self, Rejection> {
        Ok(T::from_request(request))
    }

    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String> {
        T::check_wildcards(names)
    }
}

/// The fields of the query, as a struct or a map. A field that does not fit is a 400 that names
/// it; how texts become values says [`typed::from_fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    fn from_request(request: &mut Request) -> Result<Self, Rejection> {
        let value = typed::from_fields(request.query());
        value.map(Self).map_err(|error| Rejection::bad_request(format!("In the query: {error}")))
    }
}

/// The fields of a form in the body, as a struct or a map. A field that does not fit is a 400
/// that names it; how texts become values says [`typed::from_fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Form<T> {
    fn from_request(request: &mut Request) -> Result<Self, Rejection> {
        let value = typed::from_fields(request.form()?);
        value.map(Self).map_err(|error| Rejection::bad_request(format!("In the form: {error}")))
    }
}
