//! A thread that reports when a handler runs too long and blocks the main thread.
//!
//! It doesn't interrupt the handler. Rust can't interrupt a function that hangs.

use std::fmt;
use std::io;
#[allow(clippy::disallowed_types, reason = "a watchdog on the same thread would hang with it")]
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
    /// Odd while a handler runs. Different for each handler call.
    turn: AtomicU64,
    #[allow(clippy::disallowed_types, reason = "held only to copy a short string")]
    request: Mutex<String>,
    /// Whether the thread is parked without a timeout.
    sleeps: AtomicBool,
    is_over: AtomicBool,
}

impl Watchdog {
    /// Calls `report` from another thread, once for each handler that exceeds the threshold.
    pub(crate) fn start(
        threshold: Duration,
        mut report: impl FnMut(&str) + Send + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            turn: AtomicU64::new(0),
            request: Default::default(),
            sleeps: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
        });
        let watched = Arc::clone(&shared);
        let builder = Builder::new().name("solohttp-watchdog".to_owned());
        let thread = builder.spawn(move || watched.watch(threshold, &mut report))?.thread().clone();
        Ok(Self { shared, thread })
    }

    /// Watches a handler until the returned value is dropped.
    ///
    /// On a busy server, this costs two stores and a copy of the target. The thread is woken only
    /// for the first request after a pause.
    pub(crate) fn watch(&self, method: &Method, target: &str) -> Watched<'_> {
        {
            let mut text = self.shared.request.lock().unwrap_or_else(PoisonError::into_inner);
            text.clear();
            for word in [method.as_str(), " ", target] {
                text.push_str(word);
            }
        }
        self.shared.turn.fetch_add(1, Ordering::SeqCst);
        if self.shared.sleeps.swap(false, Ordering::SeqCst) {
            self.thread.unpark();
        }
        Watched(&self.shared)
    }
}

/// A running handler.
#[must_use = "the watch ends when this is dropped"]
pub(crate) struct Watched<'a>(&'a Shared);

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        self.0.turn.fetch_add(1, Ordering::SeqCst);
    }
}

impl Shared {
    /// Checks sixteen times per threshold while requests arrive, and sleeps otherwise. Waking the
    /// thread for every request would often cost more than the handler itself.
    fn watch(&self, threshold: Duration, report: &mut dyn FnMut(&str)) {
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
            } else if since.elapsed() >= threshold {
                is_reported = true;
                let request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
                report(&request.escape_default().to_string());
            }
            thread::park_timeout(threshold / 16);
        }
    }

    fn sleep_until_turn_after(&self, turn: u64) {
        self.sleeps.store(true, Ordering::SeqCst);
        // A request that began just before the store didn't wake the thread, so check again.
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

    fn watchdog(threshold: Duration) -> (Watchdog, Receiver<String>) {
        let (sender, reports) = channel();
        let report = move |request: &str| sender.send(request.to_owned()).unwrap();
        (Watchdog::start(threshold, report).unwrap(), reports)
    }

    #[test]
    fn reports_each_slow_handler_once_and_by_its_request() {
        let (watchdog, reports) = watchdog(Duration::from_millis(20));
        for target in ["/first?a", "/second\u{1b}[31m"] {
            // Runs until it is reported.
            let watched = watchdog.watch(&Method::GET, target);
            let reported = reports.recv_timeout(SOON).unwrap();
            drop(watched);
            assert_eq!(reported, format!("GET {}", target.escape_default()));
            drop(watchdog.watch(&Method::GET, "/quick"));
        }
        drop(watchdog);
        assert!(
            reports.recv_timeout(SOON).is_err(),
            "nothing is reported twice, and the thread ends"
        );
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
