//! Template engines on the same pages: solohttp, compiled and run-time engines, and by hand.

mod by_hand;
mod data;
mod engines;
mod page;

use std::fs::{File, OpenOptions};
use std::io::{IoSlice, Write};
use std::process::ExitCode;

use engines::{
    AskamaDatebook, AskamaLong, AskamaTable, AskamaTeams, Engines, askama, load_minijinja,
    load_ours,
};
use page::Page;
use race::{Report, Row};
use solohttp_core::IoList;

const NOTE: &str = "From data in plain structs to the bytes of a page; all wrote the same page.";

fn main() -> ExitCode {
    Report::from_args().measure(
        NOTE,
        &[
            ("datebook", datebook),
            ("teams", teams),
            ("table", table),
            ("long", long),
            ("loading", loading),
        ],
    )
}

fn datebook() -> Row {
    let (data, engines) = (data::datebook(), Engines::new());
    let ours = engines.ours.template("datebook").expect("it loads");
    Page::new("datebook: layout, two loops of 50 rows")
        .by("solohttp", || ours.render(&data).expect("it renders").into_bytes())
        .by("askama", || askama(AskamaDatebook { page: &data }))
        .by("by hand", || by_hand::datebook(&data))
        .by("minijinja", || engines.minijinja("datebook.html", &data))
        .by("tera", || engines.tera("datebook.html", &data))
        .by("handlebars", || engines.handlebars("datebook", &data))
        .race("askama", 1.0)
}

fn teams() -> Row {
    let (data, engines) = (data::teams(), Engines::new());
    let ours = engines.ours.template("teams").expect("it loads");
    Page::new("teams")
        .by("solohttp", || ours.render(&data).expect("it renders").into_bytes())
        .by("askama", || askama(AskamaTeams { page: &data }))
        .by("by hand", || by_hand::teams(&data))
        .by("minijinja", || engines.minijinja("teams.html", &data))
        .by("tera", || engines.tera("teams.html", &data))
        .by("handlebars", || engines.handlebars("teams", &data))
        .race("askama", 1.3)
}

fn table() -> Row {
    let (data, engines) = (data::table(), Engines::new());
    let ours = engines.ours.template("table").expect("it loads");
    Page::new("big table: 100 × 100 numbers")
        .by("solohttp", || ours.render(&data).expect("it renders").into_bytes())
        .by("askama", || askama(AskamaTable { page: &data }))
        .by("by hand", || by_hand::table(&data))
        .by("minijinja", || engines.minijinja("table.html", &data))
        .by("tera", || engines.tera("table.html", &data))
        .by("handlebars", || engines.handlebars("table", &data))
        .race("askama", 2.0)
}

/// Rendered and written to a file descriptor, as a server does.
fn long() -> Row {
    let (data, engines) = (data::long(), Engines::new());
    let ours = engines.ours.template("long").expect("it loads");
    let text = engines::OURS[4].1;
    let blocks: Vec<&str> = text.split(['{', '}']).step_by(2).collect();
    Page::new("200 KiB with five holes, written out")
        .pieces("solohttp", || ours.render(&data).expect("it renders"), write_pieces)
        .written("askama", || askama(AskamaLong { page: &data }))
        .written("by hand", || by_hand::long(&data, &blocks))
        .written("minijinja", || engines.minijinja("long.html", &data))
        .written("tera", || engines.tera("long.html", &data))
        .written("handlebars", || engines.handlebars("long", &data))
        .race("askama", 0.3)
}

fn loading() -> Row {
    let nothing = || Vec::new();
    Page::new("loading the datebook's templates")
        .by("solohttp", || {
            load_ours();
            nothing()
        })
        .by("minijinja", || {
            load_minijinja();
            nothing()
        })
        .race("minijinja", 1.0)
}

/// A file descriptor that discards everything.
fn sink() -> File {
    let path = if cfg!(windows) { "NUL" } else { "/dev/null" };
    OpenOptions::new().write(true).open(path).expect("the null device opens")
}

/// Writes the list in a single call, as the server does; none of these pages has more than 64
/// pieces.
fn write_pieces(list: &IoList, sink: &mut File) {
    let mut slices = [IoSlice::new(&[]); 64];
    for (slice, piece) in slices.iter_mut().zip(list.chunks()) {
        *slice = IoSlice::new(piece);
    }
    let written = sink.write_vectored(&slices).expect("the null device takes everything");
    assert_eq!(written, list.len());
}

fn write_out(bytes: &[u8], sink: &mut File) {
    sink.write_all(bytes).expect("the null device takes everything");
}
