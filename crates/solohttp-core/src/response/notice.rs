//! Inserts a notice into a finished page.

use http::header::ETAG;
use solohttp_iolist::IoList;

use super::page::{after_body_tag, is_html, is_wanted};
use crate::request::Request;
use crate::response::Response;

/// Inserts the notice if the response is a page.
pub(crate) fn show(request: &Request, response: Response, notice: IoList) -> Response {
    if !is_wanted(request.lazy_headers()) || !is_html(&response) {
        return response;
    }
    let mut response = response.map_pieces(|page| {
        let page = page.into_bytes();
        let (before, after) = page.split_at(after_body_tag(&page).unwrap_or(page.len()));
        let mut shown = IoList::new();
        shown.push(before);
        shown.push(notice);
        shown.push(after);
        shown
    });
    response.headers_mut().remove(ETAG);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_goes_after_the_body_tag_or_to_the_end() {
        for (page, expect) in [
            ("<body>a", "<body>|a"),
            ("<html><BODY class='>' id=\">\">a", "<html><BODY class='>' id=\">\">|a"),
            ("<!-- <body> --><body\n>a", "<!-- <body> --><body\n>|a"),
            ("<title><body></title><body>a", "<title><body></title><body>|a"),
            ("<script>'<body>'</SCRIPT ><body>a", "<script>'<body>'</SCRIPT ><body>|a"),
            ("<p>a<bodyguard>", "<p>a<bodyguard>|"),
            ("<p>a <b", "<p>a <b|"),
            ("<body class=\"", "<body class=\"|"),
            ("<script>", "<script>|"),
            ("<!-- <body>", "<!-- <body>|"),
            ("<", "<|"),
            ("", "|"),
        ] {
            let response = Request::get("/").send_to(|| Response::html(page).with_notice("|"));
            assert_eq!(response.into_text(), expect);
        }
    }

    #[test]
    fn only_complete_pages_show_it() {
        let page = || Response::html("<body>").with_notice("|");
        for (dest, expect) in [
            ("document", "<body>|"),
            ("iframe", "<body>|"),
            ("empty", "<body>"),
            ("image", "<body>"),
        ] {
            let request = Request::get("/").header("sec-fetch-dest", dest);
            assert_eq!(request.send_to(page).into_text(), expect, "{dest}");
        }
        let text = || Response::text("<body>").with_notice("|");
        assert_eq!(Request::get("/").send_to(text).into_text(), "<body>");
        let stream = || Response::stream("text/html", &b"<body>"[..], 6).with_notice("|");
        assert_eq!(Request::get("/").send_to(stream).into_text(), "<body>");
    }

    #[test]
    fn error_pages_show_it_too() {
        let failed = || Response::failed("no luck".into()).with_notice("<p>notice</p>");
        let page = Request::get("/").send_to(failed).into_text();
        assert!(page.contains("no luck") && page.contains("<p>notice</p>"), "{page}");
    }
}
