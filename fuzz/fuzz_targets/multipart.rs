//! Arbitrary bytes as a multipart form.
//!
//! Nothing may panic. The parts must be valid and must not depend on how the bytes are split.
//!
//! The input consists of the size of each piece, a line with the content type, and the body.

#![no_main]

use libfuzzer_sys::fuzz_target;
use solohttp_core::multipart::{Multipart, Part};
use solohttp_core::{Rejection, Request};

const USUAL: &str = "multipart/form-data; boundary=xY";

fuzz_target!(|input: &[u8]| {
    let Some((&size, rest)) = input.split_first() else { return };
    let line_end = rest.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let (line, body) = rest.split_at(line_end);
    let kind = std::str::from_utf8(line).ok().filter(|line| !line.is_empty()).unwrap_or(USUAL);
    let whole = parse(kind, [body]);
    let pieces = parse(kind, body.chunks(usize::from(size).max(1)));
    assert_eq!(whole, pieces, "the parts depend on the pieces");
    if let Ok(parts) = &whole {
        check_parts(parts, body);
    }
    if kind == USUAL {
        check_content(whole.as_deref().unwrap_or_default(), body);
        check_form(body, whole.is_ok());
    }
});

fn parse<'a>(
    kind: &str,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<Part>, Rejection> {
    let mut multipart = Multipart::new(kind, 1_000)?;
    for piece in pieces {
        multipart.feed(piece)?;
    }
    multipart.finish()
}

/// Checks that parts are in order, disjoint, and within the body.
fn check_parts(parts: &[Part], body: &[u8]) {
    assert!(parts.len() <= 1_000);
    let mut end = 0;
    for Part { content, .. } in parts {
        assert!(end < content.start && content.start <= content.end, "{content:?}");
        end = content.end;
    }
    assert!(end <= body.len() as u64);
}

/// Checks that no content contains a whole delimiter.
fn check_content(parts: &[Part], body: &[u8]) {
    for Part { content, .. } in parts {
        let bytes = &body[content.start as usize..content.end as usize];
        for delimiter in [&b"\r\n--xY\r\n"[..], b"\r\n--xY \r\n", b"\r\n--xY--"] {
            assert!(!bytes.windows(delimiter.len()).any(|window| window == delimiter));
        }
    }
}

fn check_form(body: &[u8], is_well_formed: bool) {
    let request = Request::post("/").header("content-type", USUAL).body(body).build();
    match request.uploads() {
        Ok(uploads) => {
            assert!(is_well_formed);
            for upload in uploads {
                let name = upload.file_name();
                assert!(!name.is_empty() && name.len() <= 201 && name != "." && name != "..");
                assert!(!name.contains(['/', '\\', '\0', '\r', '\n', ':']), "{name:?}");
            }
        }
        Err(rejection) => assert!(rejection.status().is_client_error()),
    }
}
