//! Detects whether the current request is a preview: a HEAD request, or a prefetch by the browser.
//!
//! A preview must not consume one-time messages. These live in the application's state, which has
//! no access to the request, so each thread stores whether its current request is a preview.

use std::cell::Cell;

use http::Method;
use http::header::HeaderName;

use crate::headers::RequestHeaders;

/// Defined in section 2.2.5 of the Fetch standard. Older browsers send its predecessor, `purpose`.
const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
const PURPOSE: HeaderName = HeaderName::from_static("purpose");

thread_local! {
    static IS_PREVIEW: Cell<bool> = const { Cell::new(false) };
}

/// Whether the request being handled on this thread is only a preview: a HEAD request, or a
/// prefetch of a page that the user might visit.
///
/// A preview should not consume a message that is shown only once.
/// [`Response::when_final`](crate::Response::when_final) doesn't help, since the response to a
/// preview is final too.
#[must_use]
pub fn is_preview() -> bool {
    IS_PREVIEW.get()
}

/// Marks a request as current until this value is dropped.
pub(crate) struct Handling {
    outer: bool,
}

impl Handling {
    pub(crate) fn new(method: &Method, headers: &RequestHeaders) -> Self {
        let is_prefetch = [SEC_PURPOSE, PURPOSE]
            .iter()
            .any(|name| headers.get(name).is_some_and(|value| value.starts_with(b"prefetch")));
        Self { outer: IS_PREVIEW.replace(*method == Method::HEAD || is_prefetch) }
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        IS_PREVIEW.set(self.outer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Request;

    fn check(request: crate::RequestBuilder, expect: bool) {
        let mut seen = None;
        let response = request.send_to(|| {
            seen = Some(is_preview());
        });
        assert!(response.status().is_success());
        assert_eq!(seen, Some(expect));
        assert!(!is_preview(), "no request is current");
    }

    #[test]
    fn a_preview_is_known_while_it_is_handled() {
        check(Request::get("/"), false);
        check(Request::with_method(Method::HEAD, "/"), true);
        check(Request::get("/").header("sec-purpose", "prefetch"), true);
        check(Request::get("/").header("sec-purpose", "prefetch;prerender"), true);
        check(Request::get("/").header("purpose", "prefetch"), true);
        check(Request::get("/").header("sec-purpose", "else"), false);
    }
}
