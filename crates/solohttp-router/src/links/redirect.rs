//! Redirects to the right spelling of a path.

use solohttp_core::{LocalUrl, Request, Response, header};

/// To the same path with a slash behind it, the query kept.
///
/// Encoded anew from the decoded segments, so that it cannot become another host's address.
pub(crate) fn to_slash(request: &Request) -> Response {
    let path = request.root_url(request.segments().chain([""]));
    to(format!("{path}{}", &request.target()[request.path().len()..]))
}

/// To the same path without the slash at its end, the query kept.
pub(crate) fn to_no_slash(request: &Request) -> Response {
    let query = &request.target()[request.path().len()..];
    to(format!("{}{query}", without_slash(request)))
}

/// The path without the slash at its end, encoded anew.
pub(crate) fn without_slash(request: &Request) -> LocalUrl {
    let segments = request.segments();
    request.root_url(segments.clone().take(segments.len().saturating_sub(1)))
}

/// 308 keeps method and body (RFC 9110 section 15.4.9). Not to be stored: tomorrow another
/// program answers at this port, and the browser would still believe the old one.
pub(crate) fn to(url: String) -> Response {
    Response::redirect_permanent(url).with_header(header::CACHE_CONTROL, "no-store")
}
