//! Decides when the background thread checks whether a daily copy is due.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Copies, CopyError};

/// The delay after the file is opened, so that the first page doesn't compete with the copy.
const FIRST: Duration = Duration::from_secs(1);

/// The time between two checks. It is short, because a check costs only a few system calls, and the
/// computer may have slept until the next day.
const INTERVAL: Duration = Duration::from_secs(300);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The time of the next check, if daily copies are made.
#[derive(Debug)]
pub(crate) struct Schedule {
    next: Option<Instant>,
    interval: Duration,
}

impl Schedule {
    pub(crate) fn new(copies: &Copies) -> Self {
        let next = copies.are_daily().then(|| Instant::now() + FIRST);
        Self { next, interval: INTERVAL }
    }

    pub(crate) fn is_due(&self) -> bool {
        self.time_left() == Some(Duration::ZERO)
    }

    /// Returns `None` if no daily copies are made.
    pub(crate) fn time_left(&self) -> Option<Duration> {
        self.next.map(|next| next.saturating_duration_since(Instant::now()))
    }

    /// Logs the outcome and sets the time of the next check. The interval grows after each failure,
    /// because each attempt may have written the whole file.
    pub(crate) fn finished(&mut self, file: &Path, made: Result<Option<PathBuf>, CopyError>) {
        let file = file.display();
        self.interval = match made {
            Ok(Some(copy)) => {
                log::info!(target: "solohttp", "{file}: copied to {}", copy.display());
                INTERVAL
            }
            Ok(None) => INTERVAL,
            Err(error @ CopyError::Damaged { .. }) => {
                log::error!(target: "solohttp", "{file}: no daily copy was kept: {error}");
                DAY
            }
            Err(error) => {
                log::warn!(target: "solohttp", "{file}: cannot make the daily copy: {error}");
                (self.interval * 2).min(DAY)
            }
        };
        self.next = Some(Instant::now() + self.interval);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::migrate::Schema;

    #[test]
    fn failures_become_rarer() {
        let copies = Copies::new("shop.sqlite".into(), Some(7), Schema::default());
        let mut schedule = Schedule::new(&copies);
        assert!(!schedule.is_due());
        let mut waits = Vec::new();
        for _ in 0..12 {
            schedule.finished(Path::new("shop.sqlite"), Err(CopyError::InUse));
            waits.push(schedule.interval);
        }
        assert!(waits.is_sorted());
        assert_eq!((waits[0], waits[11]), (2 * INTERVAL, DAY));
        schedule.finished(Path::new("shop.sqlite"), Ok(None));
        assert_eq!(schedule.interval, INTERVAL);
        let never = Schedule::new(&Copies::new("shop.sqlite".into(), None, Schema::default()));
        assert_eq!(never.time_left(), None);
    }
}
