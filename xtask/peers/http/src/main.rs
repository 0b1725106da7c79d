//! Servers on the same pages: CPU time and memory, compared with a bare loop, hyper, axum,
//! tiny_http.
//!
//! Each server is a child process with one thread where possible; this process is the client.
//! Arguments: number of rounds (default 5), and parts of the names of rows.

mod client;
mod memory;
mod peers;
mod server;

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use client::{Target, measure};
use race::{Entrant, Report, Row, median, progress};
use server::Server;

/// solohttp comes first. `raw` accepts, reads once, writes once, closes, and parses nothing.
const NAMES: [&str; 5] = ["solohttp", "raw", "hyper", "axum", "tiny_http"];

const NOTE: &str = "Processor time of the server for one request, in microseconds, each on a \
                    connection of its own; the client's own is not in it. Beside it the time that \
                    passed for each, and what the client itself needed: where that is most of \
                    it, the client is the limit, and not the server.";

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [serve, name] = &arguments[..]
        && serve == "--serve"
    {
        peers::serve(name)?;
        return Ok(ExitCode::SUCCESS);
    }
    let report = Report::from_args();
    let rounds = report.words().iter().find_map(|word| word.parse().ok()).unwrap_or(5);
    let file = Large::create()?;
    let mut rows = Vec::new();
    for page in Target::ALL.into_iter().filter(|page| report.asks_for(page.name())) {
        rows.push(compare(page, rounds, &file)?);
    }
    if report.asks_for("memory") {
        rows.extend(memory::rows(&file.0)?);
    }
    progress("");
    Ok(report.tell(NOTE, &rows))
}

fn compare(page: Target, rounds: usize, file: &Large) -> io::Result<Row> {
    let mut measured = vec![Vec::new(); NAMES.len()];
    for round in 0..rounds {
        // Each round starts with a different server, so that drift affects all servers alike.
        for step in 0..NAMES.len() {
            let index = (round + step) % NAMES.len();
            let name = page.name();
            progress(&format!("{name}: round {} of {rounds}, {}", round + 1, NAMES[index]));
            let server = Server::start(NAMES[index], &file.0)?;
            measured[index].push(measure(&server, page)?);
        }
    }
    let entrants = NAMES.into_iter().zip(measured).map(|(name, rounds)| {
        let of = |figure: fn(&client::Cost) -> f64| rounds.iter().map(figure).collect::<Vec<_>>();
        Entrant::new(name, of(|cost| cost.server))
            .beside("passed µs", median(of(|cost| cost.passed)))
            .beside("client µs", median(of(|cost| cost.client)))
    });
    let row = Row::new(page.to_string(), "CPU µs", entrants.collect());
    Ok(page.bars().into_iter().fold(row, Row::with_bar))
}

/// A file of 100 MiB, removed at the end.
struct Large(std::path::PathBuf);

impl Large {
    fn create() -> io::Result<Self> {
        let path = env::temp_dir().join(format!("solohttp-bench-{}", std::process::id()));
        let mut file = fs::File::create(&path)?;
        let piece = vec![b'x'; 1 << 20];
        for _ in 0..100 {
            file.write_all(&piece)?;
        }
        Ok(Self(path))
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}
