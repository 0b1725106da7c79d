//! One line that tells a person what is being measured, and is gone in the end.

use std::io::{self, IsTerminal as _, Write as _};

/// Shows what is being measured now; a blank text takes the line away. Only on a terminal.
pub fn progress(text: &str) {
    let mut error = io::stderr();
    if error.is_terminal() {
        // Back to the left, clear to the right, no line end: the next text takes its place.
        drop(write!(error, "\r\u{1b}[K{text}"));
        drop(error.flush());
    }
}
