//! Which requests a page made, and what came of them. How each engine tells it is in its folder.

use std::collections::HashMap;

/// One request of a page.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NetworkEntry {
    /// The address asked for.
    pub url: String,
    /// The request method.
    pub method: String,
    /// What it was for, in Chromium's words (Firefox's are translated): `Document`, `Stylesheet`, `Image`, `Fetch`, ….
    pub kind: String,
    /// The status on the wire (304 where the cache was found valid), or of the cached reply.
    pub status: Option<u16>,
    /// True if no request went out, because the cache had a fresh reply.
    pub from_cache: bool,
    /// The fields of the reply, names in lower case.
    pub headers: HashMap<String, String>,
    /// Why it failed, in the browser's words, such as `net::ERR_ABORTED` or `NS_BINDING_ABORTED`.
    pub error: Option<String>,
    /// True once the whole reply is there, or the request has failed.
    pub finished: bool,
}
