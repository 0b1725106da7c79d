//! Wakes or stops the event loop from other threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mio::Waker;

/// Stops a running server from another thread.
///
/// Ctrl-C and similar signals stop the server without a handle (see
/// [`Server::stop_on_signals`](crate::Server::stop_on_signals)).
///
/// ```no_run
/// # fn main() -> Result<(), solohttp_core::Error> {
/// let listening = solohttp_core::Server::new().bind()?;
/// let stop = listening.stop_handle();
/// std::thread::spawn(move || {
///     std::thread::sleep(std::time::Duration::from_secs(60));
///     stop.stop();
/// });
/// listening.run(|| "This server runs for a minute.")
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StopHandle {
    requested: Arc<AtomicBool>,
    wake: Wake,
}

impl StopHandle {
    /// Stops the server gracefully. The server accepts no more connections, and responses in
    /// progress get [`Limits::shut_down`](crate::Limits::shut_down) to finish.
    pub fn stop(&self) {
        self.requested.store(true, Ordering::Relaxed);
        self.wake.wake();
    }

    pub(super) fn new(wake: Wake) -> Self {
        Self { requested: Arc::default(), wake }
    }

    pub(crate) fn is_requested(&self) -> bool {
        self.requested.load(Ordering::Relaxed)
    }
}

/// Interrupts the loop's wait for events, from any thread.
#[derive(Debug, Clone)]
pub(crate) struct Wake(Arc<Waker>);

impl Wake {
    pub(super) fn new(waker: Waker) -> Self {
        Self(Arc::new(waker))
    }

    pub(crate) fn wake(&self) {
        // Fails only if the loop has ended.
        drop(self.0.wake());
    }
}
