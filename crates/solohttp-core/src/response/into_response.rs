//! The types that a handler may return.
//!
//! This module doesn't depend on requests. Errors stay [`Failure`]s until `dispatch` turns them
//! into pages.

use std::borrow::Cow;

use http::StatusCode;
use solohttp_iolist::IoList;

use crate::error::Failure;
use crate::error::Rejection;
use crate::html::Html;
use crate::response::Response;
use crate::url::LocalUrl;

/// The types that a handler can return: text (HTML), a [`Response`], a `Json` document, an `Option` (`None` is 404), a
/// `Result` with any error, a status paired with any of these, or `()` (204).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a response",
    label = "returned by a handler",
    note = "a handler returns a concrete type: text (`&'static str`, `String`, `IoList`, `Html`), \
            `Response`, `Json<T>`, `Option<T>`, `Result<T, E>`, `(StatusCode, T)` or `()`",
    note = "`-> impl IntoResponse` does not work for a handler with `&mut` state, because it \
            captures the borrow: name the type, for example `-> Response`"
)]
pub trait IntoResponse {
    /// Whether this is the return type of a servlet method that isn't implemented.
    #[doc(hidden)]
    const IS_MISSING: bool = false;

    /// Converts `self` into a response.
    fn into_response(self) -> Response;
}

impl IntoResponse for Response {
    fn into_response(self) -> Response {
        self
    }
}

macro_rules! html {
    ($($type:ty)*) => {
        $(impl IntoResponse for $type {
            fn into_response(self) -> Response {
                Response::html(self)
            }
        })*
    };
}

html! { &'static str String Cow<'static, str> IoList Html }

/// 204 No Content: the browser stays on the current page.
impl IntoResponse for () {
    fn into_response(self) -> Response {
        Response::empty(StatusCode::NO_CONTENT)
    }
}

/// The default page for this status.
impl IntoResponse for StatusCode {
    fn into_response(self) -> Response {
        Rejection::from(self).into_response()
    }
}

/// The default page with this status and message.
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        Response::failed(Failure::from(self))
    }
}

/// A 303 redirect, so that the browser uses GET.
impl IntoResponse for LocalUrl {
    fn into_response(self) -> Response {
        Response::redirect(self)
    }
}

impl<T: IntoResponse> IntoResponse for (StatusCode, T) {
    const IS_MISSING: bool = T::IS_MISSING;

    fn into_response(self) -> Response {
        self.1.into_response().with_status(self.0)
    }
}

/// `None` becomes 404 Not Found.
impl<T: IntoResponse> IntoResponse for Option<T> {
    const IS_MISSING: bool = T::IS_MISSING;

    fn into_response(self) -> Response {
        match self {
            Some(some) => some.into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

/// An error becomes an error page. Its status is 500, unless the error is a [`Rejection`].
impl<T: IntoResponse, E: Into<Failure>> IntoResponse for Result<T, E> {
    const IS_MISSING: bool = T::IS_MISSING;

    fn into_response(self) -> Response {
        match self {
            Ok(ok) => ok.into_response(),
            Err(error) => Response::failed(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(returned: impl IntoResponse, status: u16, kind: Option<&str>, body: &str) {
        let response = returned.into_response();
        assert_eq!(response.status(), status);
        assert_eq!(response.header("content-type"), kind);
        assert_eq!(response.into_text(), body);
    }

    #[test]
    fn every_type_has_its_status_and_media_type() {
        let html = Some("text/html; charset=utf-8");
        check("a", 200, html, "a");
        check(String::from("a"), 200, html, "a");
        check(solohttp_iolist::iolist!["a", 1], 200, html, "a1");
        check((StatusCode::CREATED, "a"), 201, html, "a");
        check(Some("a"), 200, html, "a");
        check(Ok::<_, std::io::Error>("a"), 200, html, "a");
        check((), 204, None, "");
        check(Response::text("a"), 200, Some("text/plain; charset=utf-8"), "a");
    }

    #[test]
    fn an_error_keeps_its_type_and_status() {
        assert_eq!(None::<()>.into_response().status(), 404);
        let response = Err::<(), _>(std::io::Error::other("disk")).into_response();
        assert_eq!(response.status(), 500);
        assert!(response.failure().unwrap().error().unwrap().is::<std::io::Error>());
        let response = Err::<(), _>(Rejection::new(StatusCode::CONFLICT, "x")).into_response();
        assert_eq!(response.status(), 409);
    }

    #[test]
    fn a_header_value_with_a_line_end_is_never_sent() {
        for url in ["/a\r\nset-cookie: x=1", "/a\nb", "/a\0", "/\u{7f}", "/\t/evil.example", "\x01"]
        {
            let response = Response::redirect(url);
            assert_eq!(response.status(), 500, "{url:?}");
            assert_eq!(response.header("location"), None);
        }
        assert_eq!(Response::redirect("/é?x#y").header("location"), Some("/%C3%A9?x#y"));
        let odd = Response::redirect("/a b\"<>\\{}|^`%20");
        assert_eq!(odd.header("location"), Some("/a%20b%22%3C%3E%5C%7B%7D%7C%5E%60%20"));
        for control in ["\r", "\n", "\0", "\x01", "\x7f", "\t", "a\r\n b"] {
            let response = Response::text("").with_header(http::header::REFRESH, control);
            assert_eq!((response.status().as_u16(), response.header("refresh")), (500, None));
        }
    }
}
