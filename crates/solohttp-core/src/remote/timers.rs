//! Closures that run at a set time. The event loop keeps their deadlines, so they need no threads.

use std::any::Any;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{self, AtomicBool};
use std::time::{Duration, Instant};

use super::target::{Repeated, SendRepeated, Target};

const SHORTEST: Duration = Duration::from_millis(1);

/// A handle for canceling a timer. Dropping the handle doesn't cancel the timer.
#[derive(Debug, Clone)]
pub struct Timer {
    cancelled: Arc<AtomicBool>,
}

impl Timer {
    /// Prevents the closure from being called again.
    pub fn cancel(&self) {
        self.cancelled.store(true, atomic::Ordering::Relaxed);
    }
}

/// A requested timer. `A` is the type of its closure.
pub(crate) struct NewTimer<A: ?Sized> {
    target: Target,
    /// The time from which `first` is measured. `None` is the start of the server.
    since: Option<Instant>,
    first: Duration,
    period: Option<Duration>,
    action: Box<A>,
    cancelled: Arc<AtomicBool>,
}

pub(crate) type LocalTimer = NewTimer<Repeated>;

impl<A: ?Sized> NewTimer<A> {
    /// Creates a timer that is due `first` after `since`, and then every `period`.
    pub(crate) fn new(
        target: Target,
        since: Option<Instant>,
        first: Duration,
        period: Option<Duration>,
        action: Box<A>,
    ) -> Self {
        let period = period.map(|period| period.max(SHORTEST));
        Self { target, since, first, period, action, cancelled: Arc::default() }
    }

    pub(crate) fn handle(&self) -> Timer {
        Timer { cancelled: Arc::clone(&self.cancelled) }
    }
}

impl NewTimer<SendRepeated> {
    pub(crate) fn into_local(self) -> LocalTimer {
        let Self { target, since, first, period, action, cancelled } = self;
        NewTimer { target, since, first, period, action, cancelled }
    }
}

struct Waiting {
    due: Instant,
    period: Option<Duration>,
    target: Target,
    action: Rc<RefCell<Box<Repeated>>>,
    cancelled: Arc<AtomicBool>,
}

#[derive(Default)]
pub(crate) struct Timers(BinaryHeap<Waiting>);

impl Timers {
    pub(crate) fn add(&mut self, timer: LocalTimer) {
        let NewTimer { target, since, first, period, action, cancelled } = timer;
        let since = since.unwrap_or_else(Instant::now);
        // A timer is never due if `Instant` can't represent its time.
        if let Some(due) = since.checked_add(first) {
            let action = Rc::new(RefCell::new(action));
            self.0.push(Waiting { due, period, target, action, cancelled });
        }
    }

    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.0.peek().map(|waiting| waiting.due)
    }

    /// Takes the earliest timer, if it is due.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Due> {
        loop {
            if self.next_due()? > now {
                return None;
            }
            let mut waiting = self.0.pop()?;
            if waiting.cancelled.load(atomic::Ordering::Relaxed) {
                continue;
            }
            let (target, action) = (waiting.target, Rc::clone(&waiting.action));
            let cancelled = Arc::clone(&waiting.cancelled);
            let next = waiting.period.and_then(|period| next(waiting.due, period, now));
            if let Some(next) = next {
                waiting.due = next;
                self.0.push(waiting);
            }
            return Some(Due { target, action, cancelled });
        }
    }
}

/// A timer that is due.
pub(super) struct Due {
    pub(super) target: Target,
    action: Rc<RefCell<Box<Repeated>>>,
    cancelled: Arc<AtomicBool>,
}

impl Due {
    pub(super) fn run(&self, state: &mut dyn Any) {
        // Another closure may have canceled the timer in the meantime.
        if !self.cancelled.load(atomic::Ordering::Relaxed) {
            (self.action.borrow_mut())(state);
        }
    }
}

/// The first time after `now` that is a whole number of periods after `due`.
fn next(due: Instant, period: Duration, now: Instant) -> Option<Instant> {
    let late = now.saturating_duration_since(due);
    let missed = late.as_nanos() / period.as_nanos();
    let late_by = period.as_nanos().checked_mul(missed + 1)?;
    due.checked_add(Duration::from_nanos(u64::try_from(late_by).ok()?))
}

impl Ord for Waiting {
    /// The earliest timer is the greatest, because a heap keeps the greatest on top.
    fn cmp(&self, other: &Self) -> Ordering {
        other.due.cmp(&self.due)
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

impl<A: ?Sized> fmt::Debug for NewTimer<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewTimer")
            .field("target", &self.target)
            .field("first", &self.first)
            .field("period", &self.period)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::super::target::{once, repeated};
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn target() -> Target {
        Target::new::<u32>(None, Location::caller())
    }

    fn fire(timers: &mut Timers, now: Instant, state: &mut u32) -> u32 {
        let before = *state;
        while let Some(due) = timers.take_due(now) {
            due.run(state);
        }
        *state - before
    }

    fn every(timers: &mut Timers, period: Duration) -> (Instant, Timer) {
        let (start, action) = (Instant::now(), repeated(|count: &mut u32| *count += 1));
        let timer = LocalTimer::new(target(), Some(start), period, Some(period), Box::new(action));
        let handle = timer.handle();
        timers.add(timer);
        (start, handle)
    }

    fn add_once(timers: &mut Timers, delay: Duration, then: impl FnOnce(&mut u32) + 'static) {
        timers.add(LocalTimer::new(target(), None, delay, None, Box::new(once(then))));
    }

    #[test]
    fn times_do_not_drift_and_missed_ones_ring_once() {
        let (mut timers, mut count) = (Timers::default(), 0);
        let (start, _) = every(&mut timers, SECOND);
        assert_eq!(fire(&mut timers, start + SECOND / 2, &mut count), 0);
        assert_eq!(fire(&mut timers, start + SECOND + SECOND / 4, &mut count), 1);
        assert_eq!(timers.next_due(), Some(start + SECOND * 2));
        assert_eq!(fire(&mut timers, start + SECOND * 100 + SECOND / 2, &mut count), 1);
        assert_eq!(timers.next_due(), Some(start + SECOND * 101));
    }

    #[test]
    fn a_cancelled_timer_rings_no_more() {
        let (mut timers, mut count) = (Timers::default(), 0);
        let (start, handle) = every(&mut timers, SECOND);
        assert_eq!(fire(&mut timers, start + SECOND, &mut count), 1);
        handle.cancel();
        assert_eq!(fire(&mut timers, start + SECOND * 5, &mut count), 0);
        assert_eq!(timers.next_due(), None);
    }

    #[test]
    fn the_earliest_rings_first_and_a_single_one_once() {
        let (mut timers, mut state) = (Timers::default(), 0);
        let start = Instant::now();
        for (delay, digit) in [(2, 2), (1, 1), (3, 3)] {
            let then = move |state: &mut u32| *state = *state * 10 + digit;
            add_once(&mut timers, SECOND * delay, then);
        }
        fire(&mut timers, start + SECOND * 9, &mut state);
        assert_eq!(state, 123);
        assert_eq!(timers.next_due(), None);
    }

    #[test]
    fn a_period_of_zero_ends_a_turn_all_the_same() {
        let (mut timers, mut count) = (Timers::default(), 0);
        let (start, _) = every(&mut timers, Duration::ZERO);
        assert_eq!(fire(&mut timers, start + SECOND, &mut count), 1);
    }

    #[test]
    fn a_time_beyond_all_never_comes() {
        let mut timers = Timers::default();
        add_once(&mut timers, Duration::MAX, |_| {});
        assert_eq!(timers.next_due(), None);
    }
}
