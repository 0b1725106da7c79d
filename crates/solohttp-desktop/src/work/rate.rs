//! Estimates the time left from samples of a job's progress. Independent of clocks and pages.

use std::time::Duration;

/// The period over which the rate is averaged, in seconds. It is short enough to follow a changing
/// rate, and long enough that the time shown doesn't jump.
const MEMORY: f64 = 15.0;

/// The minimum period that the samples for an estimate must cover.
const SHORTEST: Duration = Duration::from_secs(2);

/// A job without a sample for this long may be stuck, so an estimate would be misleading.
const STALE: Duration = Duration::from_secs(10);

/// Estimates longer than this are too uncertain to show.
const LONGEST: Duration = Duration::from_secs(100 * 3_600);

/// A smoothed rate. All times are measured from the same start.
#[derive(Debug, Default)]
pub(super) struct Rate {
    /// The first sample.
    since: Duration,
    /// The latest sample.
    at: Duration,
    done: u64,
    per_second: f64,
}

impl Rate {
    /// Adds a sample. Starts over if `done` is smaller than before, because the job has entered
    /// another phase.
    pub(super) fn note(&mut self, at: Duration, done: u64) {
        if done < self.done {
            *self = Self { since: at, at, done, per_second: 0.0 };
            return;
        }
        let seconds = at.saturating_sub(self.at).as_secs_f64();
        if seconds <= 0.0 {
            return;
        }
        let rate = as_f64(done - self.done) / seconds;
        // The rate is the mean of all samples at first, so that the first sample has no special
        // weight. Later, it is an exponential moving average.
        let age = at.saturating_sub(self.since).as_secs_f64();
        let weight = (seconds / age.min(MEMORY)).min(1.0);
        self.per_second += weight * (rate - self.per_second);
        (self.at, self.done) = (at, done);
    }

    /// Returns the time left at `now`, if it can be estimated.
    pub(super) fn left(&self, now: Duration, total: u64) -> Option<Duration> {
        let rest = total.checked_sub(self.done).filter(|&rest| rest > 0)?;
        let since_sample = now.saturating_sub(self.at);
        if self.at.saturating_sub(self.since) < SHORTEST || since_sample > STALE {
            return None;
        }
        let left = Duration::try_from_secs_f64(as_f64(rest) / self.per_second).ok()?;
        (left < LONGEST).then(|| left.saturating_sub(since_sample))
    }
}

fn as_f64(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "an estimate doesn't need 16 digits")]
    let count = count as f64;
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a rate with four samples per second, and the time of the last one. Each element of
    /// `rates` is a duration in seconds and the number of items per second.
    fn after(rates: &[(u64, u64)]) -> (Rate, Duration) {
        let (mut rate, mut at, mut done) = (Rate::default(), Duration::ZERO, 0);
        for &(seconds, per_second) in rates {
            for _ in 0..seconds * 4 {
                at += Duration::from_millis(250);
                done += per_second / 4;
                rate.note(at, done);
            }
        }
        (rate, at)
    }

    fn left(rates: &[(u64, u64)], rest: u64) -> Option<u64> {
        let (rate, at) = after(rates);
        rate.left(at, rate.done + rest).map(|left| left.as_secs())
    }

    #[test]
    fn a_steady_rate_gives_the_exact_time() {
        assert_eq!(left(&[(2, 100)], 1_000), Some(10));
        assert_eq!(left(&[(60, 100)], 1_000), Some(10));
    }

    #[test]
    fn says_nothing_at_the_start_at_the_end_and_without_progress() {
        assert_eq!(left(&[(1, 100)], 1_000), None);
        assert_eq!(left(&[(60, 100)], 0), None);
        assert_eq!(left(&[(60, 0)], 10), None);
        assert_eq!(left(&[(60, 4)], 10_000_000), None, "longer than four days");
        assert_eq!(Rate::default().left(Duration::ZERO, 10), None);
    }

    #[test]
    fn follows_a_rate_that_changes() {
        let slower = left(&[(60, 1_000), (60, 100)], 1_000).unwrap();
        assert!((8..=10).contains(&slower), "{slower}");
        let just_now = left(&[(60, 1_000), (1, 100)], 1_000).unwrap();
        assert!((0..=2).contains(&just_now), "one slow second changes little: {just_now}");
    }

    #[test]
    fn counts_down_between_samples_until_they_are_too_old() {
        let (rate, at) = after(&[(10, 100)]);
        let total = rate.done + 2_000;
        let left = |later| rate.left(at + Duration::from_secs(later), total);
        assert_eq!(left(4), Some(Duration::from_secs(16)));
        assert_eq!(left(11), None);
    }

    #[test]
    fn another_phase_starts_again() {
        let (mut rate, at) = after(&[(10, 100)]);
        rate.note(at, 0);
        assert_eq!(rate.left(at, 100), None);
        rate.note(at + Duration::from_secs(4), 40);
        assert_eq!(rate.left(at + Duration::from_secs(4), 100), Some(Duration::from_secs(6)));
    }
}
