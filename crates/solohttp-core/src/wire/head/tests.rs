//! Raw heads and their results. Each head is scanned whole and split at every byte.

use super::*;

fn scan_pieces(pieces: &[&[u8]]) -> Verdict {
    let limits = Limits::default();
    let mut scanner = HeadScanner::default();
    let mut received = Vec::new();
    for piece in pieces {
        received.extend_from_slice(piece);
        match scanner.scan(&received, &limits) {
            Verdict::NeedMore => {}
            verdict => return verdict,
        }
    }
    Verdict::NeedMore
}

/// `Ok` is the method, target and version of a complete head. `Err` is the status of the rejection,
/// or 0 if the head is incomplete.
fn check(raw: &[u8], expect: Result<&str, u16>) {
    for split in 0..=raw.len() {
        let (first, second) = raw.split_at(split);
        let found = match scan_pieces(&[first, second]) {
            Verdict::Complete(head, end) => {
                assert_eq!(end, raw.len());
                Ok(format!("{} {} {}", head.method, head.target.as_str(), head.is_http11))
            }
            Verdict::Rejected(rejection) => Err(rejection.status().as_u16()),
            Verdict::NeedMore => Err(0),
        };
        let shown = raw.escape_ascii();
        assert_eq!(found, expect.map(str::to_owned), "`{shown}` split at {split}");
    }
}

fn check_field(field: &[u8], expect: Result<&str, u16>) {
    let raw = [b"GET / HTTP/1.1\r\n", field, b"\r\n\r\n"].concat();
    check(&raw, expect.map(|_| "GET / true"));
    if let Ok(value) = expect
        && let Verdict::Complete(head, _) = scan_pieces(&[&raw])
    {
        assert_eq!(head.headers.map()["x"], value);
    }
}

#[test]
fn reads_a_request_line() {
    check(b"GET / HTTP/1.1\r\n\r\n", Ok("GET / true"));
    check(b"GET / HTTP/1.0\r\n\r\n", Ok("GET / false"));
    check(b"BREW /pot?a=b%20c HTTP/1.1\r\n\r\n", Ok("BREW /pot?a=b%20c true"));
    check(b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Ok("GET / true"));
    check(b"OPTIONS * HTTP/1.1\r\n\r\n", Ok("OPTIONS * true"));
    check(b"GET //a HTTP/1.1\r\n\r\n", Ok("GET //a true"));
    check(b"GET /<\">?<a> HTTP/1.1\r\n\r\n", Ok("GET /%3C%22%3E?%3Ca%3E true"));
}

#[test]
fn reads_an_absolute_target() {
    for (raw, target, authority) in [
        ("http://127.0.0.1:8080/a?b", "/a?b", "127.0.0.1:8080"),
        ("HTTP://localhost", "/", "localhost"),
        ("http://localhost?q", "/?q", "localhost"),
        ("http://u@h/", "/", "u@h"),
    ] {
        let raw = format!("GET {raw} HTTP/1.1\r\n\r\n");
        let Verdict::Complete(head, _) = scan_pieces(&[raw.as_bytes()]) else { panic!("{raw}") };
        assert_eq!((head.target.as_str(), head.authority.as_deref()), (target, Some(authority)));
    }
}

#[test]
fn rejects_another_version() {
    for version in ["HTTP/2.0", "HTTP/9.9", "HTTP/0.9", "HTTP/1.2"] {
        check(format!("GET / {version}\r\n\r\n").as_bytes(), Err(505));
    }
    check(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Err(505));
    for version in ["http/1.1", "HTTP/1", "HTTP/1.10", "HTTP/a.b", "HTTP /1.1", "", "1.1"] {
        check(format!("GET / {version}\r\n\r\n").as_bytes(), Err(400));
    }
}

#[test]
fn rejects_a_malformed_request_line() {
    for line in [
        "GET",
        "GET /",
        "GET  / HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET\t/\tHTTP/1.1",
        "G(T / HTTP/1.1",
        "GET x HTTP/1.1",
        "GET ../x HTTP/1.1",
        "GET * HTTP/1.1",
        "GET /a b HTTP/1.1",
        "hello there",
        "GET /\x7f HTTP/1.1",
        "GET /\x01 HTTP/1.1",
        "GET /\0 HTTP/1.1",
        "GET /é HTTP/1.1",
        "GET /a#b HTTP/1.1",
        "GET ftp://a/ HTTP/1.1",
        "GET https://a/ HTTP/1.1",
        "GET a:80 HTTP/1.1",
    ] {
        check(format!("{line}\r\n\r\n").as_bytes(), Err(400));
    }
    check(b"CONNECT a:80 HTTP/1.1\r\n\r\n", Err(501));
    check(b"TRACE / HTTP/1.1\r\n\r\n", Err(501));
}

#[test]
fn rejects_another_protocol_at_its_first_byte() {
    for first in [b"\x16\x03\x01", &b"\x80"[..], b"{", b" GET", b"\0", b"\n"] {
        assert!(matches!(scan_pieces(&[&first[..1]]), Verdict::Rejected(_)), "{first:?}");
    }
}

