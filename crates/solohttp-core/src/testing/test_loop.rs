//! An event loop without sockets, for tests of handlers that take a [`Remote`].

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::event_loop::Application;
use crate::handler::dispatch::Dispatcher;
use crate::handler::{Handler, IntoHandler};
use crate::remote::{Entered, Mailbox, Remote};
use crate::request::Request;
use crate::response::Response;

/// How often [`TestLoop::finish`] checks whether all threads have ended.
const PAUSE: Duration = Duration::from_millis(1);

/// Runs closures from a [`Remote`] in tests without a socket.
///
/// While a `TestLoop` exists, handlers on its thread get a `Remote` for it. Closures pass through
/// the whole handler, as on a server, so a guard can reject them too.
///
/// ```
/// use solohttp_core::{Handler, IntoHandler, Remote, Request, TestLoop};
///
/// #[derive(Default)]
/// struct App {
///     imported: Vec<String>,
/// }
///
/// fn import(remote: Remote<App>) -> &'static str {
///     std::thread::spawn(move || {
///         for name in ["tea", "coffee"] {
///             remote.run(move |app| app.imported.push(name.to_owned())).unwrap();
///         }
///     });
///     "Importing…"
/// }
///
/// // #[test]
/// fn everything_is_imported() {
///     let mut test_loop = TestLoop::new();
///     let mut app = import.into_handler().with_state(App::default());
///     assert_eq!(Request::post("/").send_to(&mut app).into_text(), "Importing…");
///     for response in test_loop.finish(&mut app) {
///         assert!(response.status().is_success());
///     }
///     assert_eq!(app.state().imported, ["tea", "coffee"]);
/// }
/// # everything_is_imported();
/// ```
pub struct TestLoop {
    mailbox: Mailbox,
    dispatcher: Dispatcher,
    has_started: bool,
    /// How long `finish` waits for another closure.
    patience: Duration,
    _entered: Entered,
}

impl TestLoop {
    /// Creates an event loop for this thread.
    #[must_use]
    pub fn new() -> Self {
        let mailbox = Mailbox::new(None);
        let _entered = mailbox.enter();
        let (dispatcher, patience) = (Dispatcher::default(), Duration::from_secs(10));
        Self { mailbox, dispatcher, has_started: false, patience, _entered }
    }

    /// Returns a `Remote`, which can be passed to functions and threads.
    #[must_use]
    pub fn remote<S: 'static>(&self) -> Remote<S> {
        Remote::new(Some(self.mailbox.queue()), None)
    }

    /// Runs all waiting closures and due timers, in the same order as a server. Returns a response
    /// for each of them: 204 if it succeeded, or an error if it panicked, if a guard rejected its
    /// changes, or if no handler has its state.
    ///
    /// Timers that were set when the state was created start at the first call.
    #[must_use = "check the responses for failed closures"]
    pub fn run<M>(&mut self, handler: impl IntoHandler<(), M>) -> Vec<Response> {
        let mut handler = handler.into_handler();
        self.run_in(&mut handler)
    }

    /// Runs closures until all [`Remote`]s have been dropped. Returns a response for each closure,
    /// like [`run`](Self::run).
    ///
    /// # Panics
    /// If no closure arrives for ten seconds while there is still a `Remote`, for example in the
    /// state.
    #[must_use = "check the responses for failed closures"]
    #[track_caller]
    pub fn finish<M>(&mut self, handler: impl IntoHandler<(), M>) -> Vec<Response> {
        let mut handler = handler.into_handler();
        let (mut responses, mut since) = (Vec::new(), Instant::now());
        loop {
            // Checked first, because a thread may send a closure just before it ends.
            let is_last = self.is_only_owner();
            let ran = self.run_in(&mut handler);
            if !ran.is_empty() {
                since = Instant::now();
            } else if is_last {
                return responses;
            }
            responses.extend(ran);
            assert!(
                since.elapsed() < self.patience,
                "`TestLoop::finish` waited {:?} for another closure: use `TestLoop::run` if a \
                 `Remote` stays alive, for example in the state",
                self.patience
            );
            thread::sleep(PAUSE);
        }
    }

    fn run_in(&mut self, handler: &mut dyn Handler) -> Vec<Response> {
        let app = &mut Tested { handler, dispatcher: &mut self.dispatcher };
        let work = self.mailbox.open();
        if !std::mem::replace(&mut self.has_started, true) {
            work.start(app);
        }
        // The time is fixed, so that a fast timer can't keep this loop running forever.
        let now = Instant::now();
        std::iter::from_fn(|| work.run_next(app, now)).collect()
    }

    fn is_only_owner(&self) -> bool {
        Arc::strong_count(self.mailbox.open().queue()) == 1
    }
}

