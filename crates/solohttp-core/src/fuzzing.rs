//! Entry points for the fuzz targets, with the invariants they check.
//!
//! Compiled only with `--cfg fuzzing`, which cargo-fuzz sets. Not part of the public API.

#![allow(missing_docs, clippy::missing_panics_doc, reason = "a panic is what a fuzzer looks for")]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use http::{HeaderMap, HeaderValue, Method, header};

use crate::access::launch::Launch;
use crate::body::Overflow;
use crate::body::multipart::{Multipart, Part};
use crate::limits::Limits;
use crate::request::{Decoded, Request};
use crate::url::path::{self, Path};
use crate::url::{Fields, Target};
use crate::wire::chunked::ChunkDecoder;
use crate::wire::head::{Head, HeadScanner, Verdict};

/// The verdict doesn't depend on how the bytes are split, and a parsed head contains only valid
/// characters.
pub fn head(bytes: &[u8], piece: usize) {
    let whole = scan(bytes, bytes.len().max(1));
    let pieces = scan(bytes, piece.max(1));
    assert_eq!(whole, pieces, "the verdict depends on the pieces");
}

/// Returns the verdict as a string. Bytes after the head are ignored.
fn scan(bytes: &[u8], piece: usize) -> String {
    let mut scanner = HeadScanner::default();
    let limits = Limits::default();
    let ends = (1..=bytes.len()).filter(|end| end % piece == 0 || *end == bytes.len());
    for end in ends {
        match scanner.scan(&bytes[..end], &limits) {
            Verdict::NeedMore => {}
            Verdict::Rejected(rejection) => {
                assert!(
                    rejection.status().is_client_error() || rejection.status().is_server_error()
                );
                // Which of several errors is found first may depend on how the bytes are split.
                return "rejected".to_owned();
            }
            Verdict::Complete(head, end) => {
                check_head(&head);
                return format!("{} {:?} {end} {:?}", head.method, head.target, head.headers);
            }
        }
    }
    "more".to_owned()
}

