//! A one-time ticket, which is valid for one minute, and the launch file that contains it.

use std::io;
use std::time::{Duration, Instant};

use super::folder::LaunchFile;
use super::secret::Secret;

/// Starting a browser for the first time on a slow machine takes about half as long.
pub(super) const LIFETIME: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Ticket {
    secret: Secret,
    until: Option<Instant>,
    file: Option<LaunchFile>,
}

impl Ticket {
    pub(super) fn new(now: Instant) -> io::Result<Self> {
        Ok(Self { secret: Secret::random(16)?, until: now.checked_add(LIFETIME), file: None })
    }

    pub(super) fn renew(&mut self, now: Instant) {
        self.until = now.checked_add(LIFETIME);
    }

    pub(super) fn text(&self) -> &str {
        self.secret.text()
    }

    pub(super) fn is_valid(&self, guess: &str, now: Instant) -> bool {
        self.secret.matches(guess.as_bytes()) && self.is_fresh(now)
    }

    pub(super) fn is_fresh(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| now <= until)
    }

    /// Attaches a file, which is removed together with the ticket.
    pub(super) fn attach(&mut self, file: LaunchFile) {
        self.file = Some(file);
    }
}
