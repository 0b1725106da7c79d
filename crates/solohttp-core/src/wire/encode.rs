//! The head of a response as bytes (RFC 9112 sections 4 and 5).
//!
//! Adds what every response has: exact length, date, the end of the connection, and the fields
//! that keep other pages out. Knows nothing of sockets.

use std::cell::RefCell;
use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use http::StatusCode;
use http::header::{self, HeaderName};
use solohttp_iolist::IoList;

use crate::event_stream::Listener;
use crate::response::{Body, Response, Stream};

/// Fields that a response has unless its handler set its own.
const DEFAULTS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
];

/// A page shows the state of the moment, so no copy of it is shown later. With this, Back asks again
/// after something was saved, and what was typed on a page that is left and come back to is still
/// kept (Chromium 156, measured against `no-cache`, which shows the old page). `stale_pages` says what
/// Firefox does.
const NO_STORE: &[u8] = b"cache-control: no-store\r\n";

/// What goes on the wire: the head and all of the body that is in memory, then the stream.
pub(crate) struct Encoded {
    pub(crate) bytes: IoList,
    pub(crate) stream: Option<Stream>,
    pub(crate) events: Option<Listener>,
}

/// Encodes a response; without its body for HEAD.
pub(crate) fn encode(response: Response, head_only: bool) -> Encoded {
    let bodiless = has_no_body(response.status());
    let len = match response.body() {
        _ if bodiless => None,
        Body::Pieces(list) => Some(u64::try_from(list.len()).expect("a length fits in 64 bits")),
        Body::Stream(stream) => stream.len,
        Body::Events(_) => None,
    };
    let mut bytes = IoList::from(head(&response, len));
    let body = response.into_body();
    match body {
        _ if bodiless || head_only => Encoded { bytes, stream: None, events: None },
        Body::Pieces(list) => {
            bytes.push(list);
            Encoded { bytes, stream: None, events: None }
        }
        Body::Stream(stream) => Encoded { bytes, stream: Some(stream), events: None },
        Body::Events(listener) => Encoded { bytes, stream: None, events: Some(listener) },
    }
}

/// RFC 9110 sections 15.2, 15.3.5 and 15.4.5.
fn has_no_body(status: StatusCode) -> bool {
    status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
}

fn head(response: &Response, len: Option<u64>) -> Vec<u8> {
    let mut head = Vec::with_capacity(384);
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or("");
    head.extend_from_slice(b"HTTP/1.0 ");
    head.extend_from_slice(status.as_str().as_bytes());
    head.push(b' ');
    head.extend_from_slice(reason.as_bytes());
    head.extend_from_slice(b"\r\n");
    let headers = response.headers();
    for (name, value) in headers {
        // These three are ours to say: the length and the end of the message hang on them.
        if !matches!(*name, header::CONTENT_LENGTH | header::CONNECTION | header::TRANSFER_ENCODING)
        {
            push_field(&mut head, name, value.as_bytes());
        }
    }
    for (name, value) in DEFAULTS {
        if !headers.contains_key(&name) {
            push_field(&mut head, &name, value.as_bytes());
        }
    }
    // What has a version can be asked for again without being sent.
    let says_itself = [header::CACHE_CONTROL, header::ETAG, header::LAST_MODIFIED, header::EXPIRES];
    if !says_itself.iter().any(|name| headers.contains_key(name)) {
        head.extend_from_slice(NO_STORE);
    }
    if !headers.contains_key(header::DATE) {
        push_date(&mut head);
    }
    if let Some(len) = len {
        write!(head, "content-length: {len}\r\n").expect("a Vec takes everything");
    }
    head.extend_from_slice(b"connection: close\r\n\r\n");
    head
}

fn push_field(head: &mut Vec<u8>, name: &HeaderName, value: &[u8]) {
    head.extend_from_slice(name.as_str().as_bytes());
    head.extend_from_slice(b": ");
    head.extend_from_slice(value);
    head.extend_from_slice(b"\r\n");
}