fn check_head(head: &Head) {
    let target = head.target.as_str();
    assert!(target.starts_with('/') || target == "*");
    assert!(target.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>#".contains(&byte)));
    let map = head.headers.map();
    assert_eq!(map.len(), head.headers.len(), "the map has every field");
    for value in map.values() {
        assert!(!value.as_bytes().iter().any(|byte| b"\r\n\0".contains(byte)));
    }
    // Neither check may panic.
    drop(crate::access::Access::default().check(head));
    drop(crate::wire::framing::body_length(head, 1 << 20));
}

/// The decoded body doesn't depend on how the bytes are split, and never exceeds its limit.
pub fn chunked(bytes: &[u8], piece: usize) {
    const MAX: u64 = 1_000;
    let decode = |piece: usize| {
        let mut decoder = ChunkDecoder::new(MAX);
        let mut body = Vec::new();
        let mut used = 0;
        for piece in bytes.chunks(piece.max(1)) {
            let keep = |bytes: &[u8]| {
                body.extend_from_slice(bytes);
                Ok(())
            };
            match decoder.decode(piece, keep) {
                Ok(count) => used += count,
                Err(_) => return None,
            }
            if decoder.is_done() {
                break;
            }
        }
        assert!(body.len() as u64 <= MAX && body.len() <= used);
        Some((body, used, decoder.is_done()))
    };
    assert_eq!(decode(bytes.len()), decode(piece), "the body depends on the pieces");
}

/// A reduced form doesn't depend on how the bytes are split, never exceeds its limit, and keeps
/// every part. Only parts that are too large lose their content.
pub fn overflow(bytes: &[u8], piece: usize) {
    const TYPE: &str = "multipart/form-data; boundary=xY";
    const MAX: u64 = 300;
    let reduce = |piece: usize| {
        let mut overflow = Overflow::new(TYPE, 100, MAX)?;
        let mut store: Vec<u8> = Vec::new();
        for piece in bytes.chunks(piece.max(1)) {
            overflow.feed(piece, &mut store).ok()?;
            assert!(store.len() as u64 <= 2 * MAX + piece.len() as u64 + 100);
        }
        Some((overflow.finish().ok()?, store))
    };
    let parts = |bytes: &[u8]| {
        let mut parts = Multipart::new(TYPE, 100).ok()?;
        parts.feed(bytes).ok()?;
        parts.finish().ok()
    };
    let whole = reduce(bytes.len());
    assert_eq!(whole, reduce(piece), "the reduced form depends on the pieces");
    let Some((oversized, store)) = whole else { return };
    let all = parts(bytes).expect("only a valid form is reduced");
    let kept = parts(&store).expect("a reduced form is valid");
    assert_eq!(all.len(), kept.len());
    let content = |bytes: &[u8], part: &Part| {
        bytes[part.content.start as usize..part.content.end as usize].to_vec()
    };
    for (number, (all, kept)) in all.iter().zip(&kept).enumerate() {
        assert_eq!((&all.name, &all.file_name), (&kept.name, &kept.file_name));
        match oversized.iter().find(|file| file.part == number) {
            None => assert_eq!(content(bytes, all), content(&store, kept)),
            Some(file) => {
                assert!(file.len > 0 && file.len == all.content.end - all.content.start);
                assert!(kept.content.is_empty());
            }
        }
    }
}

/// Parsed fields survive encoding and parsing again.
pub fn urlencoded(bytes: &[u8]) {
    if let Ok(fields) = Fields::parse(bytes, 100) {
        let written = fields.to_string();
        assert!(written.is_ascii());
        let again = Fields::parse(written.as_bytes(), 100);
        // A field with neither name nor value is written as `=`.
        assert_eq!(again.as_ref(), Ok(&fields), "{written}");
    }
}

/// A normalized path stays on this host, and normalizing it again changes nothing.
pub fn normal_path(raw: &str) {
    let Ok(path) = Path::parse(raw) else { return };
    let encoded = path::encode(path.segments());
    assert!(encoded.starts_with('/') && !encoded.starts_with("//"));
    let Some(normal) = path.to_normal() else { return };
    assert!(normal.starts_with('/') && !normal[1..].starts_with(['/', '\\']), "{normal}");
    assert!(normal.bytes().all(|byte| byte.is_ascii_graphic()), "{normal}");
    let again = Path::parse(&normal).expect("a normalized path is valid");
    assert_eq!(again.to_normal(), None, "{normal}");
    assert!(again.segments().all(|segment| segment != ".." && segment != "."), "{normal}");
}

/// Builds a request for this target with this header field, if the server would accept it.
pub fn request(target: &[u8], field: &str, value: &[u8]) -> Option<Request> {
    let bytes = [b"GET /", target, b" HTTP/1.1\r\nHost: localhost\r\n\r\n"].concat();
    let verdict = HeadScanner::default().scan(&bytes, &Limits::default());
    let Verdict::Complete(mut head, _) = verdict else { return None };
    let name = header::HeaderName::try_from(field).ok()?;
    head.headers.set(&name, &HeaderValue::from_bytes(value).ok()?);
    let limits = (&Limits::default()).into();
    let decoded = Decoded::read(&head.target, &limits).ok()?;
    Some(Request::new(head.method, head.target, decoded, head.headers, limits))
}

/// Only the complete token is accepted, wherever it appears in the cookies.
pub fn cookie(value: &[u8]) {
    thread_local! {
        static LAUNCH: Launch = {
            let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 8080);
            Launch::new(None, false, None, address, "").expect("the system provides random bytes")
        };
    }
    LAUNCH.with(|launch| {
        let passes = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost"));
            headers.insert(header::COOKIE, HeaderValue::from_bytes(value).ok()?);
            let (method, target) = (Method::GET, Target::new("/"));
            let head =
                Head { method, target, authority: None, is_http11: true, headers: headers.into() };
            Some(launch.intercept(&head, Instant::now()).is_none())
        };
        let Some(alone) = passes(value) else { return };
        assert!(!alone, "a guess of 256 bits fails");
        let token = format!("; solo_8080={}; ", launch.token());
        assert_eq!(passes(&[value, token.as_bytes(), value].concat()), Some(true));
    });
}
