//! The extractor for the wildcards of a route.

use serde::de::DeserializeOwned;
use solohttp_core::{FromRequest, Rejection, Request, StatusCode, typed};

use crate::routes::shape;
use crate::words::RouterWords;

/// Extracts the wildcards of a route as a single value, as a tuple (by position), or as a struct
/// (by name).
///
/// A segment that can't be parsed as its type results in a 404. The number of wildcards is checked
/// when the route is added.
///
/// The wildcards of enclosing routers aren't included, so that a router works the same wherever it
/// is mounted. [`Request::wildcards`] returns all of them.
///
/// ```
/// use serde::Deserialize;
/// use solohttp_core::Request;
/// use solohttp_router::{Path, Router};
///
/// #[derive(Deserialize)]
/// struct Day { year: i16, month: u8 }
///
/// let mut router = Router::<()>::new();
/// router.get("/square/*", |Path(a): Path<i64>| (a * a).to_string());
/// router.get("/add/*/*", |Path((a, b)): Path<(i64, i64)>| (a + b).to_string());
/// router.get("/{year}/{month}", |Path(day): Path<Day>| format!("{}.{}", day.month, day.year));
///
/// assert_eq!(Request::get("/square/7").send_to(&mut router).into_text(), "49");
/// assert_eq!(Request::get("/add/5/7").send_to(&mut router).into_text(), "12");
/// assert_eq!(Request::get("/2026/5").send_to(&mut router).into_text(), "5.2026");
/// assert_eq!(Request::get("/square/x").send_to(&mut router).status(), 404);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> Path<T> {
    /// Reads the wildcards of a request that a handler got by reference.
    ///
    /// # Errors
    /// Returns a 404 if the wildcards don't fit the type.
    pub fn of(request: &Request) -> Result<Self, Rejection> {
        typed::from_wildcards(request.own_wildcards()).map(Self).map_err(|error| {
            Rejection::localized(
                StatusCode::NOT_FOUND,
                |words: &RouterWords| &words.no_match,
                &[("detail", &error)],
            )
        })
    }
}

impl<T: DeserializeOwned> FromRequest for Path<T> {
    fn from_request(request: &mut Request) -> Result<Self, Rejection> {
        Self::of(request)
    }

    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String> {
        shape::check::<T>(names)
    }
}
