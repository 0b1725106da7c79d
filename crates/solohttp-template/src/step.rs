//! The steps of a laid-out template, and the stretches of literal text between them.

use std::sync::Arc;

use crate::format::FormatUse;

/// Literal text of at least this many bytes is shared with the output instead of copied. Below
/// it, copying costs less than a piece of its own (measured: about 4 KiB).
pub(crate) const SHARE_FROM: usize = 4096;

/// Readable bytes behind the literal text, so that short copies can be of a fixed size.
pub(crate) const PADDING: usize = 64;

/// The index of a step in its part.
pub(crate) type At = usize;

#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) action: Action,
    pub(crate) subject: Target,
    /// Whether it needs a value of the record, or is the end: everything else can be done at once.
    pub(crate) waits: bool,
    /// Whether it only writes a value.
    pub(crate) is_slot: bool,
    /// Shown after the step, unless that goes on elsewhere.
    pub(crate) text: Text,
}

/// A stretch of [`Program::text`]. Markup is mostly a few bytes, which are kept at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// The text with something behind it, if it is no longer than this.
    pub(crate) short: [u8; 32],
}

#[derive(Debug)]
pub(crate) enum Action {
    Escaped,
    Raw,
    Format(Arc<FormatUse>),
    /// Goes on at the given step if there is nothing.
    If(At),
    /// Shows a part for each row; goes on at the given step, if any, when there were some.
    Each(usize, Option<At>),
    /// Only the text.
    Pass,
    Jump(At),
    End,
}

/// What a step talks about. Names are indices into [`Program::names`].
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
