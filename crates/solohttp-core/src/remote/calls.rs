//! Runs due timers and closures from other threads, on behalf of the event loop.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::call::{CarriedCall as _, LocalCall};
use super::mailbox::OutsideWork;
use super::queue::{Message, Queue};
use super::target::Target;
use super::timers::Timers;
use crate::error::Failure;
use crate::event_loop::Application;
use crate::request::Request;
use crate::response::Response;

/// The time budget for closures in one turn of the loop. Once it is used up, no other closure
/// starts, but a long closure may exceed it. The budget is about as long as a request takes, so
/// even a flood of closures leaves half of the time for requests, and vice versa.
const TURN: Duration = Duration::from_micros(100);

/// The cells are never borrowed while a closure runs, because a handler that the closure passes
/// through may ask for a `Remote`.
pub(super) struct Calls {
    queue: Arc<Queue>,
    /// Messages that were taken from the queue and are waiting for their turn.
    taken: RefCell<VecDeque<Message>>,
    timers: RefCell<Timers>,
}

impl Calls {
    pub(super) fn new(queue: Queue) -> Self {
        Self { queue: Arc::new(queue), taken: RefCell::default(), timers: RefCell::default() }
    }

    fn next(&self, now: Instant) -> Option<LocalCall> {
        if let Some(due) = self.timers.borrow_mut().take_due(now) {
            return Some(LocalCall::new(due.target, Box::new(move |state| due.run(state))));
        }
        let mut taken = self.taken.borrow_mut();
        loop {
            if taken.is_empty() && self.queue.has_messages() {
                self.queue.take(&mut taken);
            }
            match taken.pop_front()? {
                Message::Call(call) => return Some(call.into_local()),
                Message::Timer(timer) => self.timers.borrow_mut().add(timer.into_local()),
            }
        }
    }

    /// Passes a call through the handlers like a request.
    fn make(&self, app: &mut dyn Application, call: &Rc<LocalCall>) -> Response {
        let mut request = Request::for_call(Rc::clone(call) as _, call.target.location);
        let response = app.handle(&mut request);
        call.take_timers().into_iter().for_each(|timer| self.timers.borrow_mut().add(timer));
        response
    }

    fn assert_found(target: &Target, is_found: bool) {
        assert!(
            is_found,
            "no handler has the state `{}`, for which `Listening::remote` was called at {}: use \
             the type of a value that is passed to `with_state`",
            target.state_name(),
            target.location
        );
    }
}

impl OutsideWork for Calls {
    fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }

    fn start(&self, app: &mut dyn Application) {
        drop(self.make(app, &Rc::new(LocalCall::start())));
        for target in self.queue.take_promised() {
            let probe = Rc::new(LocalCall::probe(target));
            drop(self.make(app, &probe));
            Self::assert_found(&target, probe.has_run());
        }
    }

    fn is_waiting(&self) -> bool {
        !self.taken.borrow().is_empty() || self.queue.has_messages()
    }

    fn prepare_to_wait(&self) -> bool {
        self.taken.borrow().is_empty() && self.queue.prepare_to_wait()
    }

    fn end_wait(&self) {
        self.queue.end_wait();
    }

    fn next_due(&self) -> Option<Instant> {
        self.timers.borrow().next_due()
    }

    fn run_turn(&self, app: &mut dyn Application) -> bool {
        if !self.is_waiting() && self.next_due().is_none() {
            return false;
        }
        let start = Instant::now();
        let mut now = start;
        while now.duration_since(start) < TURN {
            match self.run_next(app, now) {
                Some(response) if response.shuts_down() => return true,
                Some(_) => now = Instant::now(),
                None => break,
            }
        }
        false
    }

    fn run_next(&self, app: &mut dyn Application, now: Instant) -> Option<Response> {
        let call = Rc::new(self.next(now)?);
        let mut response = self.make(app, &call);
        if !call.has_run() {
            let (state, place) = (call.target.state_name(), call.target.location);
            let failure = format!("no handler has the state `{state}` (used at {place})");
            log::error!(target: "solohttp", "{failure}");
            response = Response::failed(Failure::from(failure));
        }
        call.end(response.status().is_success());
        Some(response)
    }

    fn close(&self) {
        self.queue.close();
        self.timers.take();
    }
}

impl Drop for Calls {
    fn drop(&mut self) {
        self.queue.close();
        // Drops all calls, so that callers of `ask` don't wait forever.
        let mut taken = self.taken.take();
        taken.clear();
        self.queue.take(&mut taken);
    }
}
