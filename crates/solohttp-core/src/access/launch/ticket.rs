//! One admission: a secret that is good once and for a minute, and the file that shows it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::folder::remove_when_closed;
use super::secret::Secret;

/// A cold start of a browser on a slow machine takes half of it.
pub(super) const GOOD_FOR: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Ticket {
    secret: Secret,
    until: Option<Instant>,
    file: Option<LaunchFile>,
}

impl Ticket {
    pub(super) fn new(now: Instant) -> io::Result<Self> {
        Ok(Self { secret: Secret::random(16)?, until: now.checked_add(GOOD_FOR), file: None })
    }

    pub(super) fn text(&self) -> &str {
        self.secret.text()
    }

    pub(super) fn is_good(&self, shown: &str, now: Instant) -> bool {
        self.secret.matches(shown.as_bytes()) && self.until.is_none_or(|until| now <= until)
    }

    /// The file goes when the ticket does.
    pub(super) fn keep(&mut self, file: LaunchFile) {
        self.file = Some(file);
    }
}

/// A file that is removed when this is dropped.
#[derive(Debug)]
pub(super) struct LaunchFile(PathBuf);

impl LaunchFile {
    pub(super) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for LaunchFile {
    fn drop(&mut self) {
        remove_when_closed(std::mem::take(&mut self.0));
    }
}
