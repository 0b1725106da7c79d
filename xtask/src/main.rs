//! The `cargo xtask` program. Everything else is in the library.

#![allow(clippy::print_stderr, reason = "a command-line tool talks to its terminal")]

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match xtask::command::run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // A failed child process has already printed the reason.
            if !matches!(failure, xtask::Failure::Child(_)) {
                eprintln!("xtask: {failure}");
            }
            ExitCode::from(failure.exit_status())
        }
    }
}
