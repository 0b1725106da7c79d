//! Makes browsers ask again for the pages that they keep to go back to.
//!
//! After a form was saved, Back would show the list from before. Chromium 156 keeps whole pages for
//! that, also those that are `no-store`, but drops such a page when a cookie of its site has changed
//! since. So a request that may have changed something sets one. Firefox 153 forgets what was typed
//! on a page that is `no-store`, so there pages are `no-cache`: nothing typed is lost, and Back shows
//! what was there.

use std::time::{SystemTime, UNIX_EPOCH};

use http::header::{CACHE_CONTROL, ETAG, HeaderName, LAST_MODIFIED, SET_COOKIE};
use http::{HeaderValue, Method};

use crate::request::Request;
use crate::response::Response;

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Adds the cookie to the response to a form that a browser has sent. A response of 4xx says that
/// nothing was changed.
pub(crate) fn mark(request: &Request, response: &mut Response) {
    if request.header("user-agent").is_some_and(|agent| agent.contains("Firefox/")) {
        let headers = response.headers_mut();
        if ![CACHE_CONTROL, ETAG, LAST_MODIFIED].iter().any(|name| headers.contains_key(name)) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
    }
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let navigates = || request.headers().get(SEC_FETCH_MODE).is_some_and(|mode| mode == "navigate");
    if is_read || response.status().is_client_error() || !navigates() {
        return;
    }
    // Only that it changes matters, also if a program on another port sets it too.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let cookie = format!("solo_changed={now:x}; Path=/; HttpOnly; SameSite=Strict");
    let cookie = HeaderValue::try_from(cookie).expect("digits are visible ASCII");
    response.headers_mut().append(SET_COOKIE, cookie);
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn has_cookie(method: Method, mode: &str, status: StatusCode) -> bool {
        let request = Request::with_method(method, "/").header("sec-fetch-mode", mode);
        let response = request.send_to(move || Response::empty(status));
        response.header("set-cookie").is_some_and(|cookie| cookie.starts_with("solo_changed="))
    }

    #[test]
    fn firefox_keeps_what_was_typed() {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
        let cached = |response: fn() -> Response| {
            let request = Request::get("/").header("user-agent", agent);
            request.send_to(response).header("cache-control").map(str::to_owned)
        };
        assert_eq!(cached(|| Response::text("")).as_deref(), Some("no-cache"));
        let own = || Response::text("").with_header(CACHE_CONTROL, "max-age=60");
        assert_eq!(cached(own).as_deref(), Some("max-age=60"));
    }

    #[test]
    fn only_a_form_that_may_have_changed_something_sets_it() {
        assert!(has_cookie(Method::POST, "navigate", StatusCode::SEE_OTHER));
        assert!(has_cookie(Method::POST, "navigate", StatusCode::INTERNAL_SERVER_ERROR));
        assert!(!has_cookie(Method::POST, "navigate", StatusCode::UNPROCESSABLE_ENTITY));
        assert!(!has_cookie(Method::POST, "cors", StatusCode::OK));
        assert!(!has_cookie(Method::GET, "navigate", StatusCode::OK));
    }
}
