//! Server CPU time per request beside other servers, in interleaved rounds; ratios to a bare loop.
//!
//! Each server is a child process of its own with one thread where it can; the client is this
//! process. Prints a Markdown table.

mod client;
mod peers;
mod server;

use std::env;
use std::io::{self, Write as _};

use client::{Page, measure};
use server::Server;

const NAMES: [&str; 5] = ["raw", "solohttp", "hyper", "axum", "tiny_http"];

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [serve, name] = &arguments[..]
        && serve == "--serve"
    {
        return peers::serve(name);
    }
    let only = arguments.get(1);
    let rounds = arguments.first().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    let file = Large::create()?;
    println!(
        "Server CPU time per request in µs, median of {rounds} rounds, and × raw in the same round.\n\
         The client's own cost is not in it. {} clients where not said otherwise.\n",
        client::CLIENTS
    );
    println!("| page | {} |", NAMES.join(" | "));
    println!("|---|{}", "---|".repeat(NAMES.len()));
    for page in Page::ALL.into_iter().filter(|page| page.is_named(only)) {
        let mut times = vec![Vec::new(); NAMES.len()];
        for round in 0..rounds {
            // Another server begins each time, so that a drift of the machine hits all alike.
            for step in 0..NAMES.len() {
                let index = (round + step) % NAMES.len();
                eprint!("\r{page}: round {}, {}          ", round + 1, NAMES[index]);
                io::stderr().flush()?;
                let server = Server::start(NAMES[index], &file.0)?;
                times[index].push(measure(&server, page)?);
            }
        }
        eprint!("\r{}\r", " ".repeat(60));
        let cells = times.iter().map(|own| {
            let ratios = own.iter().zip(&times[0]).map(|(own, raw)| own / raw).collect();
            format!("{:.1} ({:.2})", median(own.clone()), median(ratios))
        });
        println!("| {page} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A file of 100 MiB, removed at the end.
struct Large(std::path::PathBuf);

impl Large {
    fn create() -> io::Result<Self> {
        let path = env::temp_dir().join(format!("solohttp-bench-{}", std::process::id()));
        let mut file = std::fs::File::create(&path)?;
        let piece = vec![b'x'; 1 << 20];
        for _ in 0..100 {
            file.write_all(&piece)?;
        }
        Ok(Self(path))
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}
