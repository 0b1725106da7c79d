//! The event loop's side: closures sent by other threads, and timers that are due.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::StatusCode;

use super::call::LocalCall;
use super::queue::{Message, Queue};
use super::timers::{LocalTimer, Timers};
use crate::request::Request;
use crate::response::Response;

/// How long closures may run in one turn of the loop, if each is short. This is about as long as a
/// request takes, so even a flood of closures leaves half of the time for requests, and vice versa.
const TURN: Duration = Duration::from_micros(100);

pub(crate) struct Calls {
    queue: Arc<Queue>,
    /// Messages that were taken from the queue and are waiting for their turn.
    taken: VecDeque<Message>,
    timers: Timers,
}

impl Calls {
    pub(crate) fn new(queue: Arc<Queue>) -> Self {
        Self { queue, taken: VecDeque::new(), timers: Timers::default() }
    }

    pub(crate) fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }

    pub(crate) fn add_timer(&mut self, timer: LocalTimer) {
        self.timers.add(timer);
    }

    /// Whether any closures are still waiting.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.taken.is_empty() || self.queue.has_messages()
    }

    /// Asks to be woken by the next message. Returns whether the loop may wait, because there is no
    /// message yet.
    pub(crate) fn prepare_to_wait(&self) -> bool {
        self.taken.is_empty() && self.queue.prepare_to_wait()
    }

    pub(crate) fn end_wait(&self) {
        self.queue.end_wait();
    }

    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.timers.next_due()
    }

    /// Runs due timers and waiting closures for one turn. `run` returns `false` to end the turn.
    pub(crate) fn run_turn(&mut self, mut run: impl FnMut(&mut Self, LocalCall) -> bool) {
        if !self.is_waiting() && self.timers.next_due().is_none() {
            return;
        }
        let start = Instant::now();
        let mut now = start;
        while now.duration_since(start) < TURN {
            let Some(call) = self.next(now) else { return };
            if !run(self, call) {
                return;
            }
            now = Instant::now();
        }
    }

    fn next(&mut self, now: Instant) -> Option<LocalCall> {
        if let Some(due) = self.timers.take_due(now) {
            return Some(LocalCall::new(due.target, move |state| due.run(state)));
        }
        loop {
            if self.taken.is_empty() && self.queue.has_messages() {
                self.queue.take(&mut self.taken);
            }
            match self.taken.pop_front()? {
                Message::Call(call) => return Some(call.into_local()),
                Message::Timer(timer) => self.timers.add(timer.into_local()),
            }
        }
    }

    /// Stops accepting closures and drops all timers. Closures that were sent earlier stay in the
    /// queue.
    pub(crate) fn close(&mut self) {
        self.queue.close();
        self.timers = Timers::default();
    }
}

/// Handles a call in a handler that doesn't wrap another one.
pub(crate) fn run_here<S: 'static>(state: &mut S, request: &mut Request) -> Response {
    request.run_call(state).unwrap_or_else(|| Response::empty(StatusCode::NOT_FOUND))
}

impl Drop for Calls {
    fn drop(&mut self) {
        self.queue.close();
        // Callers of `ask` must not be left waiting for an answer that never comes.
        self.taken.clear();
        self.queue.take(&mut self.taken);
    }
}
