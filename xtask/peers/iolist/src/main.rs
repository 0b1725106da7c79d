//! Lists of pieces compared with joined strings: building, and writing to a file descriptor.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::Write as _;
use std::process::ExitCode;

use bytes::Bytes;
use race::{Bar, Contender, Report, Row, race};
use solohttp_iolist::{IoList, iolist};

const NOTE: &str = "Nanoseconds for all of it, writing included; the writer takes everything.";

const SMALL: usize = 100_000;
const PIECE: &str = "<p>A piece of a page, a piece of a page, a piece of a page.</p>\n";

fn main() -> ExitCode {
    Report::from_args().measure(
        NOTE,
        &[
            ("small", small_pushes),
            ("page", page),
            ("numbers", numbers),
            ("nested", nested),
            ("shared", shared),
        ],
    )
}

/// A file descriptor that discards everything.
fn sink() -> File {
    let path = if cfg!(windows) { "NUL" } else { "/dev/null" };
    OpenOptions::new().write(true).open(path).expect("the null device opens")
}

fn list<'c>(build: impl Fn() -> IoList + 'c) -> Contender<'c> {
    let mut sink = sink();
    Contender::new("IoList", move || {
        black_box(build()).write_to(&mut sink).expect("the null device takes everything");
    })
}

fn joined<'c, B: AsRef<[u8]>>(name: &str, build: impl Fn() -> B + 'c) -> Contender<'c> {
    let mut sink = sink();
    Contender::new(name, move || {
        let built = black_box(build());
        sink.write_all(built.as_ref()).expect("the null device takes everything");
    })
}

fn words() -> Vec<&'static str> {
    ["<td>", "a name", "</td>\n", "&amp;", "x"].into_iter().cycle().take(SMALL).collect()
}

fn small_pushes() -> Row {
    let words = words();
    let what = "100,000 small pushes";
    let contenders = vec![
        list(|| {
            let mut list = IoList::new();
            words.iter().for_each(|word| list.push(*word));
            list
        }),
        joined("String::push_str", || {
            let mut text = String::new();
            words.iter().for_each(|word| text.push_str(word));
            text
        }),
        joined("Vec<&str>, concat", || {
            let mut pieces = Vec::new();
            words.iter().for_each(|word| pieces.push(*word));
            pieces.concat()
        }),
        joined("Vec<String>, concat", || {
            let mut pieces = Vec::new();
            words.iter().for_each(|word| pieces.push((*word).to_owned()));
            pieces.concat()
        }),
    ];
    Row::new(what, "ns", race(what, contenders)).with_bar(Bar::Times("String::push_str", 1.2))
}

fn page() -> Row {
    let what = "a page of 64 KiB of 1,024 pieces";
    let contenders = vec![
        list(|| {
            let mut list = IoList::new();
            (0..1_024).for_each(|_| list.push(black_box(PIECE)));
            list
        }),
        joined("String::push_str", || {
            let mut text = String::new();
            (0..1_024).for_each(|_| text.push_str(black_box(PIECE)));
            text
        }),
    ];
    Row::new(what, "ns", race(what, contenders)).with_bar(Bar::Times("String::push_str", 1.2))
}

fn numbers() -> Row {
    let what = "100,000 whole numbers";
    let contenders = vec![
        list(|| {
            let mut list = IoList::new();
            (0..SMALL).for_each(|number| list.push(black_box(number)));
            list
        }),
        joined("String, itoa", || {
            let mut text = String::new();
            let mut digits = itoa::Buffer::new();
            (0..SMALL).for_each(|number| text.push_str(digits.format(black_box(number))));
            text
        }),
        joined("String, write!", || {
            let mut text = String::new();
            (0..SMALL).for_each(|number| write!(text, "{}", black_box(number)).expect("it fits"));
            text
        }),
    ];
    Row::new(what, "ns", race(what, contenders)).with_bar(Bar::Times("String, itoa", 1.2))
}

/// A function per row, as pages are usually composed.
fn nested() -> Row {
    fn row(number: usize) -> IoList {
        iolist!["<tr><td>", number, "</td><td>", "a name", "</td></tr>\n"]
    }
    fn row_text(number: usize) -> String {
        format!("<tr><td>{number}</td><td>{}</td></tr>\n", "a name")
    }
    let what = "a table of 1,000 rows, each made by a function";
    let contenders = vec![
        list(|| iolist!["<table>", (0..1_000).map(row), "</table>"]),
        joined("String of Strings", || {
            let mut text = String::from("<table>");
            (0..1_000).for_each(|number| text.push_str(&row_text(number)));
            text.push_str("</table>");
            text
        }),
    ];
    Row::new(what, "ns", race(what, contenders))
}

/// No copies: a hundred shared pieces of 64 KiB.
fn shared() -> Row {
    let piece = Bytes::from(vec![b'x'; 64 << 10]);
    let what = "100 shared pieces of 64 KiB";
    let contenders = vec![
        list(|| {
            let list = IoList::from_iter((0..100).map(|_| piece.clone()));
            for chunk in list.chunks() {
                assert_eq!(chunk.as_ptr(), piece.as_ptr(), "it was copied");
            }
            list
        }),
        joined("Vec<u8>, extended", || {
            let mut bytes = Vec::new();
            (0..100).for_each(|_| bytes.extend_from_slice(&piece));
            bytes
        }),
    ];
    Row::new(what, "ns", race(what, contenders)).with_bar(Bar::Times("Vec<u8>, extended", 0.1))
}