#[test]
fn a_malformed_request_line_is_rejected_at_its_end() {
    assert!(matches!(scan_pieces(&[b"GET /\r\n"]), Verdict::Rejected(_)), "HTTP/0.9");
    assert!(matches!(scan_pieces(&[b"hello\r\n"]), Verdict::Rejected(_)));
    assert!(matches!(scan_pieces(&[b"GET / HTTP/1.1\r\n"]), Verdict::NeedMore));
}

#[test]
fn reads_fields() {
    check_field(b"X: a", Ok("a"));
    check_field(b"x:a", Ok("a"));
    check_field(b"x:\t a \t", Ok("a"));
    check_field(b"x:", Ok(""));
    check_field(b"x: a: \"b\": c", Ok("a: \"b\": c"));
    check_field(b"x: first\r\nX: second", Ok("first"));
}

#[test]
fn rejects_malformed_fields() {
    for field in [
        &b"x"[..],
        b"x : a",
        b" x: a",
        b": a",
        b"x(: a",
        b"x y: a",
        b"\0x: a",
        b"x\x01: a",
        "é: a".as_bytes(),
        b"x: a\r\n b",
        b"x: a\r\n\tb",
        b"x: a\0b",
        b"x: a\rb",
        b"x: a\nb",
        b"x: a\x01",
        b"x: \x7f",
        b"x: a\nX: b",
        b"x: a\r\r",
    ] {
        check_field(field, Err(400));
    }
    check(b"GET / HTTP/1.1\n\n", Err(400));
    check(b"GET / HTTP/1.1\r\nHost: a\n\r\n", Err(400));
}

#[test]
fn keeps_repeated_fields_and_non_ascii_values() {
    let raw = b"GET / HTTP/1.1\r\nx: one\r\nX: two\r\nx: \xe9\r\n\r\n";
    let Verdict::Complete(head, _) = scan_pieces(&[raw]) else { panic!() };
    let name = http::HeaderName::from_static("x");
    let values: Vec<_> = head.headers.get_all(&name).collect();
    assert_eq!(values, [&b"one"[..], b"two", b"\xe9"]);
}

fn status_of(raw: &str) -> u16 {
    match scan_pieces(&[raw.as_bytes()]) {
        Verdict::Rejected(rejection) => rejection.status().as_u16(),
        Verdict::Complete(..) => 200,
        Verdict::NeedMore => 0,
    }
}

#[test]
fn enforces_the_limits_while_bytes_arrive() {
    let line = |bytes: usize| format!("GET /{} HTTP/1.1\r\n", "a".repeat(bytes - 14));
    let limits = Limits::default();
    assert_eq!(status_of(&format!("{}\r\n", line(limits.request_line))), 200);
    assert_eq!(status_of(&line(limits.request_line + 1)), 414);
    assert_eq!(status_of(&"a".repeat(limits.request_line + 1)), 414, "before its line ends");
    let fields = |count: usize| "a: b\r\n".repeat(count);
    assert_eq!(status_of(&format!("{}{}\r\n", line(20), fields(200))), 200);
    assert_eq!(status_of(&format!("{}{}", line(20), fields(201))), 431);
    let cookie = |bytes: usize| format!("{}cookie: {}", line(20), "a".repeat(bytes));
    assert_eq!(status_of(&format!("{}\r\n\r\n", cookie(60_000))), 200);
    assert_eq!(status_of(&cookie(limits.head)), 431, "before its line ends");
}

/// The map is built later, when a field can no longer be rejected.
#[test]
fn the_map_has_every_accepted_field() {
    for byte in 0..=u8::MAX {
        for field in [[b"x", &[byte][..], b"y: z"].concat(), [b"x: y", &[byte][..], b"z"].concat()]
        {
            let raw = [b"GET / HTTP/1.1\r\n", &field[..], b"\r\n\r\n"].concat();
            if let Verdict::Complete(head, _) = scan_pieces(&[&raw]) {
                let (found, sent) = (head.headers.map().len(), head.headers.len());
                assert_eq!((found, sent), (1, 1), "{}", field.escape_ascii());
            }
        }
    }
}

#[test]
fn a_name_is_no_longer_than_the_map_allows() {
    let limits = Limits { head: 1 << 17, ..Limits::default() };
    for (len, is_accepted) in [(MAX_NAME, true), (MAX_NAME + 1, false)] {
        let raw = format!("GET / HTTP/1.1\r\n{}: y\r\n\r\n", "x".repeat(len));
        match HeadScanner::default().scan(raw.as_bytes(), &limits) {
            Verdict::Complete(head, _) => assert!(is_accepted && head.headers.map().len() == 1),
            Verdict::Rejected(rejection) => assert!(!is_accepted && rejection.status() == 400),
            Verdict::NeedMore => panic!("the head is complete"),
        }
    }
}
