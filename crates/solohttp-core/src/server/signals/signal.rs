//! What the code for each system passes to `signals`.

/// The kind of a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Ctrl-C. A second one ends the process immediately.
    Interrupt,
    /// The system ends the process, or the terminal was closed. May arrive twice.
    #[cfg_attr(
        all(windows, not(test)),
        expect(dead_code, reason = "`ctrlc` doesn't distinguish the console's events")
    )]
    Terminate,
}

/// Called with each signal, and with the system's default action for it.
pub(super) type Receive = fn(Signal, &dyn Fn());
