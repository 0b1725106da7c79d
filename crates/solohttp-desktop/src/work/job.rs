//! The thread's side of a job, and the state it shares with the list.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use solohttp_core::Remote;

use super::LIVE_NAME;
use super::rate::Rate;
use crate::live::Live;
use crate::locked::Locked;

/// The minimum time between two updates of open pages. This allows at most four updates per second.
const INTERVAL: Duration = Duration::from_millis(250);

/// A running job, passed to the closure given to [`Work::start`](crate::Work::start). Clones can be
/// sent to other threads.
#[derive(Clone)]
pub struct Job {
    pub(super) state: Arc<JobState>,
    pub(super) live: Live,
}

/// The state that a job's thread shares with the list. The counters are atomic, which makes it
/// cheap for a job to report each of a million rows.
#[derive(Debug)]
pub(super) struct JobState {
    started: Instant,
    done: AtomicU64,
    total: AtomicU64,
    is_cancelled: AtomicBool,
    /// Whether an update of open pages is pending. It will show all progress made until then.
    is_announced: AtomicBool,
    pace: Locked<Pace>,
}

#[derive(Debug, Default)]
struct Pace {
    /// When open pages were last updated.
    updated: Option<Duration>,
    rate: Rate,
}

/// The progress of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) done: u64,
    /// 0 if unknown.
    pub(super) total: u64,
    pub(super) left: Option<Duration>,
}

impl Progress {
    /// Returns the percentage that is done, or `None` if the total is unknown.
    pub(super) fn percent(self) -> Option<u64> {
        let percent = u128::from(self.done) * 100 / u128::from(self.total.max(1));
        (self.total > 0).then(|| u64::try_from(percent).unwrap_or(100).min(100))
    }
}

impl JobState {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            is_cancelled: AtomicBool::new(false),
            is_announced: AtomicBool::new(false),
            pace: Locked::default(),
        }
    }

    pub(super) fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    pub(super) fn progress(&self) -> Progress {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let left = self.pace.with(|pace| pace.rate.left(self.started.elapsed(), total));
        Progress { done, total, left }
    }

    /// Stores the progress. Returns whether the caller has to schedule an update of open pages,
    /// which isn't necessary if one is already pending.
    fn note_progress(&self, done: u64, total: u64) -> bool {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        // Reading first avoids a locked instruction for almost all rows.
        !self.is_announced.load(Ordering::Relaxed)
            && !self.is_announced.swap(true, Ordering::SeqCst)
    }

    /// Returns how long to wait before open pages may be updated again.
    fn delay(&self) -> Duration {
        let updated = self.pace.with(|pace| pace.updated);
        let since = updated.map(|at| self.started.elapsed().saturating_sub(at));
        since.map_or(Duration::ZERO, |since| INTERVAL.saturating_sub(since))
    }

    /// Records that open pages are being updated now.
    fn note_update(&self) {
        // Cleared before the counters are read, so that progress made from now on is announced
        // again.
        self.is_announced.store(false, Ordering::SeqCst);
        let now = self.started.elapsed();
        let done = self.done.load(Ordering::Relaxed);
        self.pace.with(|pace| {
            pace.updated = Some(now);
            pace.rate.note(now, done);
        });
    }
}

impl Job {
    /// Reports that `done` of `total` steps are done, in any unit, such as rows, bytes or files. A
    /// `total` of 0 means that the total is unknown.
    ///
    /// Costs a few nanoseconds, so it can be called for each row. Open pages are updated at most
    /// four times per second.
    pub fn progress(&self, done: u64, total: u64) {
        if self.state.note_progress(done, total) {
            self.announce();
        }
    }

    /// Schedules an update of open pages. An update that comes too soon after the previous one is
    /// delayed rather than dropped, so that the last step before a pause is shown.
    fn announce(&self) {
        let Some(remote) = self.live.remote() else { return };
        let (state, live) = (Arc::clone(&self.state), self.live.clone());
        // Fails only if the server has stopped, and then there are no pages to update.
        drop(remote.after(self.state.delay(), move |_| {
            state.note_update();
            live.changed(LIVE_NAME);
        }));
    }

    /// Returns whether the user has cancelled this job or the program is exiting. The job should
    /// then undo its changes and return [`Cancelled`], which is the error that
    /// [`check`](Self::check) returns.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.state.is_cancelled.load(Ordering::Relaxed)
    }

    /// Returns an error if the job is [cancelled](Self::is_cancelled), so that `job.check()?` in a
    /// loop ends the job.
    ///
    /// # Errors
    /// [`Cancelled`] if the job is cancelled.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }

    /// Returns the handle that runs closures with the application's state. In tests without a
    /// server, its methods return [`Ended`](solohttp_core::Ended).
    #[must_use]
    pub fn remote<S: 'static>(&self) -> Remote<S> {
        self.live.remote().map(Remote::for_state).unwrap_or_default()
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Job").field(&self.state.progress()).finish()
    }
}

/// The error that a job returns when it stops because it was cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cancelled")
    }
}

impl Error for Cancelled {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_rows_are_announced_once_an_update() {
        let state = JobState::new();
        let announced = |from: u64| {
            (from..from + 1_000_000).filter(|&done| state.note_progress(done, 3_000_000)).count()
        };
        assert_eq!(announced(0), 1);
        assert_eq!(state.delay(), Duration::ZERO, "the first update is at once");
        state.note_update();
        assert_eq!(announced(1_000_000), 1);
        let delay = state.delay();
        assert!(delay <= INTERVAL, "{delay:?}");
        assert_eq!(state.progress().done, 1_999_999);
    }

    #[test]
    fn says_how_much_is_done() {
        let check = |done, total, expect| {
            assert_eq!(Progress { done, total, left: None }.percent(), expect, "{done} of {total}");
        };
        check(0, 0, None);
        check(7, 0, None);
        check(0, 3, Some(0));
        check(2, 3, Some(66));
        check(3, 3, Some(100));
        check(4, 3, Some(100));
        check(u64::MAX - 1, u64::MAX, Some(99));
    }

    #[test]
    fn has_no_server_in_tests() {
        let job = Job { state: Arc::new(JobState::new()), live: Live::default() };
        job.progress(1, 2);
        assert!(job.remote::<u8>().run(|_| ()).is_err());
        assert_eq!(job.check(), Ok(()));
        job.state.cancel();
        assert_eq!(job.clone().check(), Err(Cancelled));
    }
}
