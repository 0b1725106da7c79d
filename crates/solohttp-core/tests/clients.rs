//! Parses forms recorded from real clients: whole, byte by byte, and in two pieces split at every
//! byte. `clients/README.md` lists the clients.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

use solohttp_core::Request;
use solohttp_core::multipart::{Multipart, Part};

/// `(name, value)` of each field.
type Fields = &'static [(&'static str, &'static str)];
/// `(name, file name, content type, content)` of each file.
type Files<'a> = &'a [(&'static str, &'static str, &'static str, &'a [u8])];

fn parts<'a>(kind: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Part> {
    let mut multipart = Multipart::new(kind, 20).unwrap();
    for piece in pieces {
        multipart.feed(piece).unwrap();
    }
    multipart.finish().unwrap()
}

fn check(client: &[u8], fields: Fields, files: Files<'_>) {
    let blank = client.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let kind = std::str::from_utf8(&client[..blank]).unwrap();
    let kind = kind.strip_prefix("Content-Type: ").unwrap();
    let body = &client[blank + 4..];

    let request = Request::post("/").header("content-type", kind).body(body).build();
    assert_eq!(request.form().unwrap().iter().collect::<Vec<_>>(), fields, "{kind}");
    let uploads: Vec<_> = request
        .uploads()
        .unwrap()
        .iter()
        .map(|one| (one.field(), one.raw_file_name(), one.content_type(), one.to_bytes().unwrap()))
        .collect();
    let uploads: Vec<_> = uploads.iter().map(|(a, b, c, bytes)| (*a, *b, *c, &**bytes)).collect();
    assert_eq!(uploads, files, "{kind}");

    let whole = parts(kind, [body]);
    assert_eq!(parts(kind, body.chunks(1)), whole, "{kind}, byte by byte");
    for split in 1..body.len() {
        let (first, second) = body.split_at(split);
        assert_eq!(parts(kind, [first, second]), whole, "{kind}, split at {split}");
    }
}

const TEXT: &str = "Zoë € 😀 \"q\" <b>&%22\r\nline 2";

const ALL: Fields = &[
    ("plain", "value"),
    ("empty", ""),
    ("text", TEXT),
    ("repeat", "1"),
    ("repeat", "2"),
    ("na\"me\r\né", "odd"),
];

/// Every byte value, then bytes that resemble a boundary.
fn every_byte() -> Vec<u8> {
    (0..=255).chain(*b"\r\n--\r\n------Web-\r\0").collect()
}

fn check_all(client: &[u8]) {
    let binary = every_byte();
    check(
        client,
        ALL,
        &[
            ("file", "été €.txt", "text/plain", b"tea\r\n"),
            ("binary", "quo\"te.bin", "application/octet-stream", &binary),
            ("zero", "zero.txt", "text/plain", b""),
        ],
    );
}

#[test]
fn chromium_by_a_form() {
    let binary = every_byte();
    let fields = &[
        ("plain", "value"),
        ("empty", ""),
        ("text", TEXT),
        ("repeat", "1"),
        ("repeat", "2"),
        ("na\"me\r\né", "odd"),
        ("do", "send"),
    ];
    check(
        include_bytes!("clients/chromium-form.http"),
        fields,
        &[
            ("file", "été €.txt", "text/plain", b"tea\r\n"),
            ("binary", "quo\"te.bin", "application/octet-stream", &binary),
            ("zero", "zero.txt", "text/plain", b""),
        ],
    );
}

#[test]
fn chromium_by_fetch() {
    check_all(include_bytes!("clients/chromium-fetch.http"));
    check(include_bytes!("clients/chromium-fetch-empty.http"), &[], &[]);
}

#[test]
fn curl_by_form() {
    check_all(include_bytes!("clients/curl.http"));
}

#[test]
fn curl_by_form_escape() {
    check(
        include_bytes!("clients/curl-form-escape.http"),
        &[("plain", "value"), ("na\"me", "odd")],
        &[("binary", "quo\"te.bin", "application/octet-stream", &every_byte())],
    );
}

#[test]
fn node_by_fetch() {
    check_all(include_bytes!("clients/node-fetch.http"));
}

#[test]
fn python_by_urllib3() {
    check_all(include_bytes!("clients/python-urllib3.http"));
    check(
        include_bytes!("clients/python-urllib3-1.24.http"),
        &[("plain", "value")],
        &[
            ("file", "été €.txt", "text/plain", b"tea\r\n"),
            ("binary", "quo\"te.bin", "application/octet-stream", &every_byte()),
        ],
    );
}

#[test]
fn python_by_hand() {
    check(
        include_bytes!("clients/python-http-client.http"),
        ALL.split_last().unwrap().1,
        &[("file", "été €.txt", "text/plain", b"tea\r\n"), ("zero", "zero.txt", "text/plain", b"")],
    );
    check(
        include_bytes!("clients/python-email.http"),
        &[("plain", "value")],
        &[("file", "été €.txt", "application/octet-stream", b"tea\r\n")],
    );
}
