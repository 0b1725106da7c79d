//! Ctrl-C, Ctrl-Break, a closed console window, log-off and shutdown.
//!
//! After the last three, Windows ends the process once the console handler returns. `ctrlc`'s
//! handler returns immediately, and delaying its return needs unsafe code. The server therefore
//! stops gracefully only if it is fast enough. If it isn't, SQLite recovers at the next start, and
//! no saved data is lost.

use std::io;
use std::process;

use super::signal::{Receive, Signal};

/// The exit code of Windows' default handler for Ctrl-C: `STATUS_CONTROL_C_EXIT`.
const CONTROL_C_EXIT: i32 = 0xC000_013A_u32.cast_signed();

/// Starts receiving the console's events.
#[expect(clippy::exit, reason = "the system's default action")]
pub(super) fn listen(receive: Receive) -> io::Result<()> {
    ctrlc::set_handler(move || receive(Signal::Interrupt, &|| process::exit(CONTROL_C_EXIT)))
        .map_err(io::Error::other)
}
