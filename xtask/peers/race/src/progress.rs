//! A progress line, removed at the end.

use std::io::{self, IsTerminal as _, Write as _};

/// Shows the current measurement; an empty string removes the line. Does nothing if the output
/// isn't a terminal.
pub fn progress(text: &str) {
    let mut error = io::stderr();
    if error.is_terminal() {
        // Carriage return and clear, without a line break: the next message replaces this one.
        drop(write!(error, "\r\u{1b}[K{text}"));
        drop(error.flush());
    }
}
