//! How a server is ended from outside of its handlers.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mio::{Registry, Token, Waker};

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
    waker: Arc<Waker>,
}

impl StopHandle {
    /// Asks the server to end: it accepts no more, delivers the responses that are on their way,
    /// for [`Limits::shut_down`](crate::Limits::shut_down) at most, and returns.
    pub fn stop(&self) {
        self.asked.store(true, Ordering::Relaxed);
        // It fails only if the loop is gone, and then there is nothing to stop.
        drop(self.waker.wake());
    }

    pub(super) fn new(registry: &Registry, token: Token) -> io::Result<Self> {
        Ok(Self { asked: Arc::default(), waker: Arc::new(Waker::new(registry, token)?) })
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}
