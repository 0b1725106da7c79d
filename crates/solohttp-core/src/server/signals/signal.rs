//! The types that `unix` and `windows` share with `signals`.

/// The kinds of signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Ctrl-C. A second one ends the process immediately.
    Interrupt,
    /// A request from the system to end the process, or a closed terminal. May arrive twice.
    #[cfg_attr(
        all(windows, not(test)),
        expect(dead_code, reason = "`ctrlc` doesn't distinguish the console's events")
    )]
    Terminate,
}

/// Called with each signal, and with the system's default action for it.
pub(super) type Receive = fn(Signal, &dyn Fn());
