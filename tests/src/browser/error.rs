//! Browser errors, with enough detail to understand a failed test.

use super::PATIENCE;

/// A browser error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No browser was found, or it didn't start.
    #[error("the browser did not start: {0}")]
    Start(String),
    /// The connection to the browser broke.
    #[error("lost the connection to the browser: {0}")]
    Lost(String),
    /// The browser rejected a command, or sent something unexpected.
    #[error("the browser rejected a command: {0}")]
    Protocol(String),
    /// A script threw an exception, or its promise was rejected.
    #[error("the script threw: {0}")]
    Script(String),
    /// A page didn't open. Includes the browser's error, such as `net::ERR_CONNECTION_REFUSED`.
    #[error("{url} did not open: {reason}")]
    Navigation {
        /// The URL.
        url: String,
        /// The browser's error.
        reason: String,
    },
    /// A wait timed out.
    #[error("timed out after {PATIENCE:?} waiting for {0}")]
    TimedOut(String),
}

/// Returns the value, or panics. The panic is reported at the test's line as long as every function
/// in between is `track_caller`, which a closure for `unwrap_or_else` can't be.
#[track_caller]
pub(super) fn told<T>(result: Result<T, Error>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
