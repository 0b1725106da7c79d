//! Serializes the head of a response (RFC 9112 sections 4 and 5).
//!
//! Adds the header fields common to all responses: `Content-Length`, `Date`, `Connection: close`,
//! and those that protect against other sites. This module doesn't depend on sockets.

use std::cell::RefCell;
use std::time::{SystemTime, UNIX_EPOCH};

use http::header::{self, HeaderName};
use http::{HeaderMap, StatusCode};
use solohttp_iolist::IoList;

use crate::event_stream::EventStream;
use crate::headers::ResponseFields;
use crate::response::{Body, Response, Stream};

/// Defaults for fields that the handler didn't set.
const DEFAULTS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "x-content-type-options: nosniff\r\n"),
    (header::X_FRAME_OPTIONS, "x-frame-options: SAMEORIGIN\r\n"),
    (header::CONTENT_SECURITY_POLICY, "content-security-policy: frame-ancestors 'self'\r\n"),
];

/// Pages show the current state, so browsers shouldn't show an old copy. With this field, the Back
/// button reloads a page after a change, and input is still kept when the user leaves a page and
/// comes back (measured with Chromium 156; `no-cache` shows the old page). For Firefox, see
/// `stale_pages`.
const NO_STORE: &str = "cache-control: no-store\r\n";

/// A head is usually a third shorter. The rest is for a few fields, or a short body.
const CAPACITY: usize = 384;

/// The data to send: the head and any in-memory body, followed by the stream or the events.
pub(crate) struct Encoded {
    pub(crate) bytes: IoList,
    pub(crate) stream: Option<Stream>,
    pub(crate) events: Option<Box<dyn EventStream>>,
}

/// Encodes a response. Omits the body if the request was HEAD.
pub(crate) fn encode(response: Response, is_head: bool) -> Encoded {
    let bodiless = has_no_body(response.status());
    let len = match response.body() {
        _ if bodiless => None,
        Body::Pieces(list) => Some(u64::try_from(list.len()).expect("a length fits in 64 bits")),
        Body::Stream(stream) => stream.len,
        Body::Events(_) => None,
    };
    let mut bytes = head(&response, len);
    let body = response.into_body();
    match body {
        _ if bodiless || is_head => Encoded { bytes, stream: None, events: None },
        Body::Pieces(list) => {
            bytes.push(list);
            Encoded { bytes, stream: None, events: None }
        }
        Body::Stream(stream) => Encoded { bytes, stream: Some(stream), events: None },
        Body::Events(events) => Encoded { bytes, stream: None, events: Some(events) },
    }
}

/// Whether a response with this status has no body (RFC 9110 sections 15.2, 15.3.5 and 15.4.5).
fn has_no_body(status: StatusCode) -> bool {
    status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
}

fn head(response: &Response, len: Option<u64>) -> IoList {
    let mut head = IoList::with_capacity(CAPACITY);
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or("");
    head.push(("HTTP/1.0 ", status.as_str(), " ", reason, "\r\n"));
    match response.lazy_headers().fields() {
        ResponseFields::ContentType(kind) => {
            if let Some(kind) = kind {
                push_field(&mut head, &header::CONTENT_TYPE, kind.as_bytes());
            }
            DEFAULTS.iter().for_each(|(_, field)| head.push_str(field));
            head.push_str(NO_STORE);
            push_date(&mut head);
        }
        ResponseFields::Map(headers) => push_fields(&mut head, headers),
    }
    if let Some(len) = len {
        head.push(("content-length: ", len, "\r\n"));
    }
    head.push_str("connection: close\r\n\r\n");
    head
}

/// Appends the handler's fields, followed by those that it didn't set.
fn push_fields(head: &mut IoList, headers: &HeaderMap) {
    for (name, value) in headers {
        // A handler can't set these three fields, because they determine where the message ends.
        if !matches!(*name, header::CONTENT_LENGTH | header::CONNECTION | header::TRANSFER_ENCODING)
        {
            push_field(head, name, value.as_bytes());
        }
    }
    for (name, field) in DEFAULTS {
        if !headers.contains_key(&name) {
            head.push_str(field);
        }
    }
    // A response with a validator or expiry may be cached.
    let caching = [header::CACHE_CONTROL, header::ETAG, header::LAST_MODIFIED, header::EXPIRES];
    if !caching.iter().any(|name| headers.contains_key(name)) {
        head.push_str(NO_STORE);
    }
    if !headers.contains_key(header::DATE) {
        push_date(head);
    }
}

fn push_field(head: &mut IoList, name: &HeaderName, value: &[u8]) {
    head.push((name.as_str(), ": ", value, "\r\n"));
}

/// Appends the date, which is cached for a second, since formatting it costs more than all other
/// fields together.
fn push_date(head: &mut IoList) {
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
        head.push_str(text);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(response: Response, is_head: bool) -> String {
        let encoded = encode(response, is_head);
        assert!(encoded.stream.is_none());
        String::from_utf8(encoded.bytes.into_bytes()).unwrap()
    }

    fn without_date(text: &str) -> String {
        text.split_inclusive("\r\n").filter(|line| !line.starts_with("date: ")).collect()
    }

    #[test]
    fn a_response_gets_length_date_and_security_fields() {
        let encoded = text(Response::html("Hi é"), false);
        let date = encoded.lines().find_map(|line| line.strip_prefix("date: ")).unwrap();
        assert!(httpdate::parse_http_date(date).is_ok(), "{date}");
        // The format must be IMF-fixdate, but the parser also accepts two obsolete formats (RFC
        // 9110 section 5.6.7).
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
    fn a_map_of_headers_changes_nothing() {
        let with_map = Response::html("Hi");
        assert!(with_map.headers().contains_key(header::CONTENT_TYPE));
        let [plain, with_map] =
            [Response::html("Hi"), with_map].map(|response| text(response, false));
        assert_eq!(without_date(&plain), without_date(&with_map));
        let empty = text(Response::empty(StatusCode::OK), false);
        assert!(!empty.contains("\r\ncontent-type:"), "{empty}");
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
    fn a_handler_cannot_set_the_length() {
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
    fn a_response_with_caching_fields_may_be_stored() {
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
