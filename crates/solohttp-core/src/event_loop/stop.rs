//! How a server is ended from outside of its handlers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mio::Waker;

/// Stops a running server from another thread.
///
/// Ctrl-C and its relatives need none: see
/// [`Server::stop_on_signals`](crate::Server::stop_on_signals).
///
/// ```no_run
/// # fn main() -> Result<(), solohttp_core::Error> {
/// let listening = solohttp_core::Server::new().bind()?;
/// let stop = listening.stop_handle();
/// std::thread::spawn(move || {
///     std::thread::sleep(std::time::Duration::from_secs(60));
///     stop.stop();
/// });
/// listening.run(|| "Here for a minute.")
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StopHandle {
    asked: Arc<AtomicBool>,
    wake: Wake,
}

impl StopHandle {
    /// Asks the server to end: it accepts no more, delivers the responses that are on their way,
    /// for [`Limits::shut_down`](crate::Limits::shut_down) at most, and returns.
    pub fn stop(&self) {
        self.asked.store(true, Ordering::Relaxed);
        self.wake.wake();
    }

    pub(super) fn new(wake: Wake) -> Self {
        Self { asked: Arc::default(), wake }
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Ends the loop's wait for events, from any thread.
#[derive(Debug, Clone)]
pub(crate) struct Wake(Arc<Waker>);

impl Wake {
    pub(super) fn new(waker: Waker) -> Self {
        Self(Arc::new(waker))
    }

    pub(crate) fn wake(&self) {
        // It fails only if the loop is gone, and then there is nothing to wake.
        drop(self.0.wake());
    }
}
