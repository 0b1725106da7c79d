//! Stops a server from another thread.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mio::{Registry, Token, Waker};

/// Stops a running server from another thread.
///
/// Ctrl-C and similar signals stop the server without one: see
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
/// listening.run(|| "This server runs for a minute.")
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct StopHandle {
    requested: Arc<AtomicBool>,
    waker: Arc<Waker>,
}

impl StopHandle {
    /// Stops the server gracefully: it accepts no more connections, finishes responses in
    /// progress for up to [`Limits::shut_down`](crate::Limits::shut_down), and returns.
    pub fn stop(&self) {
        self.requested.store(true, Ordering::Relaxed);
        // Fails only if the loop is gone.
        drop(self.waker.wake());
    }

    pub(super) fn new(registry: &Registry, token: Token) -> io::Result<Self> {
        Ok(Self { requested: Arc::default(), waker: Arc::new(Waker::new(registry, token)?) })
    }

    pub(crate) fn is_requested(&self) -> bool {
        self.requested.load(Ordering::Relaxed)
    }
}
