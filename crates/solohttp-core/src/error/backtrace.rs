//! The stack of a panic as a person reads it: without the frames of the machinery around it.

use std::backtrace::Backtrace;

/// The frames between the panic machinery and the place where the panic was caught.
pub(crate) fn trimmed(backtrace: &Backtrace) -> String {
    let whole = backtrace.to_string();
    let mut frames: Vec<Vec<&str>> = Vec::new();
    for line in whole.lines() {
        // A frame is `  12: name`, then perhaps `             at file:line:column`.
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
    let kept = if start < end { &frames[start..end] } else { &frames[..] };
    kept.concat().join("\n")
}
