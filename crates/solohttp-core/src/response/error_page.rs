//! The built-in pages for rejections and errors, and the plain page. Clients that prefer JSON get a
//! `Problem` instead.
//!
//! Escapes everything that comes from a request or an error.

use http::{Method, StatusCode};
use solohttp_iolist::{IoList, iolist};

use crate::error::{Failure, Rejection, backtrace};
use crate::headers::RequestHeaders;
use crate::html::{escape_into, escape_sentence};
#[cfg(feature = "json")]
use crate::json::Problem;
use crate::language::{Locale, Oaths, ServerWords};
use crate::request::Request;
use crate::request::accept::prefers_json;
#[cfg(feature = "json")]
use crate::response::IntoResponse as _;
use crate::response::Response;
use crate::url::path::link_to;

const START: &str = "<!DOCTYPE html>\n<html lang=\"";
const HEAD: &str = "\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
const STYLE: &str = "</title>\n<style>\n\
    :root { color-scheme: light dark; background: Canvas; color: CanvasText; }\n\
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }\n\
    h1 { font-size: 1.5rem; }\n\
    .error { border-left: .3rem solid #c62828; padding: .1rem 1rem; overflow-wrap: anywhere; }\n\
    pre { overflow-x: auto; font-size: .85rem; }\n\
    footer { margin-top: 3rem; opacity: .7; font-size: .85rem; }\n\
    </style>\n</head>\n<body>\n<main>\n<h1>";
const FOOT: &str = "</footer>\n</body>\n</html>\n";

impl Response {
    /// A plain page in the server's style. `title` is text, and `body` is HTML.
    ///
    /// ```
    /// use solohttp_core::Response;
    /// let page = Response::page("Bread & butter", "<p>All gone.</p>").into_text();
    /// assert!(page.contains("<h1>Bread &amp; butter</h1>\n<p>All gone.</p>"));
    /// ```
    pub fn page(title: &str, body: impl Into<IoList>) -> Self {
        Self::html(framed(title, body.into()))
    }

