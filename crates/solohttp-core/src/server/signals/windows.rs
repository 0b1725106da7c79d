//! Ctrl-C, Ctrl-Break, a closed console window, log-off and shutdown.
//!
//! After the last three Windows ends the process as soon as the console handler has returned, and
//! the handler of `ctrlc` returns at once; to hold it back takes unsafe code. So the server stops
//! in order if it is quick enough. If not, SQLite recovers at the next start, and nothing that was
//! saved is lost.

use std::io;
use std::process;

use super::{Signal, receive};

/// What Windows exits with if nobody handles Ctrl-C: `STATUS_CONTROL_C_EXIT`.
const CONTROL_C_EXIT: i32 = 0xC000_013A_u32.cast_signed();

/// Takes the console's events from now on.
#[expect(clippy::exit, reason = "what the system would do")]
pub(super) fn listen() -> io::Result<()> {
    ctrlc::set_handler(|| receive(Signal::Interrupt, || process::exit(CONTROL_C_EXIT)))
        .map_err(io::Error::other)
}
