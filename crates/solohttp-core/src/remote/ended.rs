//! Why a closure was not run, or has no result.

use std::error::Error;
use std::fmt;

/// The server has stopped, so the closure will never run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended;

/// Why [`Remote::ask`](crate::Remote::ask) has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AskError {
    /// The server stopped before the closure ran.
    Ended,
    /// The closure panicked, or its changes were rolled back; the log has the details.
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
