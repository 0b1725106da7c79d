//! Extractors: handler arguments that are read from the request.
//!
//! Independent of how functions become handlers. The extractor for wildcards belongs to the router.

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
    note = "extractors are `Path<T>`, `Query<T>` and `Form<T>`, where `T` implements \
            `serde::Deserialize`, and types that implement `FromRequest`"
)]
pub trait FromRequest: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// The rejection becomes the response, and the handler isn't called.
    fn from_request(request: &mut Request) -> Result<Self, Rejection>;

    /// Checks whether the value can be read from a path with these wildcards, each given by its
    /// optional name. Routers call this when a route is added, so that mistakes show up at startup.
    ///
    /// # Errors
    /// A description of the mismatch.
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
    note = "extractors are `Path<T>`, `Query<T>` and `Form<T>`, where `T` implements \
            `serde::Deserialize`, types that implement `FromRequest`, and `Remote<{S}>`"
)]
pub trait Extract<S>: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// The rejection becomes the response, and the handler isn't called.
    fn extract(request: &mut Request) -> Result<Self, Rejection>;

    /// See [`FromRequest::check_wildcards`].
    ///
    /// # Errors
    /// A description of the mismatch.
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
    /// The extractor's errors.
    pub fn extract<T: FromRequest>(&mut self) -> Result<T, Rejection> {
        T::from_request(self)
    }
}

/// The fields of the query, as a struct or map. An invalid field is rejected with a 400 that names
/// it.
///
/// The values of a repeated name fill a sequence; any other type takes the last value. For an
/// `Option`, an absent field and an empty one are both `None`. A checked checkbox sends `on`, which
/// is `true`. Browsers omit unchecked checkboxes and empty selections, so an absent `bool` is
/// `false` and an absent `Vec` is empty. Infinity and NaN are rejected. `#[serde(flatten)]` works,
/// for numbers too.
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

impl<T: DeserializeOwned> FromRequest for Query<T> {
    fn from_request(request: &mut Request) -> Result<Self, Rejection> {
        let value = typed::from_fields(request.query());
        value.map(Self).map_err(|error| Rejection::bad_request(format!("In the query: {error}")))
    }
}

/// The fields of a form in the body, as a struct or map. Values are read as for [`Query`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Form<T> {
    fn from_request(request: &mut Request) -> Result<Self, Rejection> {
        let value = typed::from_fields(request.form()?);
        value.map(Self).map_err(|error| Rejection::bad_request(format!("In the form: {error}")))
    }
}
