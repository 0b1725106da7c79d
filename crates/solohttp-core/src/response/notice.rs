//! Inserts a notice into a finished page.
//!
//! Parses only as much HTML as needed to find the `<body>` tag.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG};
use memchr::{memchr, memmem};
use solohttp_iolist::IoList;

use crate::request::Request;
use crate::response::Response;

/// Elements whose text may contain something that looks like a tag.
const RAW_TEXT: [&str; 4] = ["script", "style", "textarea", "title"];

/// Inserts the notice if the response is a page.
pub(crate) fn show(request: &Request, response: Response, notice: IoList) -> Response {
    if !is_for_a_page(request) || !is_html(&response) {
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

/// Whether the response is shown as a page, according to Fetch Metadata. True if the browser sends
/// none.
fn is_for_a_page(request: &Request) -> bool {
    let dest = request.header("sec-fetch-dest");
    dest.is_none_or(|dest| matches!(dest, "document" | "frame" | "iframe"))
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).map(http::HeaderValue::as_bytes);
    kind.is_some_and(|kind| is_word(kind, "text/html"))
        && !response.headers().contains_key(CONTENT_ENCODING)
}

/// The position after the `<body>` tag. `None` if there is no such tag; the notice then goes at the
/// end.
fn after_body_tag(page: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr(b'<', page.get(at..)?)?;
        let tag = &page[at..];
        let name = &tag[1..];
        if tag.starts_with(b"<!--") {
            at += memmem::find(tag, b"-->")?;
        } else if is_word(name, "body") {
            return Some(at + tag_len(tag)?);
        } else if let Some(raw) = RAW_TEXT.into_iter().find(|raw| is_word(name, raw)) {
            at += end_tag(name, raw)?;
        }
        at += 1;
    }
}

/// Whether `bytes` start with this word, case-insensitively.
fn is_word(bytes: &[u8], word: &str) -> bool {
    let Some((start, rest)) = bytes.split_at_checked(word.len()) else { return false };
    start.eq_ignore_ascii_case(word.as_bytes())
        && rest.first().is_none_or(|&next| next.is_ascii_whitespace() || b"/>;".contains(&next))
}

/// The length of a tag. A `>` within quotes doesn't end the tag.
fn tag_len(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    let end = tag.iter().position(|&byte| {
        match (quote, byte) {
            (None, b'>') => return true,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        false
    })?;
    Some(end + 1)
}

fn end_tag(text: &[u8], name: &str) -> Option<usize> {
    memmem::find_iter(text, b"</").find(|&at| is_word(&text[at + 2..], name))
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
