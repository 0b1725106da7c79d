//! Extractors: handler arguments that are read from the request.
//!
//! This module doesn't depend on how functions become handlers. The extractor for wildcards is in
//! the router crate.

pub mod typed;

use serde::de::DeserializeOwned;

use crate::error::Rejection;
use crate::remote::{Mailbox, Remote};
use crate::request::Request;

/// A handler argument that is created from the request.
///
/// `Result<T, Rejection>` is an extractor too, for handlers that deal with invalid values
/// themselves.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a request",
    label = "not an extractor",
    note = "extractors are `Path<T>`, `Query<T>`, `Form<T>` and `Json<T>`, where `T` implements \
            `serde::Deserialize`, and types that implement `FromRequest`"
)]
pub trait FromRequest: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// If the value can't be read. The rejection becomes the response, and the handler isn't
    /// called.
    fn from_request(request: &mut Request) -> Result<Self, Rejection>;

    /// Checks whether the value can be read from a path with these wildcards. A name is `None` if
    /// the wildcard is unnamed. Routers call this method when a route is added, so that mistakes
    /// show up at startup.
    ///
    /// # Errors
    /// Returns a description of the mismatch.
    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String> {
        let _ = names;
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

/// A value that a handler with the state `S` can take as an argument: anything that implements
/// [`FromRequest`], and a [`Remote`] for that state.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a handler with the state `{S}`",
    label = "not an extractor",
    note = "extractors are `Path<T>`, `Query<T>`, `Form<T>` and `Json<T>`, where `T` implements \
            `serde::Deserialize`, types that implement `FromRequest`, and `Remote<{S}>`"
)]
pub trait Extract<S>: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// If the value can't be read. The rejection becomes the response, and the handler isn't
    /// called.
    fn extract(request: &mut Request) -> Result<Self, Rejection>;

    /// See [`FromRequest::check_wildcards`].
    ///
    /// # Errors
    /// Returns a description of the mismatch.
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
        let queue = Mailbox::current().map(|mailbox| mailbox.queue());
        Ok(Self::new(queue, Some(request.state())))
    }

    fn check_wildcards(_: &[Option<&str>]) -> Result<(), String> {
        Ok(())
    }
}

impl Request {
    /// Extracts a value, for handlers that aren't functions.
    ///
    /// ```
    /// # use solohttp_core::{Query, Rejection, Request};
    /// fn number(request: &mut Request) -> Result<u32, Rejection> {
    ///     let Query(fields): Query<Vec<(String, u32)>> = request.extract()?;
    ///     Ok(fields.iter().map(|(_, number)| number).sum())
    /// }
    /// assert_eq!(number(&mut Request::get("/?a=3&b=4").build()), Ok(7));
    /// ```
    ///
    /// # Errors
    /// Returns the extractor's rejection.
    pub fn extract<T: FromRequest>(&mut self) -> Result<T, Rejection> {
        T::from_request(self)
    }
}

/// An extractor for the fields of the query, as a struct or map. An invalid field results in a 400
/// response that names the field.
///
/// If a name is repeated, a sequence gets all values, and any other type gets the last one. An
/// `Option` is `None` if the field is absent or empty. A checked checkbox sends `on`, which is read
/// as `true`. Browsers omit unchecked checkboxes and empty selections, so an absent `bool` is
/// `false` and an absent `Vec` is empty. Infinity and NaN are rejected. `#[serde(flatten)]` is
/// supported, even for numbers.
///
/// ```
/// # use serde::Deserialize;
/// # use solohttp_core::{Query, Request};
/// #[derive(Deserialize)]
/// struct Search { q: String, tag: Vec<String>, page: Option<u32> }
///
/// fn search(Query(search): Query<Search>) -> String {
///     format!("{}, {} tags, page {}", search.q, search.tag.len(), search.page.unwrap_or(1))
/// }
/// let page = Request::get("/?q=tea&tag=a&tag=b").send_to(search).into_text();
/// assert_eq!(page, "tea, 2 tags, page 1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> Query<T> {
    /// Reads the query of a request that a handler got by reference.
    ///
    /// # Errors
    /// Returns a 400 that names the invalid field.
    pub fn of(request: &Request) -> Result<Self, Rejection> {
        let value = typed::from_fields(request.query());
        value.map(Self).map_err(|error| Rejection::bad_request(format!("In the query: {error}")))
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    fn from_request(request: &mut Request) -> Result<Self, Rejection> {
        Self::of(request)
    }
}

/// An extractor for the fields of a form in the request body, as a struct or map. Values are read
/// in the same way as for [`Query`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Form<T> {
    fn from_request(request: &mut Request) -> Result<Self, Rejection> {
        let value = typed::from_fields(request.form()?);
        value.map(Self).map_err(|error| Rejection::bad_request(format!("In the form: {error}")))
    }
}
