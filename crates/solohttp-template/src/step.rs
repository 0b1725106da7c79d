//! The steps of a laid-out template.

use std::ops::Range;
use std::sync::Arc;

use crate::format::FormatUse;

/// Literal text with at least this many bytes is shared with the output instead of being copied.
/// According to measurements, copying is cheaper than a separate piece below about 4 KiB.
pub(crate) const SHARE_FROM: usize = 4096;

/// The maximum length of literal text that is stored in its step.
pub(crate) const SHORT: usize = 32;

/// The number of padding bytes after the literal text. They allow short literals to be copied with
/// a fixed size.
pub(crate) const PADDING: usize = 64;

/// The index of a step in its part.
pub(crate) type At = usize;

#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) action: Action,
    pub(crate) subject: Target,
    /// Whether the step needs a value from the record, or is [`Action::End`]. Other steps can run
    /// immediately.
    pub(crate) needs_value: bool,
    /// Whether the step only writes a value.
    pub(crate) is_slot: bool,
    /// The text after the step. It is skipped if the step jumps.
    pub(crate) text: Text,
}

impl Default for Text {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl Text {
    pub(crate) const EMPTY: Self = Self { start: 0, len: 0, short: [0; SHORT] };

    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.start + self.len
    }

    /// Sets the length, so that the text ends where the program's literal text ends so far.
    pub(crate) fn extend_to_end(&mut self, literals: &[u8]) {
        let all = &literals[self.start..];
        self.len = all.len();
        let short = all.len().min(SHORT);
        self.short[..short].copy_from_slice(&all[..short]);
    }
}

/// A range of the program's literal text. Short text, the common case for markup, is stored inline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// The text, if it fits. Any remaining bytes are arbitrary.
    pub(crate) short: [u8; SHORT],
}

/// The explicit representation makes it cheaper to tell the variants apart.
#[derive(Debug, Clone)]
#[repr(u8)]
pub(crate) enum Action {
    Escaped,
    Raw,
    Format(Arc<FormatUse>),
    /// Jumps to the given step if the value is not present.
    If(At),
    /// Renders a part for each row. If a step is given and there were any rows, jumps to that step
    /// afterwards.
    Each(usize, Option<At>),
    /// Writes only the text after the step.
    Pass,
    Jump(At),
    End,
}

/// The value that a step refers to. A name is an index into the program's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Name(usize),
    Row,
    Index,
    Number,
    First,
    Last,
    Nothing,
}
