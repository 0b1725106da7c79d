//! Forms: urlencoded bytes to a record, parsing an upload, rendering and reading a form.

use std::convert::Infallible;
use std::hint::black_box;
use std::process::ExitCode;

use bytes::Bytes;
use race::{Bar, Contender, Report, Row, race};
use serde::Deserialize;
use solohttp_core::multipart::Multipart;
use solohttp_core::{Fields, Form, FromRequest as _, Request};
use solohttp_forms::{checkbox, form, number, text};

const NOTE: &str = "Nanoseconds for one form or one upload.";

/// The size of the upload in bytes.
const LARGE: usize = 64 << 20;

/// Bytes per read from a socket.
const PIECE: usize = 64 << 10;

fn main() -> ExitCode {
    Report::from_args().measure(
        NOTE,
        &[("urlencoded", urlencoded), ("multipart", multipart), ("show", show), ("submit", submit)],
    )
}

#[derive(Debug, PartialEq, Deserialize)]
struct Part {
    name: String,
    number: u32,
    shelf: String,
    supplier: String,
    unit: String,
    price: u64,
    stock: u32,
    least: u32,
    note: String,
    active: bool,
}

const SENT: &str = "name=Bolt+M8&number=4711&shelf=B%2F12&supplier=M%C3%BCller+%26+Co&unit=piece&\
                    price=129&stock=12&least=5&note=+&active=true";

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

macro_rules! part_form {
    () => {
        form!(Part {
            name: text("Name").required(),
            number: number("Number"),
            shelf: text("Shelf"),
            supplier: text("Supplier"),
            unit: text("Unit"),
            price: number("Price"),
            stock: number("Stock").max(9_999),
            least: number("Least"),
            note: text("Note"),
            active: checkbox("Active"),
        })
    };
}

fn sent() -> Fields {
    let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
    request.body(SENT).build().form().expect("it is sound").clone()
}

/// Labels, rules, values and errors, compared with a plain string that has ten slots.
fn show() -> Row {
    let what = "a form of ten elements shown again with what was typed";
    let form = part_form!();
    let fields = Fields::from_iter(sent().iter().map(|(name, value)| match name {
        "stock" => (name, "many"),
        _ => (name, value),
    }));
    let ours = || {
        let again = form.submit(&fields).expect_err("a word is no number");
        black_box(again.render());
    };
    let by_hand = || {
        let mut page = String::with_capacity(4_096);
        for (name, value) in fields.iter() {
            let value = solohttp_core::html::escape(value);
            page.push_str("<p class=\"field\"><label for=\"");
            page.push_str(name);
            page.push_str("\">Label</label>\n<input id=\"");
            page.push_str(name);
            page.push_str("\" name=\"");
            page.push_str(name);
            page.push_str("\" value=\"");
            page.push_str(&value);
            page.push_str("\"></p>\n");
        }
        black_box(page);
    };
    let contenders =
        vec![Contender::new("solohttp", ours), Contender::new("a string by hand", by_hand)];
    Row::new(what, "ns", race(what, contenders))
}

fn submit() -> Row {
    let what = "ten fields read and checked";
    let (form, fields) = (part_form!(), sent());
    let ours = || {
        black_box(form.submit(&fields).is_ok());
    };
    let by_hand = || {
        let get = |name: &str| fields.get(name).unwrap_or_default().trim();
        let number = |name: &str| get(name).parse::<u32>().expect("a number");
        let (name, stock) = (get("name").to_owned(), number("stock"));
        assert!(!name.is_empty() && stock <= 9_999);
        black_box(Part {
            name,
            stock,
            number: number("number"),
            shelf: get("shelf").to_owned(),
            supplier: get("supplier").to_owned(),
            unit: get("unit").to_owned(),
            price: get("price").parse().expect("a number"),
            least: number("least"),
            note: get("note").to_owned(),
            active: get("active") == "true",
        });
    };
    let contenders = vec![Contender::new("solohttp", ours), Contender::new("by hand", by_hand)];
    Row::new(what, "ns", race(what, contenders))
}
