//! A program run for the user: its output is theirs, its exit status becomes ours.
//! Knows no command.

use std::process::Command;

use crate::failure::Failure;

pub(crate) fn run(mut command: Command) -> Result<(), Failure> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|source| Failure::Start { program, source })?;
    if status.success() {
        return Ok(());
    }
    // A child ended by a signal has no code, and Windows codes may exceed what we can pass on.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Err(Failure::Child(code.unwrap_or(1)))
}
