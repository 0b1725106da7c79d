//! A closure on its way to the state that it needs.
//!
//! A [`Request`](crate::Request) carries it through the handlers that wrap the application, so
//! guards and the program's own wrappers handle it like any other request.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::Location;

use super::target::{Once, SendOnce, Target, downcast};
use super::timers::LocalTimer;

/// A closure from another thread. It takes the state as `&mut dyn Any`. The [`Target`] specifies
/// which type it expects.
pub(crate) struct Call {
    target: Target,
    closure: Box<SendOnce>,
    then: Option<Box<SendThen>>,
}

/// A callback whose argument says whether the call succeeded.
type Then = dyn FnOnce(bool);
type SendThen = dyn FnOnce(bool) + Send;

impl Call {
    pub(crate) fn new<S: 'static>(
        target: Target,
        closure: impl FnOnce(&mut S) + Send + 'static,
    ) -> Self {
        Self { target, closure: Box::new(|state| closure(downcast(state))), then: None }
    }

    /// Calls `then` when the call has finished, and passes whether it succeeded.
    pub(crate) fn and_then(self, then: impl FnOnce(bool) + Send + 'static) -> Self {
        Self { then: Some(Box::new(then)), ..self }
    }

    pub(super) fn into_local(self) -> LocalCall {
        let call = LocalCall::new(self.target, self.closure);
        call.then.set(self.then.map(|then| then as Box<Then>));
        call
    }
}

/// The interface of a call for the handlers that it passes through. It is used as a trait object,
/// so that programs without calls don't contain the code for them.
pub(crate) trait CarriedCall {
    /// Runs the closure if it is meant for this state, and returns whether it ran.
    fn run(&self, instance: u64, state: &mut dyn Any) -> bool;

    fn has_run(&self) -> bool;

    /// Collects the timers of a state that the call passes through.
    fn take_along(&self, timers: &mut Vec<LocalTimer>);
}

impl fmt::Debug for dyn CarriedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CarriedCall").field("has_run", &self.has_run()).finish_non_exhaustive()
    }
}

/// A closure on the event loop's thread, where it need not be `Send`.
pub(super) struct LocalCall {
    pub(super) target: Target,
    closure: Cell<Option<Box<Once>>>,
    has_run: Cell<bool>,
    then: Cell<Option<Box<Then>>>,
    /// Timers collected from the states that the call has passed through.
    timers: RefCell<Vec<LocalTimer>>,
}

/// No handler has this state, so a call for it passes through all handlers.
struct NoState;

impl LocalCall {
    pub(super) fn new(target: Target, closure: Box<Once>) -> Self {
        let closure = Cell::new(Some(closure));
        let (has_run, then) = (Cell::new(false), Cell::default());
        Self { target, closure, has_run, then, timers: RefCell::default() }
    }

    /// Creates a call that checks whether there is a state for `target`.
    pub(super) fn probe(target: Target) -> Self {
        Self::new(target, Box::new(|_| {}))
    }

    /// Creates a call that passes through all handlers and collects their timers.
    #[track_caller]
    pub(super) fn start() -> Self {
        Self::probe(Target::new::<NoState>(None, Location::caller()))
    }

    pub(super) fn take_timers(&self) -> Vec<LocalTimer> {
        self.timers.take()
    }

    pub(super) fn end(&self, succeeded: bool) {
        if let Some(then) = self.then.take() {
            then(succeeded);
        }
    }
}

impl CarriedCall for LocalCall {
    fn run(&self, instance: u64, state: &mut dyn Any) -> bool {
        if self.target.is(state, instance)
            && let Some(closure) = self.closure.take()
        {
            self.has_run.set(true);
            closure(state);
            return true;
        }
        false
    }

    fn has_run(&self) -> bool {
        self.has_run.get()
    }

    fn take_along(&self, timers: &mut Vec<LocalTimer>) {
        self.timers.borrow_mut().append(timers);
    }
}
