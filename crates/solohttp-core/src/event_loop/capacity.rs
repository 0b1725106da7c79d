//! Drops connections to make room at the limit, and lowers the limit while the system is out of
//! file descriptors.

use std::io;
use std::time::{Duration, Instant};

use super::EventLoop;
use super::listener::ACCEPT_PAUSE;

/// The number of file descriptors to leave for the application (database, files) once the system's
/// limit is reached.
const SPARE_DESCRIPTORS: usize = 64;

/// A client that has read nothing for this long is dropped to make room for a new one.
const STUCK_AFTER: Duration = Duration::from_secs(1);

/// How long the connection limit stays lower after the system has run out of descriptors.
const SCARCITY: Duration = Duration::from_secs(30);

impl EventLoop {
    /// Lowers the connection limit for a while and frees descriptors. There is no portable way to
    /// query the system's limit. Stops accepting for a moment if nothing can be freed.
    pub(super) fn save_descriptors(&mut self, error: &io::Error) {
        let now = Instant::now();
        let max = self.connections.len().saturating_sub(SPARE_DESCRIPTORS).max(16);
        self.max_connections = max.min(self.max_connections);
        self.scarce_until = now.checked_add(SCARCITY);
        log::warn!(
            target: "solohttp",
            "out of file descriptors ({error}); limiting to {} connections",
            self.max_connections
        );
        let before = self.connections.len();
        while self.connections.len() > self.max_connections && self.drop_idlest() {}
        if self.connections.len() == before && !self.drop_idlest() {
            self.accept_paused_until = now.checked_add(ACCEPT_PAUSE);
        }
    }

    pub(super) fn drop_idlest(&mut self) -> bool {
        let idlest = self.connections.idlest();
        if let Some(index) = idlest {
            self.remove(index);
        }
        idlest.is_some()
    }

    /// Drops the connection whose client hasn't read its response for the longest time, so that
    /// clients that don't read can't use up all connections.
    pub(super) fn drop_stuck(&mut self, now: Instant) {
        let since = now.checked_sub(STUCK_AFTER);
        if let Some(index) = since.and_then(|since| self.connections.stuck(since)) {
            self.remove(index);
        }
    }
}
