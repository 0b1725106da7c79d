//! The log line of a request. Always a single line, whatever bytes the client sent.
//!
//! Everything from the client except visible ASCII is escaped, so that a client can't forge a line
//! or control the terminal. Header fields and bodies aren't logged, since they may contain secrets.

use std::fmt::{self, Write as _};
use std::time::Duration;

use http::{Method, StatusCode};
use log::Level;

/// Logs a request that was handled.
pub(crate) fn answered(method: &Method, target: &str, status: StatusCode, took: Duration) {
    log::info!(
        target: "solohttp",
        "{method} {} -> {} in {:.1} ms",
        target.escape_default(),
        status.as_u16(),
        took.as_secs_f64() * 1e3,
    );
}

/// Logs a request that didn't reach a handler. An unknown method or target is logged as `-`. The
/// level is a warning unless the response is a success, such as a sign-in.
pub(crate) fn unhandled(request: Option<(&Method, &str)>, status: StatusCode, why: &str) {
    let (method, target) = request.map_or(("-", "-"), |(method, target)| (method.as_str(), target));
    log::log!(
        target: "solohttp",
        if status.is_success() { Level::Info } else { Level::Warn },
        "{method} {} -> {}: {}",
        target.escape_default(),
        status.as_u16(),
        Visible(why),
    );
}

/// An error message that may quote client input. Indents continuation lines and escapes control
/// and formatting characters (such as a right-to-left mark). Leaves the letters of all languages
/// unchanged.
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

/// A message that quotes client input.
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
    fn no_text_forges_a_line_or_controls_the_terminal() {
        let failure = Failure::from("bad\r\n[ERROR] forged \u{1b}[31m é \u{202e}\\");
        let shown = Indented(&failure).to_string();
        let expect = "bad\\r\n    | [ERROR] forged \\u{1b}[31m é \\u{202e}\\\n    | ";
        assert!(shown.starts_with(expect), "{shown}");
        let shown = Visible("A page of x\t\r\n\u{7f}é \"q\"").to_string();
        assert_eq!(shown, "A page of x\\t\\r\\n\\u{7f}\\u{e9} \"q\"");
    }
}
