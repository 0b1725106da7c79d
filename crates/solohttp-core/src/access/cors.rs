//! Cross-origin resource sharing: what a browser needs to hear before it lets a page of a trusted
//! origin read our responses (Fetch standard, section 3.2).

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::Access;
use crate::response::Response;
use crate::wire::head::Head;

impl Access {
    /// The origin of the page that asks, if it is one that the program trusts.
    pub(crate) fn trusted_origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        if self.origins.is_empty() {
            return None;
        }
        let origin = super::single(headers, &ORIGIN).ok()??;
        self.is_trusted(origin).then(|| HeaderValue::from_str(origin).ok())?
    }
}

/// The answer to the question that a browser asks in advance, which no handler should see. It comes
/// without cookies, so it needs no launch token; the request that follows does.
pub(crate) fn preflight(head: &Head, trusted: Option<&HeaderValue>) -> Option<Response> {
    let asked = head.headers.get(ACCESS_CONTROL_REQUEST_METHOD)?;
    if trusted.is_none() || head.method != Method::OPTIONS {
        return None;
    }
    let mut response = Response::empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, asked.clone());
    if let Some(names) = head.headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    Some(response)
}

/// Lets the page read the response, which it asked for with the user's cookies.
pub(crate) fn share(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.append(VARY, HeaderValue::from_static("Origin"));
}
