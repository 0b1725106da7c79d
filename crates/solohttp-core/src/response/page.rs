//! Recognizes HTML pages, and finds the places where HTML can be inserted into a finished page.
//!
//! Parses only as much HTML as needed to find the `<body>` tags.

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use memchr::{memchr, memmem};

use crate::headers::RequestHeaders;
use crate::response::{Body, Response};

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Elements whose text may contain something that looks like a tag.
const RAW_TEXT: [&str; 4] = ["script", "style", "textarea", "title"];

/// The number of bytes at the end of a page that are searched for the end tag.
const END: usize = 64;

/// Whether the response to this request is shown as a page, according to Fetch Metadata. True if
/// the browser doesn't send Fetch Metadata.
pub(crate) fn is_wanted(headers: &RequestHeaders) -> bool {
    let dest = headers.get(&SEC_FETCH_DEST);
    dest.is_none_or(|dest| matches!(dest, b"document" | b"frame" | b"iframe"))
}

impl Response {
    /// Whether this is a complete HTML page, in memory and uncompressed. Also true for failures,
    /// which become error pages.
    #[must_use]
    pub fn is_page(&self) -> bool {
        let is_whole = || matches!(self.body(), Body::Pieces(_));
        let is_page = || is_whole() && self.status() != StatusCode::PARTIAL_CONTENT;
        self.failure().is_some() || (is_html(self) && is_page())
    }
}

/// Inserts HTML before the `</body>` tag of a complete page, or at the end of a page without this
/// tag. Leaves partial pages unchanged (RFC 9110 section 15.3.7).
pub(crate) fn with_end(response: Response, end: &Bytes) -> Response {
    if !response.is_page() {
        return response;
    }
    response.map_pieces(|page| {
        let mut page = page.into_bytes();
        let from = page.len().saturating_sub(END);
        let tag = memmem::rfind(&page[from..], b"</body>");
        let at = tag.map_or(page.len(), |at| from + at);
        page.splice(at..at, end.iter().copied());
        page.into()
    })
}

pub(super) fn is_html(response: &Response) -> bool {
    let fields = response.lazy_headers();
    fields.get(&CONTENT_TYPE).is_some_and(|kind| is_word(kind, "text/html"))
        && fields.get(&CONTENT_ENCODING).is_none()
}

/// The position after the `<body>` tag. `None` if there is no such tag, in which case the notice
/// goes at the end.
pub(super) fn after_body_tag(page: &[u8]) -> Option<usize> {
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
    fn html_is_inserted_at_the_end_of_pages_only() {
        let end = Bytes::from_static(b"|");
        let shown = |response: Response| with_end(response, &end).into_text();
        let page = "<body>a</body>\n</html>\n";
        assert_eq!(shown(Response::html(page)), "<body>a|</body>\n</html>\n");
        assert_eq!(shown(Response::html("<p>a")), "<p>a|");
        assert_eq!(shown(Response::html("")), "|");
        let far = format!("</body>{}", " ".repeat(END));
        assert_eq!(shown(Response::html(far.clone())), format!("{far}|"));
        assert_eq!(shown(Response::text(page)), page);
        let part = Response::html(page).with_status(StatusCode::PARTIAL_CONTENT);
        assert_eq!(shown(part), page);
        let stream = Response::stream("text/html", &b"<body>"[..], 6);
        assert_eq!(shown(stream), "<body>");
    }
}
