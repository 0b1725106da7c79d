//! A handler's state, and the timers that are set for this state at startup.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::Handler;
use crate::remote::{LocalTimer, Mailbox, Repeated, Target, once, repeated};
use crate::request::Request;
use crate::response::Response;

/// A handler together with its state: see [`Handler::with_state`].
pub struct WithState<H, S> {
    handler: H,
    state: S,
    /// Distinguishes states of the same type.
    instance: u64,
    timers: Vec<LocalTimer>,
}

impl<H, S> WithState<H, S> {
    pub(super) fn new(handler: H, state: S) -> Self {
        static INSTANCES: AtomicU64 = AtomicU64::new(1);
        let instance = INSTANCES.fetch_add(1, Ordering::Relaxed);
        Self { handler, state, instance, timers: Vec::new() }
    }

    /// The state, for tests that check how a request changed it.
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Mutable access to the state, for tests that prepare it.
    pub fn state_mut(&mut self) -> &mut S {
        &mut self.state
    }
}

impl<H, S: 'static> WithState<H, S> {
    /// Calls `closure` every `period` while the server runs. The first call is one `period` after
    /// the server has started.
    ///
    /// The times don't drift. If calls are missed because the machine sleeps or a handler is
    /// running, a single call makes up for all of them. A period of zero counts as one millisecond.
    /// For timers that are set or canceled later, see [`Remote::every`](crate::Remote::every).
    ///
    /// ```
    /// use std::time::Duration;
    /// use solohttp_core::{Handler, IntoHandler};
    ///
    /// struct App {
    ///     minutes: u64,
    /// }
    ///
    /// fn app() -> impl Handler {
    ///     let page = |app: &mut App| format!("Running for {} minutes", app.minutes);
    ///     let app = IntoHandler::into_handler(page).with_state(App { minutes: 0 });
    ///     app.every(Duration::from_secs(60), |app| app.minutes += 1)
    /// }
    /// ```
    #[must_use]
    #[track_caller]
    pub fn every(self, period: Duration, closure: impl FnMut(&mut S) + 'static) -> Self {
        self.with_timer(period, Some(period), Box::new(repeated(closure)))
    }

    /// Calls `closure` once, `delay` after the server has started.
    #[must_use]
    #[track_caller]
    pub fn after(self, delay: Duration, closure: impl FnOnce(&mut S) + 'static) -> Self {
        self.with_timer(delay, None, Box::new(once(closure)))
    }

    #[track_caller]
    fn with_timer(
        mut self,
        first: Duration,
        period: Option<Duration>,
        action: Box<Repeated>,
    ) -> Self {
        Mailbox::expect_timers();
        let target = Target::new::<S>(Some(self.instance), Location::caller());
        self.timers.push(LocalTimer::new(target, None, first, period, action));
        self
    }
}

impl<H, S> fmt::Debug for WithState<H, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithState").finish_non_exhaustive()
    }
}

impl<S: 'static, H: Handler<S>> Handler for WithState<H, S> {
    fn handle(&mut self, (): &mut (), request: &mut Request) -> Response {
        let outer = request.enter_state(self.instance);
        if let Some(call) = request.call() {
            call.take_along(&mut self.timers);
        }
        let mut response = self.handler.handle(&mut self.state, request);
        if let Some(ran) = request.run_call(&mut self.state) {
            response = ran;
        }
        request.enter_state(outer);
        response
    }
}
