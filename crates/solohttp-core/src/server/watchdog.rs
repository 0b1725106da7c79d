//! Tells in the log when a handler does not come back: the one thing that a single thread cannot
//! do for itself.
//!
//! It only ever reads and reports. Nobody can end a function that hangs, so nothing is killed.

use std::fmt;
use std::io;
#[allow(
    clippy::disallowed_types,
    reason = "a watcher that shared the thread would hang with it"
)]
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::{self, Builder, Thread};
use std::time::{Duration, Instant};

use http::Method;

/// Watches the handlers of one server until it is dropped.
pub(crate) struct Watchdog {
    shared: Arc<Shared>,
    thread: Thread,
}

struct Shared {
    /// Odd while a handler runs; another number for each.
    turn: AtomicU64,
    #[allow(clippy::disallowed_types, reason = "held for as long as a short text is copied")]
    what: Mutex<String>,
    /// Has the thread gone to sleep until somebody wakes it?
    sleeps: AtomicBool,
    is_over: AtomicBool,
}

impl Watchdog {
    /// Calls `report` from another thread, once for each handler that takes longer.
    pub(crate) fn start(
        patience: Duration,
        mut report: impl FnMut(&str) + Send + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            turn: AtomicU64::new(0),
            what: Default::default(),
            sleeps: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
        });
        let watched = Arc::clone(&shared);
        let builder = Builder::new().name("solohttp-watchdog".to_owned());
        let thread = builder.spawn(move || watched.watch(patience, &mut report))?.thread().clone();
        Ok(Self { shared, thread })
    }

    /// A handler begins; it is watched until the result is dropped.
    ///
    /// While the server is busy this is two stores and a copy of the target; the thread is woken
    /// for the first request after a pause only.
    pub(crate) fn watch(&self, method: &Method, target: &str) -> Watched<'_> {
        {
            let mut what = self.shared.what.lock().unwrap_or_else(PoisonError::into_inner);
            what.clear();
            for word in [method.as_str(), " ", target] {
                what.push_str(word);
            }
        }
        self.shared.turn.fetch_add(1, Ordering::SeqCst);
        if self.shared.sleeps.swap(false, Ordering::SeqCst) {
            self.thread.unpark();
        }
        Watched(&self.shared)
    }
}

/// A handler that runs.
#[must_use = "the watch ends when this is dropped"]
pub(crate) struct Watched<'a>(&'a Shared);

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        self.0.turn.fetch_add(1, Ordering::SeqCst);
    }
}

impl Shared {
    /// Looks sixteen times in each `patience` while requests come, and sleeps when none does: to be
    /// woken by every request would cost more than many handlers do.
    fn watch(&self, patience: Duration, report: &mut dyn FnMut(&str)) {
        let mut seen = 0;
        let mut since = Instant::now();
        let mut is_reported = false;
        while !self.is_over.load(Ordering::SeqCst) {
            let turn = self.turn.load(Ordering::SeqCst);
            let is_running = turn % 2 == 1;
            if turn != seen {
                (seen, since, is_reported) = (turn, Instant::now(), false);
            } else if !is_running || is_reported {
                self.sleep_until_turn_after(turn);
                continue;
            } else if since.elapsed() >= patience {
                is_reported = true;
                let what = self.what.lock().unwrap_or_else(PoisonError::into_inner);
                report(&what.escape_default().to_string());
            }
            thread::park_timeout(patience / 16);
        }
    }

    fn sleep_until_turn_after(&self, turn: u64) {
        self.sleeps.store(true, Ordering::SeqCst);
        // A request that came just before the store would wake nobody.
        while self.sleeps.load(Ordering::SeqCst)
            && self.turn.load(Ordering::SeqCst) == turn
            && !self.is_over.load(Ordering::SeqCst)
        {
            thread::park();
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        self.thread.unpark();
    }
}

impl fmt::Debug for Watchdog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchdog").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    fn watchdog(patience: Duration) -> (Watchdog, Receiver<String>) {
        let (sender, reports) = channel();
        let report = move |what: &str| sender.send(what.to_owned()).unwrap();
        (Watchdog::start(patience, report).unwrap(), reports)
    }

    #[test]
    fn tells_of_each_handler_that_hangs_once_and_by_name() {
        let (watchdog, reports) = watchdog(Duration::from_millis(20));
        for target in ["/first?a", "/second\u{1b}[31m"] {
            // A handler that does not come back before it was told of.
            let watched = watchdog.watch(&Method::GET, target);
            let told = reports.recv_timeout(SOON).unwrap();
            drop(watched);
            assert_eq!(told, format!("GET {}", target.escape_default()));
            drop(watchdog.watch(&Method::GET, "/quick"));
        }
        drop(watchdog);
        assert!(reports.recv_timeout(SOON).is_err(), "nothing is told twice, and it ends");
    }

    #[test]
    fn is_woken_by_the_first_request_after_a_pause() {
        let (watchdog, reports) = watchdog(Duration::from_millis(1));
        for _ in 0..50 {
            let watched = watchdog.watch(&Method::POST, "/");
            assert_eq!(reports.recv_timeout(SOON).unwrap(), "POST /");
            drop(watched);
            while !watchdog.shared.sleeps.load(Ordering::SeqCst) {
                thread::yield_now();
            }
        }
    }
}
