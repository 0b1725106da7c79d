//! Errors for closures that didn't run or have no result.

use std::error::Error;
use std::fmt;

/// The error returned after the server has stopped. The closure will never run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

/// The error returned by [`Remote::ask`](crate::Remote::ask) if there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AskError {
    /// The server stopped before the closure ran.
    Ended,
    /// The closure panicked, or its changes were rolled back. The log has the details.
    Failed,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server has stopped")
    }
}

impl Error for Ended {}

impl fmt::Display for AskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended => Ended.fmt(f),
            Self::Failed => f.write_str("the closure failed; the log has the details"),
        }
    }
}

impl Error for AskError {}