impl Default for TestLoop {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TestLoop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestLoop").finish_non_exhaustive()
    }
}

struct Tested<'a> {
    handler: &'a mut dyn Handler,
    dispatcher: &'a mut Dispatcher,
}

impl Application for Tested<'_> {
    fn handle(&mut self, request: &mut Request) -> Response {
        self.dispatcher.dispatch(self.handler, request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::Ended;

    type Numbers = Vec<u32>;

    fn page(numbers: &mut Numbers, remote: Remote<Numbers>, request: &Request) -> String {
        if request.path() == "/add" {
            #[allow(clippy::disallowed_methods, reason = "hands in closures, like a program")]
            thread::spawn(move || (0..2_000).try_for_each(|n| remote.run(move |ns| ns.push(n))));
        }
        format!("{} numbers", numbers.len())
    }

    fn app() -> impl Handler {
        page.into_handler().with_state(Vec::new())
    }

    #[test]
    fn handlers_hand_in_closures_and_see_what_they_did() {
        let (mut test_loop, mut app) = (TestLoop::new(), app());
        assert_eq!(Request::get("/add").send_to(&mut app).into_text(), "0 numbers");
        let responses = test_loop.finish(&mut app);
        assert_eq!(responses.len(), 2_000);
        assert!(responses.iter().all(|response| response.status() == 204));
        assert_eq!(Request::get("/").send_to(&mut app).into_text(), "2000 numbers");
    }

    #[test]
    fn each_closure_has_its_response() {
        let mut test_loop = TestLoop::new();
        let remote = test_loop.remote::<Numbers>();
        remote.run(|_| panic!("in a closure")).unwrap();
        remote.run(|numbers| numbers.push(1)).unwrap();
        test_loop.remote::<String>().run(|_| {}).unwrap();
        let responses = test_loop.run(app());
        let failures = responses.iter().map(|response| response.failure().map(ToString::to_string));
        let failures: Vec<_> = failures.map(Option::unwrap_or_default).collect();
        assert_eq!(failures[..2], ["in a closure", ""]);
        assert!(failures[2].starts_with("no handler has the state `alloc::string::String`"));
        assert!(test_loop.run(app()).is_empty());
    }

    #[test]
    fn timers_ring_when_they_are_due() {
        let mut test_loop = TestLoop::new();
        let app = page.into_handler().with_state(Vec::new());
        let mut app = app.after(Duration::ZERO, |numbers| numbers.push(1));
        let remote = test_loop.remote::<Numbers>();
        remote.every(Duration::ZERO, |numbers| numbers.push(2)).unwrap();
        remote.after(Duration::from_secs(3_600), |numbers| numbers.push(3)).unwrap();
        thread::sleep(Duration::from_millis(2));
        while app.state().len() < 3 {
            assert!(test_loop.run(&mut app).iter().all(|response| response.status() == 204));
        }
        assert_eq!(app.state().iter().filter(|number| **number == 1).count(), 1);
        assert!(!app.state().contains(&3));
    }

    #[test]
    fn a_remote_outlives_its_loop_and_says_so() {
        let test_loop = TestLoop::new();
        let remote = test_loop.remote::<Numbers>();
        drop(test_loop);
        assert_eq!(remote.run(|_| {}), Err(Ended));
    }

    #[test]
    #[should_panic(expected = "use `TestLoop::run` if a `Remote` is kept")]
    fn a_remote_that_is_kept_is_told() {
        let mut test_loop = TestLoop::new();
        test_loop.patience = Duration::from_millis(20);
        let _kept = test_loop.remote::<Numbers>();
        let _ = test_loop.finish(app());
    }
}
