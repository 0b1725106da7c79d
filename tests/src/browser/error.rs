//! What can go wrong with a browser, told so that the reader of a failed test need not look.

use super::PATIENCE;

/// What went wrong in the browser.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no browser, or it does not come up.
    #[error("the browser did not start: {0}")]
    Start(String),
    /// The connection to the browser broke.
    #[error("lost the browser: {0}")]
    Lost(String),
    /// The browser refused a command, or answered in an unknown shape.
    #[error("the browser refused: {0}")]
    Protocol(String),
    /// A script threw an exception, or its promise was rejected.
    #[error("the script threw: {0}")]
    Script(String),
    /// A page did not open: the browser's own word, such as `net::ERR_CONNECTION_REFUSED`.
    #[error("{url} did not open: {reason}")]
    Navigation {
        /// What was to be opened.
        url: String,
        /// The browser's word for why not.
        reason: String,
    },
    /// Something awaited did not come.
    #[error("waited {PATIENCE:?} in vain for {0}")]
    TimedOut(String),
}

/// The value; or a panic at the line that called the caller, as far as all are `track_caller`
/// (a closure given to `unwrap_or_else` cannot be).
#[track_caller]
pub(super) fn told<T>(result: Result<T, Error>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
