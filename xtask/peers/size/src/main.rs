//! The size of a hello-world program: crates, clean build, binary, start-up, memory.
//!
//! Builds each program from scratch in its own folder, in turn, as often as the argument says
//! (default 1).

mod program;

use std::io;
use std::process::ExitCode;

use program::Program;
use race::{Bar, Report, Row, progress};

const NOTE: &str = "Seconds of a clean release build, with nothing but the downloads made before; \
                    the binary is stripped, and was started with one thread where it can.";

fn main() -> io::Result<ExitCode> {
    let report = Report::from_args();
    let rounds = report.words().iter().find_map(|word| word.parse().ok()).unwrap_or(1);
    let mut programs = Program::all()?;
    for round in 1..=rounds {
        for program in &mut programs {
            progress(&format!("round {round} of {rounds}: {}", program.name));
            program.build()?;
        }
    }
    progress("");
    let entrants: Vec<_> = programs.iter().map(Program::entrant).collect::<io::Result<_>>()?;
    let mut core = entrants;
    let umbrella = core.remove(1);
    let axum = core.iter().position(|entrant| entrant.name() == "axum").expect("it was built");
    let peer = [core[axum].clone()];
    let rows = [
        Row::new("a hello program on core alone", "s", core)
            .with_bar(Bar::Times("hyper", 1.0))
            .with_bar(Bar::Most("crates", 20.0))
            .with_bar(Bar::Most("KiB stripped", 850.0))
            .with_bar(Bar::Most("start, ms", 10.0))
            .with_bar(Bar::Most("idle, KiB", 3_072.0)),
        Row::new(
            "a hello program with everything but SQLite",
            "s",
            [umbrella].into_iter().chain(peer).collect(),
        )
        .with_bar(Bar::Times("axum", 1.0)),
    ];
    Ok(report.tell(NOTE, &rows))
}
