//! Trims a panic's backtrace for the error page and the log.

use std::backtrace::Backtrace;

/// Returns the frames between the panic machinery and the place that caught the panic.
pub(crate) fn trimmed(backtrace: &Backtrace) -> String {
    let whole = backtrace.to_string();
    let mut frames: Vec<Vec<&str>> = Vec::new();
    for line in whole.lines() {
        // A frame is `  12: name`, optionally followed by `             at file:line:column`.
        match frames.last_mut() {
            Some(frame) if line.trim_start().starts_with("at ") => frame.push(line),
            _ => frames.push(vec![line]),
        }
    }
    let named = |frame: &Vec<&str>, part: &str| frame[0].contains(part);
    let caught = frames.iter().position(|frame| named(frame, "catch_panic::catch_panic"));
    let end = caught.unwrap_or(frames.len());
    let raised = frames[..end].iter().rposition(|frame| named(frame, "panicking"));
    let start = raised.map_or(0, |index| index + 1);
    let relevant = if start < end { &frames[start..end] } else { &frames[..] };
    relevant.concat().join("\n")
}
