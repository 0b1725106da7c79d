//! Measures template engines beside each other, in interleaved rounds, and prints ratios.
//!
//! `cargo run --release` prints a Markdown table; `-- --json` the same figures for programs.

mod by_hand;
mod data;
mod engines;
mod measure;
mod report;

use std::fs::{File, OpenOptions};
use std::io::{IoSlice, Write};

use engines::{
    AskamaDatebook, AskamaLong, AskamaTable, AskamaTeams, Engines, askama, load_minijinja,
    load_ours,
};
use measure::{Contender, measure};
use report::{Bar, Page};
use solohttp_core::IoList;

fn main() {
    let as_json = std::env::args().any(|argument| argument == "--json");
    let pages = [datebook(), teams(), table(), long(), loading()];
    if as_json {
        report::json(&pages)
    } else {
        report::markdown(&pages)
    }
    let is_met = pages.iter().all(Page::is_met);
    std::process::exit(i32::from(!is_met));
}

fn datebook() -> Page {
    let (data, engines) = (data::datebook(), Engines::new());
    let ours = engines.ours.template("datebook").expect("it loads");
    let results = measure(vec![
        Contender::new("solohttp-template", || {
            ours.render(&data).expect("it renders").into_bytes()
        }),
        Contender::new("askama", || askama(AskamaDatebook { page: &data }).into_bytes()),
        Contender::new("by hand", || by_hand::datebook(&data)),
        Contender::new("minijinja", || engines.minijinja("datebook.html", &data).into_bytes()),
        Contender::new("tera", || engines.tera("datebook.html", &data).into_bytes()),
        Contender::new("handlebars", || engines.handlebars("datebook", &data).into_bytes()),
    ]);
    Page::new("datebook: layout, two loops of 50 rows", results, Bar::times("askama", 1.5))
}

fn teams() -> Page {
    let (data, engines) = (data::teams(), Engines::new());
    let ours = engines.ours.template("teams").expect("it loads");
    let results = measure(vec![
        Contender::new("solohttp-template", || {
            ours.render(&data).expect("it renders").into_bytes()
        }),
        Contender::new("askama", || askama(AskamaTeams { page: &data }).into_bytes()),
        Contender::new("by hand", || by_hand::teams(&data)),
        Contender::new("minijinja", || engines.minijinja("teams.html", &data).into_bytes()),
        Contender::new("tera", || engines.tera("teams.html", &data).into_bytes()),
        Contender::new("handlebars", || engines.handlebars("teams", &data).into_bytes()),
    ]);
    Page::new("teams", results, Bar::times("askama", 2.0))
}

fn table() -> Page {
    let (data, engines) = (data::table(), Engines::new());
    let ours = engines.ours.template("table").expect("it loads");
    let results = measure(vec![
        Contender::new("solohttp-template", || {
            ours.render(&data).expect("it renders").into_bytes()
        }),
        Contender::new("askama", || askama(AskamaTable { page: &data }).into_bytes()),
        Contender::new("by hand", || by_hand::table(&data)),
        Contender::new("minijinja", || engines.minijinja("table.html", &data).into_bytes()),
        Contender::new("tera", || engines.tera("table.html", &data).into_bytes()),
        Contender::new("handlebars", || engines.handlebars("table", &data).into_bytes()),
    ]);
    Page::new("big table: 100 × 100 numbers", results, Bar::times("askama", 2.0))
}

/// Rendered and written to a file descriptor, as a server does it.
fn long() -> Page {
    let (data, engines) = (data::long(), Engines::new());
    let ours = engines.ours.template("long").expect("it loads");
    let text = engines::OURS[4].1;
    let blocks: Vec<&str> = text.split(['{', '}']).step_by(2).collect();
    let results = measure(vec![
        Contender::shared(
            "solohttp-template",
            || ours.render(&data).expect("it renders"),
            write_pieces,
        ),
        Contender::written("askama", || askama(AskamaLong { page: &data }).into_bytes()),
        Contender::written("by hand", || by_hand::long(&data, &blocks)),
        Contender::written("minijinja", || engines.minijinja("long.html", &data).into_bytes()),
        Contender::written("tera", || engines.tera("long.html", &data).into_bytes()),
        Contender::written("handlebars", || engines.handlebars("long", &data).into_bytes()),
    ]);
    Page::new("200 KiB with five holes, written out", results, Bar::times("askama", 0.3))
}

fn loading() -> Page {
    let nothing = || Vec::new();
    let results = measure(vec![
        Contender::new("solohttp-template", || {
            load_ours();
            nothing()
        }),
        Contender::new("minijinja", || {
            load_minijinja();
            nothing()
        }),
    ]);
    Page::new("loading the datebook's templates", results, Bar::times("minijinja", 2.0))
}

/// A file descriptor that takes everything.
fn sink() -> File {
    let path = if cfg!(windows) { "NUL" } else { "/dev/null" };
    OpenOptions::new().write(true).open(path).expect("the null device opens")
}

/// In one call, as the server does; a page of more pieces is not among these.
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
