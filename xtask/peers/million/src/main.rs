//! The pages of the datebook with a million contacts and three million appointments.
//!
//! Starts the example in a release build on a database file, and measures whole requests over a
//! socket: all pages, and the start page during exports and an import. The database is made once
//! and kept in the target folder; its size is about 3 GB.

mod book;
mod datebook;
mod during;
mod pages;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use program::Failure;
use race::{Bar, Entrant, Report, Row};

use crate::book::Book;

const NOTE: &str = "Milliseconds from the connection to the end of the response: the datebook with \
1,000,000 contacts, 3,000,000 appointments and 100,000 tasks. The number of requests is in the \
last column.";

fn main() -> ExitCode {
    let report = Report::from_args();
    let measured = Book::ensure().and_then(|book| {
        let program = datebook::settled(book.folder())?;
        let mut rows = pages::measure(&program, &report)?;
        rows.extend(during::measure(&book, &program, &report)?);
        Ok(rows)
    });
    match measured {
        Ok(rows) => report.tell(NOTE, &rows),
        Err(error) => {
            eprintln!("bench million: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Times one request.
fn time<T>(request: impl FnOnce() -> Result<T, Failure>) -> Result<f64, Failure> {
    let start = Instant::now();
    request()?;
    Ok(milliseconds(start.elapsed()))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// A row with the median and the 99th percentile, and the most that they may be.
fn row(what: &str, times: Vec<f64>, median: f64, p99: f64) -> Row {
    let mut sorted = times.clone();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len();
    let entrant = Entrant::new("solohttp", times)
        .beside("median", race::median(sorted.clone()))
        .beside("p99", sorted[(count * 99 / 100).min(count - 1)])
        .beside("requests", count as f64);
    Row::new(what, "ms", vec![entrant])
        .with_bar(Bar::Most("median", median))
        .with_bar(Bar::Most("p99", p99))
}
