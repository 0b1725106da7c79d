//! Redirects to the canonical form of a path.

use solohttp_core::{LocalUrl, Request, Response, header};

/// Redirects to the same path with a trailing slash; keeps the query.
///
/// Re-encodes the decoded segments, so that the target can't become the address of another host.
pub(crate) fn to_slash(request: &Request) -> Response {
    let path = request.root_url(request.segments().chain([""]));
    to(format!("{path}{}", &request.target()[request.path().len()..]))
}

/// Redirects to the same path without its trailing slash; keeps the query.
pub(crate) fn to_no_slash(request: &Request) -> Response {
    let query = &request.target()[request.path().len()..];
    to(format!("{}{query}", without_slash(request)))
}

/// Returns the re-encoded path without its trailing slash.
pub(crate) fn without_slash(request: &Request) -> LocalUrl {
    let segments = request.segments();
    request.root_url(segments.clone().take(segments.len().saturating_sub(1)))
}

/// Returns a 308 redirect, which preserves the method and body (RFC 9110 section 15.4.9). It isn't
/// cached, because another program may use this port later.
pub(crate) fn to(url: String) -> Response {
    Response::redirect_permanent(url).with_header(header::CACHE_CONTROL, "no-store")
}
