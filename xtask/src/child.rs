//! Runs a program for the user, with its output and exit status passed through.

use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::workspace::cargo;

/// Whether cargo has this subcommand.
pub(crate) fn has_subcommand(name: &str) -> bool {
    let mut version = Command::new(cargo());
    version.args([name, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}

pub(crate) fn run(mut command: Command) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|source| Failure::Start { program, source })?;
    if status.success() {
        return Ok(());
    }
    // A child killed by a signal has no exit code, and exit codes on Windows may exceed a byte.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Err(Failure::Child(code.unwrap_or(1)))
}
