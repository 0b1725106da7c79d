//! Requests whose response nobody is going to read: HEAD, and what a browser fetches in advance.
//!
//! Whatever is shown only once has to wait for a reader. It lies in the application's state, where
//! there is no request, so the kind of the request that is handled is kept for its thread.

use std::cell::Cell;

use http::header::HeaderName;
use http::{HeaderMap, Method};

/// Fetch standard, section 2.2.5, and its forerunner in older browsers.
const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
const PURPOSE: HeaderName = HeaderName::from_static("purpose");

thread_local! {
    static IS_PREVIEW: Cell<bool> = const { Cell::new(false) };
}

/// Is the request that is being handled on this thread only a preview: a HEAD, or a page that the
/// browser fetches in advance, in case the user goes there?
///
/// Don't use up then what is shown only once. [`Response::when_final`](crate::Response::when_final)
/// doesn't tell: such a response is final too.
#[must_use]
pub fn is_preview() -> bool {
    IS_PREVIEW.get()
}

/// Marks the request as handled until this is dropped.
pub(crate) struct Handling {
    outer: bool,
}

impl Handling {
    pub(crate) fn new(method: &Method, headers: &HeaderMap) -> Self {
        let is_prefetch = [SEC_PURPOSE, PURPOSE].iter().any(|name| {
            headers.get(name).is_some_and(|value| value.as_bytes().starts_with(b"prefetch"))
        });
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
        assert!(!is_preview(), "nothing is handled any more");
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