    /// The page for an internal error. It has status 500 and a minced oath as its title, and it
    /// names the request. `detail` is HTML.
    ///
    /// Errors and panics in handlers become this page automatically.
    pub fn internal_error(request: &Request, detail: impl Into<IoList>) -> Self {
        let (before, after) = Locale::current::<ServerWords>().during.around("request");
        let mut body = iolist!["<p>"];
        push_text(&mut body, &before);
        push_text(&mut body, request.method().as_str());
        body.push(" ");
        if *request.method() == Method::GET {
            body.push("<a href=\"");
            push_text(&mut body, &link_to(request.raw_target()));
            body.push("\">");
            push_text(&mut body, request.target());
            body.push("</a>");
        } else {
            push_text(&mut body, request.target());
        }
        push_text(&mut body, &after);
        body.push("</p>\n");
        body.push(detail.into());
        Self::page(&format!("{}!", Locale::current::<Oaths>().pick()), body)
            .with_status(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Whether errors are sent to the client as JSON.
pub(crate) fn is_json_preferred(headers: &RequestHeaders) -> bool {
    cfg!(feature = "json") && prefers_json(headers)
}

/// The response to a rejected request with these header fields.
pub(crate) fn of_rejection(headers: &RequestHeaders, rejection: &Rejection) -> Response {
    #[cfg(feature = "json")]
    if is_json_preferred(headers) {
        return Problem::of_rejection(rejection).into_response();
    }
    let _ = headers;
    page_of_rejection(rejection)
}

fn page_of_rejection(rejection: &Rejection) -> Response {
    let (status, detail, header) = rejection.clone().into_parts();
    let title = Locale::current::<ServerWords>().title(status);
    let mut body = IoList::new();
    // If a rejection has no message, its `detail` is the title.
    if detail != title {
        push_paragraph(&mut body, &detail);
    }
    let mut page = Response::page(&title, body).with_status(status);
    if let Some((name, value)) = header {
        page.headers_mut().insert(name, value);
    }
    page
}

/// The response to a request whose handler has failed. It shows the message, causes and context
/// and, in debug builds, the location. In debug builds, the page also shows the backtrace.
pub(crate) fn of_failure(request: &Request, failure: &Failure) -> Response {
    #[cfg(feature = "json")]
    if is_json_preferred(request.lazy_headers()) {
        return Problem::of_failure(failure).into_response();
    }
    if let Some(rejection) = failure.rejection() {
        return page_of_rejection(rejection);
    }
    let mut detail = iolist!["<div class=\"error\">\n<p><strong>"];
    push_lines(&mut detail, &failure.to_string());
    detail.push("</strong></p>\n");
    for line in lines_about(failure) {
        push_paragraph(&mut detail, &line);
    }
    if cfg!(debug_assertions)
        && let Some(backtrace) = failure.backtrace()
    {
        detail.push("<details>\n<summary>");
        push_text(&mut detail, &Locale::current::<ServerWords>().stack.to_string());
        detail.push("</summary>\n<pre>");
        push_text(&mut detail, &backtrace::trimmed(backtrace));
        detail.push("</pre>\n</details>\n");
    }
    detail.push("</div>\n");
    Response::internal_error(request, detail)
}

/// The causes and context of a failure and, in debug builds, its location, each as a sentence.
pub(crate) fn lines_about(failure: &Failure) -> Vec<String> {
    let words = Locale::current::<ServerWords>();
    let mut lines: Vec<String> =
        failure.causes().map(|cause| words.because.say(&[("cause", &cause)])).collect();
    lines.extend(failure.context().map(|context| words.within.say(&[("context", &context)])));
    let location = failure.location().filter(|_| cfg!(debug_assertions));
    lines.extend(location.map(|location| words.at.say(&[("location", &location)])));
    lines
}

fn framed(title: &str, body: IoList) -> IoList {
    let words = Locale::current::<ServerWords>();
    let mut page = iolist![START];
    push_text(&mut page, &words.lang.to_string());
    page.push(HEAD);
    push_text(&mut page, title);
    page.push(STYLE);
    push_text(&mut page, title);
    page.push("</h1>\n");
    page.push(body);
    page.push("</main>\n<footer>");
    push_text(&mut page, &words.footer.say(&[("version", &env!("CARGO_PKG_VERSION"))]));
    page.push(FOOT);
    page
}

fn push_paragraph(list: &mut IoList, text: &str) {
    list.push("<p>");
    push_lines(list, text);
    list.push("</p>\n");
}

/// Preserves the layout of multi-line messages, such as a caret under a source line.
fn push_lines(list: &mut IoList, text: &str) {
    if text.trim_end().contains('\n') {
        list.push("<pre>");
        push_text(list, text);
        list.push("</pre>");
    } else {
        escape_sentence(text, list);
    }
}

fn push_text(list: &mut IoList, text: &str) {
    escape_into(text, list);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handler::IntoHandler;

    fn respond<M>(handler: impl IntoHandler<(), M>) -> (u16, String) {
        let response = Request::get("/<script>?a=\"&b").send_to(handler);
        (response.status().as_u16(), response.into_text())
    }

    fn contains_all(page: &str, parts: &[&str]) {
        for part in parts {
            assert!(page.contains(part), "no {part} in:\n{page}");
        }
    }

    #[test]
    fn an_error_page_escapes_its_content() {
        let (status, page) = respond(|| Err::<(), _>(std::io::Error::other("<b>&")));
        assert_eq!(status, 500);
        contains_all(&page, &["&lt;b&gt;&amp;", "GET <a href=\"/"]);
        assert!(!page.contains("<script>") && !page.contains("<b>"), "{page}");
    }

    #[test]
    fn its_link_never_leads_to_another_host() {
        let fails = || Err::<(), _>("no");
        let page = Request::get("//evil.example/").send_to(fails).into_text();
        assert!(page.contains("href=\"/evil.example/\""), "{page}");
    }

    #[test]
    fn a_panic_page_shows_message_location_and_backtrace() {
        let (status, page) = respond(|| -> &'static str { panic!("no more {}", "tea & cake") });
        assert_eq!(status, 500);
        contains_all(&page, &["no more tea &amp; cake", "!</h1>"]);
        if !cfg!(debug_assertions) {
            assert!(!page.contains(".rs") && !page.contains("Stack"), "{page}");
            return;
        }
        contains_all(&page, &["error_page.rs:", "<summary>Stack"]);
        let stack = page.split("<pre>").nth(1).unwrap();
        assert!(!stack.contains("catch_panic") && !stack.contains("rust_begin_unwind"), "{stack}");
    }

    #[test]
    fn a_rejection_page_shows_its_message_without_the_source() {
        let (status, page) = respond(|| Rejection::new(StatusCode::GONE, "<it> was deleted"));
        assert_eq!(status, 410);
        contains_all(&page, &["<h1>No longer available</h1>", "&lt;it&gt; was deleted"]);
        assert!(!page.contains("error_page.rs"));
    }

    #[test]
    fn code_in_a_message_is_shown_as_code() {
        let (_, page) = respond(|| Rejection::bad_request("The field `<a>` is `b"));
        contains_all(&page, &["The field <code>&lt;a&gt;</code> is `b"]);
    }

    #[test]
    fn a_multi_line_message_keeps_its_layout() {
        let (_, page) = respond(|| Err::<(), _>("line 1\n   ^ here"));
        contains_all(&page, &["<pre>line 1\n   ^ here</pre>"]);
    }
}