/// The date changes once a second, and formatting it costs more than all other fields together.
fn push_date(head: &mut Vec<u8>) {
    thread_local! {
        static DATE: RefCell<(u64, String)> = const { RefCell::new((u64::MAX, String::new())) };
    }
    let now = SystemTime::now();
    let second = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    DATE.with_borrow_mut(|(of, text)| {
        if *of != second {
            *text = format!("date: {}\r\n", httpdate::fmt_http_date(now));
            *of = second;
        }
        head.extend_from_slice(text.as_bytes());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(response: Response, head_only: bool) -> String {
        let encoded = encode(response, head_only);
        assert!(encoded.stream.is_none());
        String::from_utf8(encoded.bytes.into_bytes()).unwrap()
    }

    fn without_date(text: &str) -> String {
        text.split_inclusive("\r\n").filter(|line| !line.starts_with("date: ")).collect()
    }

    #[test]
    fn a_response_has_a_length_a_date_and_its_guards() {
        let encoded = text(Response::html("Hi é"), false);
        let date = encoded.lines().find_map(|line| line.strip_prefix("date: ")).unwrap();
        assert!(httpdate::parse_http_date(date).is_ok(), "{date}");
        // IMF-fixdate, of the three forms that a parser takes (RFC 9110 section 5.6.7).
        assert!(date.len() == 29 && date.ends_with(" GMT"), "{date}");
        assert_eq!(
            without_date(&encoded),
            "HTTP/1.0 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\
             x-content-type-options: nosniff\r\nx-frame-options: SAMEORIGIN\r\n\
             content-security-policy: frame-ancestors 'self'\r\n\
             cache-control: no-store\r\n\
             content-length: 5\r\nconnection: close\r\n\r\nHi é"
        );
    }

    #[test]
    fn head_has_the_length_but_not_the_body() {
        let encoded = text(Response::text("12345"), true);
        assert!(encoded.contains("content-length: 5\r\n"), "{encoded}");
        assert!(encoded.ends_with("\r\n\r\n"), "{encoded}");
    }

    #[test]
    fn no_content_and_not_modified_have_neither_body_nor_length() {
        for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED] {
            let encoded = text(Response::text("12345").with_status(status), false);
            assert!(!encoded.contains("content-length") && encoded.ends_with("\r\n\r\n"));
        }
    }

    #[test]
    fn the_length_is_never_the_handlers_word() {
        let response = Response::text("12345")
            .with_header(header::CONTENT_LENGTH, "3")
            .with_header(header::CONNECTION, "keep-alive")
            .with_header(header::X_FRAME_OPTIONS, "DENY")
            .with_header(header::CONTENT_SECURITY_POLICY, "default-src 'none'");
        let encoded = text(response, false);
        assert_eq!(encoded.matches("content-length").count(), 1);
        assert!(encoded.contains("content-length: 5\r\nconnection: close"), "{encoded}");
        assert!(encoded.contains("x-frame-options: DENY") && !encoded.contains("SAMEORIGIN"));
        assert!(encoded.contains("default-src 'none'") && !encoded.contains("frame-ancestors"));
    }

    #[test]
    fn only_what_says_nothing_of_its_age_is_never_stored() {
        for (name, value) in [
            (header::CACHE_CONTROL, "max-age=60"),
            (header::ETAG, "\"1\""),
            (header::LAST_MODIFIED, "Sun, 06 Nov 1994 08:49:37 GMT"),
        ] {
            let encoded = text(Response::text("1").with_header(name, value), false);
            assert!(!encoded.contains("no-store"), "{encoded}");
        }
        assert!(text(Response::redirect("/"), false).contains("cache-control: no-store\r\n"));
    }

    #[test]
    fn an_unknown_status_has_an_empty_reason() {
        let response = Response::text("").with_status(StatusCode::from_u16(299).unwrap());
        assert!(text(response, false).starts_with("HTTP/1.0 299 \r\n"));
    }
}
