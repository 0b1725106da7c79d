//! Cross-origin resource sharing (CORS) for trusted origins (Fetch standard, section 3.2).

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderValue, Method, StatusCode};

use super::Access;
use crate::headers::RequestHeaders;
use crate::response::Response;
use crate::wire::head::Head;

impl Access {
    /// Returns the origin of the request if it is trusted.
    pub(crate) fn trusted_origin(&self, headers: &RequestHeaders) -> Option<HeaderValue> {
        if self.origins.is_empty() {
            return None;
        }
        let origin = super::single(headers, &ORIGIN).ok()??;
        self.is_trusted(origin).then(|| HeaderValue::from_str(origin).ok())?
    }
}

/// Returns the response to a preflight request, which doesn't reach a handler. Preflights carry no
/// cookies, so they don't need the launch token. The actual request does.
pub(crate) fn preflight(head: &Head, trusted: Option<&HeaderValue>) -> Option<Response> {
    let method = head.headers.get(&ACCESS_CONTROL_REQUEST_METHOD)?;
    if trusted.is_none() || head.method != Method::OPTIONS {
        return None;
    }
    let mut response = Response::empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_bytes(method).ok()?);
    if let Some(names) = head.headers.get(&ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_bytes(names).ok()?);
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    Some(response)
}

/// Allows the page to read the response, even if the request carried credentials.
pub(crate) fn share(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.append(VARY, HeaderValue::from_static("Origin"));
}
