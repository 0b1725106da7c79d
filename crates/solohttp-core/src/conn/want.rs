//! What the event loop has to do next for a connection.

/// What a connection needs next from its driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Read,
    /// Call `take_request`, then `respond`.
    Respond,
    Write,
    /// Wait until there are events to write. Discard what the client sends, but notice when it
    /// closes the connection.
    Listen,
    /// Shut down the sending side, then call `write_shut_down`.
    ShutDownWrite,
    /// Close with a reset: the response is incomplete, and a normal close would look complete.
    Reset,
    Close,
}
