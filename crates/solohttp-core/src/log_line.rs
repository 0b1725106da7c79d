//! What a request leaves in the log: one line, whatever its bytes were.
//!
//! What a peer sent is told with all but visible ASCII escaped, so that it can neither begin a line
//! of its own nor steer a terminal. No header fields and no bodies: they hold what must stay
//! secret.

use std::fmt::{self, Write as _};
use std::time::Duration;

use http::{Method, StatusCode};
use log::Level;

/// A request that a handler answered.
pub(crate) fn answered(method: &Method, target: &str, status: StatusCode, took: Duration) {
    log::info!(
        target: "solohttp",
        "{method} {} -> {} in {:.1} ms",
        target.escape_default(),
        status.as_u16(),
        took.as_secs_f64() * 1e3,
    );
}

/// A request that no handler saw, because of this; without method and target if it had none yet. A
/// warning, but for the one that fetches the launch token.
pub(crate) fn unhandled(asked: Option<(&Method, &str)>, status: StatusCode, why: &str) {
    let (method, target) = asked.map_or(("-", "-"), |(method, target)| (method.as_str(), target));
    log::log!(
        target: "solohttp",
        if status.is_success() { Level::Info } else { Level::Warn },
        "{method} {} -> {}: {}",
        target.escape_default(),
        status.as_u16(),
        Visible(why),
    );
}

/// An error text of the program, which others may have a part in: what stands on further lines is
/// marked as belonging to the first, and neither a control nor what only changes how the rest is
/// shown (such as a right-to-left mark) gets through. Its language is the program's own.
pub(crate) struct Indented<T>(pub(crate) T);

impl<T: fmt::Debug> fmt::Display for Indented<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in format!("{:?}", self.0).chars() {
            match char {
                '\n' => f.write_str("\n    | ")?,
                '"' | '\'' | '\\' => f.write_char(char)?,
                char => write!(f, "{}", char.escape_debug())?,
            }
        }
        Ok(())
    }
}

/// A sentence of ours in which a peer is quoted.
struct Visible<'a>(&'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in self.0.chars() {
            match char {
                ' '..='~' => f.write_char(char)?,
                char => write!(f, "{}", char.escape_default())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Failure;

    #[test]
    fn no_text_forges_a_line_or_steers_a_terminal() {
        let failure = Failure::from("bad\r\n[ERROR] forged \u{1b}[31m é \u{202e}\\");
        let shown = Indented(&failure).to_string();
        let expect = "bad\\r\n    | [ERROR] forged \\u{1b}[31m é \\u{202e}\\\n    | ";
        assert!(shown.starts_with(expect), "{shown}");
        let shown = Visible("A page of x\t\r\n\u{7f}é \"q\"").to_string();
        assert_eq!(shown, "A page of x\\t\\r\\n\\u{7f}\\u{e9} \"q\"");
    }
}
