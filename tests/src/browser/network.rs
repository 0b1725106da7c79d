//! A page's requests and their results. The code that collects them is in each engine's folder.

use std::collections::HashMap;

/// A request made by a page.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NetworkEntry {
    /// The URL.
    pub url: String,
    /// The request method.
    pub method: String,
    /// The type of resource in Chromium's terms (Firefox's are translated): `Document`,
    /// `Stylesheet`, `Image`, `Fetch`, ….
    pub kind: String,
    /// The status that the server sent (304 for a successful revalidation), or the status of the
    /// cached response.
    pub status: Option<u16>,
    /// Whether the cache had a fresh response, so that no request was sent.
    pub from_cache: bool,
    /// The response headers, with names in lower case.
    pub headers: HashMap<String, String>,
    /// The browser's error, such as `net::ERR_ABORTED` or `NS_BINDING_ABORTED`.
    pub error: Option<String>,
    /// Whether the response is complete or the request has failed.
    pub finished: bool,
}
