//! Ways into private rooms for fuzz targets, and what must hold there whatever the bytes are.
//!
//! Built with `--cfg fuzzing` alone, which only cargo-fuzz sets: it is no part of the library.

#![allow(missing_docs, clippy::missing_panics_doc, reason = "a panic is what a fuzzer looks for")]

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use http::{HeaderMap, HeaderValue, Method, header};

use crate::access::launch::Launch;
use crate::body::Overflow;
use crate::body::multipart::{Multipart, Part};
use crate::limits::Limits;
use crate::request::{Decoded, Request};
use crate::url::fields::Fields;
use crate::url::path::{self, Path};
use crate::wire::chunked::ChunkDecoder;
use crate::wire::head::{Head, HeadScanner, Verdict};

/// A head is the same however it is split, and what is taken for one is clean.
pub fn head(bytes: &[u8], piece: usize) {
    let whole = scan(bytes, bytes.len().max(1));
    let pieces = scan(bytes, piece.max(1));
    assert_eq!(whole, pieces, "the verdict hangs on the pieces");
}

/// The verdict in words; what comes behind a head is not looked at.
fn scan(bytes: &[u8], piece: usize) -> String {
    let mut scanner = HeadScanner::default();
    let limits = Limits::default();
    let ends = (1..=bytes.len()).filter(|end| end % piece == 0 || *end == bytes.len());
    for end in ends {
        match scanner.scan(&bytes[..end], &limits) {
            Verdict::NeedMore => {}
            Verdict::Refused(rejection) => {
                assert!(
                    rejection.status().is_client_error() || rejection.status().is_server_error()
                );
                // Which of several faults is seen first may hang on the pieces.
                return "refused".to_owned();
            }
            Verdict::Complete(head, end) => {
                check_head(&head);
                return format!("{} {} {end} {:?}", head.method, head.target, head.headers);
            }
        }
    }
    "more".to_owned()
}

fn check_head(head: &Head) {
    assert!(head.target.starts_with('/') || head.target == "*");
    assert!(head.target.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>#".contains(&byte)));
    for value in head.headers.values() {
        assert!(!value.as_bytes().iter().any(|byte| b"\r\n\0".contains(byte)));
    }
    // Neither who asks nor how long the body is may end the process.
    drop(crate::access::Access::default().check(head));
    drop(crate::wire::framing::body_length(head, 1 << 20));
}

/// A body is the same however it is split, and never longer than it may be.
pub fn chunked(bytes: &[u8], piece: usize) {
    const MOST: u64 = 1_000;
    let decode = |piece: usize| {
        let mut decoder = ChunkDecoder::new(MOST);
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
        assert!(body.len() as u64 <= MOST && body.len() <= used);
        Some((body, used, decoder.is_done()))
    };
    assert_eq!(decode(bytes.len()), decode(piece), "the body hangs on the pieces");
}

/// What is kept of a form is the same however it is split, is never more than it may be, and has all
/// parts, of which only those that are too large have lost their content.
pub fn overflow(bytes: &[u8], piece: usize) {
    const TYPE: &str = "multipart/form-data; boundary=xY";
    const MOST: u64 = 300;
    let reduce = |piece: usize| {
        let mut overflow = Overflow::new(TYPE, 100, MOST)?;
        let mut store: Vec<u8> = Vec::new();
        for piece in bytes.chunks(piece.max(1)) {
            overflow.feed(piece, &mut store).ok()?;
            assert!(store.len() as u64 <= 2 * MOST + piece.len() as u64 + 100);
        }
        Some((overflow.finish().ok()?, store))
    };
    let parts = |bytes: &[u8]| {
        let mut parts = Multipart::new(TYPE, 100).ok()?;
        parts.feed(bytes).ok()?;
        parts.finish().ok()
    };
    let whole = reduce(bytes.len());
    assert_eq!(whole, reduce(piece), "what is kept hangs on the pieces");
    let Some((oversized, store)) = whole else { return };
    let all = parts(bytes).expect("a form that was reduced is one");
    let kept = parts(&store).expect("what is kept of a form is one");
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

/// Fields survive being written and read again.
pub fn urlencoded(bytes: &[u8]) {
    if let Ok(fields) = Fields::parse(bytes, 100) {
        let written = fields.to_string();
        assert!(written.is_ascii());
        let again = Fields::parse(written.as_bytes(), 100);
        // A field with neither name nor value is written as `=`, and read again.
        assert_eq!(again.as_ref(), Ok(&fields), "{written}");
    }
}

/// The normal spelling of a path stays on this host, is itself normal, and is reached at once.
pub fn normal_path(raw: &str) {
    let Ok(path) = Path::parse(raw) else { return };
    let encoded = path::encode(path.segments());
    assert!(encoded.starts_with('/') && !encoded.starts_with("//"));
    let Some(normal) = path.to_normal() else { return };
    assert!(normal.starts_with('/') && !normal[1..].starts_with(['/', '\\']), "{normal}");
    assert!(normal.bytes().all(|byte| byte.is_ascii_graphic()), "{normal}");
    let again = Path::parse(&normal).expect("what we wrote can be read");
    assert_eq!(again.to_normal(), None, "{normal}");
    assert!(again.segments().all(|segment| segment != ".." && segment != "."), "{normal}");
}

/// A request for this target with this header field, if the server would take it.
pub fn request(target: &[u8], field: &str, value: &[u8]) -> Option<Request> {
    let bytes = [b"GET /", target, b" HTTP/1.1\r\nHost: localhost\r\n\r\n"].concat();
    let verdict = HeadScanner::default().scan(&bytes, &Limits::default());
    let Verdict::Complete(mut head, _) = verdict else { return None };
    let name = header::HeaderName::try_from(field).ok()?;
    head.headers.insert(name, HeaderValue::from_bytes(value).ok()?);
    let limits = (&Limits::default()).into();
    let decoded = Decoded::read(&head.target, &limits).ok()?;
    Some(Request::new(head.method, head.target, decoded, head.headers, limits))
}

/// Only the whole token lets in, wherever it stands in the cookies.
pub fn cookie(value: &[u8]) {
    thread_local! {
        static LAUNCH: Launch = {
            let address = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 8080);
            Launch::new(None, false, None, address, "").expect("the system has random bits")
        };
    }
    LAUNCH.with(|launch| {
        let passes = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("localhost"));
            headers.insert(header::COOKIE, HeaderValue::from_bytes(value).ok()?);
            let (method, target) = (Method::GET, "/".to_owned());
            let head = Head { method, target, authority: None, is_http11: true, headers };
            Some(launch.turn_away(&head, Instant::now()).is_none())
        };
        let Some(alone) = passes(value) else { return };
        assert!(!alone, "nobody guesses 256 bits");
        let token = format!("; solo_8080={}; ", launch.token());
        assert_eq!(passes(&[value, token.as_bytes(), value].concat()), Some(true));
    });
}
