//! The requests of a page and their results. Each engine's folder collects them.

use std::collections::HashMap;

/// A request of a page.
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
    /// The status on the wire (304 for a successful revalidation), or of the cached response.
    pub status: Option<u16>,
    /// Whether a fresh response in the cache was used without a request.
    pub from_cache: bool,
    /// The response headers, names in lower case.
    pub headers: HashMap<String, String>,
    /// The browser's error, such as `net::ERR_ABORTED` or `NS_BINDING_ABORTED`.
    pub error: Option<String>,
    /// Whether the response is complete or the request has failed.
    pub finished: bool,
}
