//! Builds links from route patterns and values.

use std::fmt::Display;

use serde::Serialize;
use solohttp_core::Fields;

use crate::routes::pattern::{Pattern, Segment};

/// Replaces the wildcards of a route's pattern with values, in order, and returns the path
/// segments.
///
/// [`Request::router_url`](solohttp_core::Request::router_url) turns the segments into a link: it
/// adds the path where the router is mounted, and encodes each segment.
///
/// ```
/// use solohttp_core::Request;
/// use solohttp_router::{Path, Router, path_to};
///
/// const TASK: &str = "/task/{id}/{view}";
///
/// let mut router = Router::<()>::new();
/// router.get(TASK, |Path((id, view)): Path<(u32, String)>| format!("{view} of {id}"));
/// router.get("/", |request: &Request| request.router_url(path_to(TASK, (7, "à la carte"))));
/// let mut site = Router::<()>::new();
/// site.mount_folder("/todo/", router);
///
/// let response = Request::get("/todo/").send_to(&mut site);
/// assert_eq!(response.header("location"), Some("/todo/task/7/%C3%A0%20la%20carte"));
/// ```
///
/// # Panics
/// If the pattern is malformed, or its number of wildcards differs from the number of values.
#[must_use]
#[track_caller]
pub fn path_to(pattern: &str, values: impl PathValues) -> Vec<String> {
    let parsed = match Pattern::parse(pattern) {
        Ok(parsed) => parsed,
        Err(problem) => panic!("path {pattern:?}: {problem}"),
    };
    let values = values.into_texts();
    let expected = parsed.wildcards().count();
    assert!(
        values.len() == expected,
        "path {pattern:?}: expected {expected} values for its wildcards, got {}",
        values.len()
    );
    let mut values = values.into_iter();
    let fill = |segment: &Segment| match segment {
        Segment::Literal(text) => text.to_string(),
        Segment::Wildcard(_) => values.next().expect("their number was just checked"),
    };
    parsed.segments.iter().map(fill).collect()
}

/// Values for the wildcards of a pattern: a tuple or array of `Display` values.
pub trait PathValues {
    /// Returns the values as strings, in order.
    fn into_texts(self) -> Vec<String>;
}

impl<V: Display, const N: usize> PathValues for [V; N] {
    fn into_texts(self) -> Vec<String> {
        self.iter().map(V::to_string).collect()
    }
}

macro_rules! tuples {
    ($(($($value:ident)*))*) => {
        $(impl<$($value: Display),*> PathValues for ($($value,)*) {
            #[allow(non_snake_case, reason = "the values are named like their types")]
            fn into_texts(self) -> Vec<String> {
                let ($($value,)*) = self;
                vec![$($value.to_string()),*]
            }
        })*
    };
}

tuples! { () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }

/// Builds the fields of a query from a struct, or from pairs if names are repeated. This is the
/// inverse of the extractor [`Query`](solohttp_core::Query).
///
/// ```
/// use serde::Serialize;
/// use solohttp_core::Request;
/// use solohttp_router::query_of;
///
/// #[derive(Serialize)]
/// struct Search<'a> { q: &'a str, page: Option<u32> }
///
/// let request = Request::get("/").build();
/// let url = request.root_url(["search"]).with_query(&query_of(&Search { q: "a&b", page: None }));
/// assert_eq!(url.to_string(), "/search?q=a%26b");
/// let url = request.root_url(["search"]).with_query(&query_of(&[("tag", 1), ("tag", 2)]));
/// assert_eq!(url.to_string(), "/search?tag=1&tag=2");
/// ```
///
/// # Panics
/// If a field is a list or struct, which a query can't represent.
#[must_use]
#[track_caller]
pub fn query_of(query: &impl Serialize) -> Fields {
    let encoded = match serde_urlencoded::to_string(query) {
        Ok(encoded) => encoded,
        Err(error) => panic!("the fields of a query must be plain values: {error}"),
    };
    form_urlencoded::parse(encoded.as_bytes()).collect()
}
