//! Forms: urlencoded bytes to a record, parsing an upload, rendering and reading a form.

mod part;
mod show;

use std::convert::Infallible;
use std::hint::black_box;
use std::process::ExitCode;

use bytes::Bytes;
use part::{Part, SENT};
use race::{Bar, Contender, Report, Row, race};
use solohttp_core::multipart::Multipart;
use solohttp_core::{Form, FromRequest as _, Request};

const NOTE: &str = "Nanoseconds for one form or one upload.";

/// The size of the upload in bytes.
const LARGE: usize = 64 << 20;

/// Bytes per read from a socket.
const PIECE: usize = 64 << 10;

fn main() -> ExitCode {
    Report::from_args().measure(
        NOTE,
        &[
            ("urlencoded", urlencoded),
            ("multipart", multipart),
            ("blank", show::blank),
            ("filled", show::filled),
            ("mistakes", show::mistakes),
            ("again", show::again),
            ("submit", part::submit),
        ],
    )
}

/// solohttp starts from a whole request, the others from the bytes alone.
fn urlencoded() -> Row {
    let what = "ten urlencoded fields to a record";
    let kind = "application/x-www-form-urlencoded";
    let ours = || {
        let request = Request::post("/").header("content-type", kind);
        let mut request = request.body(black_box(SENT)).build();
        let Form(part) = Form::<Part>::from_request(&mut request).expect("it is sound");
        black_box(part);
    };
    let theirs = || {
        let part: Part = serde_urlencoded::from_str(black_box(SENT)).expect("it is sound");
        black_box(part);
    };
    let contenders =
        vec![Contender::new("solohttp", ours), Contender::new("serde_urlencoded", theirs)];
    Row::new(what, "ns", race(what, contenders))
}

fn multipart() -> Row {
    let what = "an upload of 64 MiB, in pieces of 64 KiB";
    let kind = "multipart/form-data; boundary=----WebKitFormBoundaryABCDEFGHIJKLMNOP";
    let head = "------WebKitFormBoundaryABCDEFGHIJKLMNOP\r\nContent-Disposition: form-data; \
                name=\"f\"; filename=\"photo.bin\"\r\nContent-Type: image/jpeg\r\n\r\n";
    // Every byte value, including line breaks.
    let content: Vec<u8> = (0..=255).cycle().take(LARGE).collect();
    let end = b"\r\n------WebKitFormBoundaryABCDEFGHIJKLMNOP--\r\n";
    let body = Bytes::from([head.as_bytes(), &content, end].concat());
    let ours = || {
        let mut multipart = Multipart::new(kind, 10).expect("it is sound");
        for piece in body.chunks(PIECE) {
            multipart.feed(piece).expect("it is sound");
        }
        let parts = multipart.finish().expect("it is sound");
        assert_eq!(parts[0].content.end - parts[0].content.start, LARGE as u64);
    };
    let theirs = || {
        let boundary = multer::parse_boundary(kind).expect("it is sound");
        let pieces = (0..body.len().div_ceil(PIECE)).map(|index| {
            let piece = index * PIECE..body.len().min((index + 1) * PIECE);
            Ok::<_, Infallible>(body.slice(piece))
        });
        let mut multipart = multer::Multipart::new(futures_util::stream::iter(pieces), boundary);
        let mut len = 0;
        futures_executor::block_on(async {
            while let Some(mut field) = multipart.next_field().await.expect("it is sound") {
                while let Some(chunk) = field.chunk().await.expect("it is sound") {
                    len += chunk.len();
                }
            }
        });
        assert_eq!(len, LARGE);
    };
    let contenders = vec![
        Contender::new("solohttp", ours).over(LARGE),
        Contender::new("multer", theirs).over(LARGE),
    ];
    Row::new(what, "ns", race(what, contenders)).with_bar(Bar::Least("GiB/s", 1.0))
}
