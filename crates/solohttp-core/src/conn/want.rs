//! The next action that the event loop must take for a connection.

/// The next action for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Read,
    /// Call `take_request`, then `respond`.
    Respond,
    Write,
    /// Wait until there are events to write. Discard incoming bytes, but notice when the client
    /// closes the connection.
    Listen,
    /// Shut down the sending side, then call `write_shut_down`.
    ShutDownWrite,
    /// Close with a reset. The response is incomplete, and a normal close would make it look
    /// complete.
    Reset,
    Close,
}
