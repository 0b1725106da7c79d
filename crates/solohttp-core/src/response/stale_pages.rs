//! Makes browsers reload a page when the user goes back to it after a change.
//!
//! Otherwise, going back after saving a form would show outdated data. Chromium 156 keeps whole
//! pages for the Back button, even those with `no-store`, but drops them when one of the site's
//! cookies changes. So the response to every request that may have changed something sets a cookie.
//! Firefox 153 discards typed input on `no-store` pages, so it gets `no-cache` instead. This keeps
//! the input, but Back shows the old page.

use std::time::{SystemTime, UNIX_EPOCH};

use http::header::{CACHE_CONTROL, ETAG, LAST_MODIFIED, SET_COOKIE};
use http::{HeaderValue, Method};

use crate::request::Request;
use crate::response::Response;

/// Adds `no-cache` for Firefox, and the cookie if a submitted form may have changed something. A
/// 4xx status means that nothing changed.
pub(crate) fn mark(request: &Request, response: &mut Response) {
    if request.header("user-agent").is_some_and(|agent| agent.contains("Firefox/")) {
        let headers = response.headers_mut();
        if ![CACHE_CONTROL, ETAG, LAST_MODIFIED].iter().any(|name| headers.contains_key(name)) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
    }
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let navigates = || request.header("sec-fetch-mode") == Some("navigate");
    if is_read || response.status().is_client_error() || !navigates() {
        return;
    }
    // All that matters is that the cookie's value changes, even if a program on another port also
    // sets it.
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
    fn firefox_gets_no_cache() {
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
    fn only_a_form_that_may_have_changed_something_sets_the_cookie() {
        assert!(has_cookie(Method::POST, "navigate", StatusCode::SEE_OTHER));
        assert!(has_cookie(Method::POST, "navigate", StatusCode::INTERNAL_SERVER_ERROR));
        assert!(!has_cookie(Method::POST, "navigate", StatusCode::UNPROCESSABLE_ENTITY));
        assert!(!has_cookie(Method::POST, "cors", StatusCode::OK));
        assert!(!has_cookie(Method::GET, "navigate", StatusCode::OK));
    }
}
