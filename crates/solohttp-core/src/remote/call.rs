//! A closure on its way to the state that it needs.
//!
//! It travels inside a [`Request`](crate::Request), through the handlers that wrap the application,
//! so a guard or one of the program's own wrappers sees it like any other request.

use std::any::Any;
use std::fmt;
use std::panic::Location;

use super::target::{Once, SendOnce, Target, downcast};
use super::timers::LocalTimer;

/// A closure from another thread. It takes the state as `&mut dyn Any`; the [`Target`] says which
/// type it expects.
pub(crate) struct Call {
    target: Target,
    closure: Box<SendOnce>,
    then: Option<Box<dyn FnOnce(bool) + Send>>,
}

impl Call {
    pub(crate) fn new<S: 'static>(
        target: Target,
        closure: impl FnOnce(&mut S) + Send + 'static,
    ) -> Self {
        Self { target, closure: Box::new(|state| closure(downcast(state))), then: None }
    }

    /// Calls `then` once the call is over, passing whether it succeeded.
    pub(crate) fn and_then(self, then: impl FnOnce(bool) + Send + 'static) -> Self {
        Self { then: Some(Box::new(then)), ..self }
    }

    pub(crate) fn into_local(self) -> LocalCall {
        let then = self.then.map(|then| then as Box<dyn FnOnce(bool)>);
        LocalCall { target: self.target, closure: Some(self.closure), then, timers: Vec::new() }
    }
}

/// A closure on the event loop's thread, where it need not be `Send`.
pub(crate) struct LocalCall {
    pub(crate) target: Target,
    closure: Option<Box<Once>>,
    then: Option<Box<dyn FnOnce(bool)>>,
    /// Timers collected from the states that the call has passed through.
    timers: Vec<LocalTimer>,
}

/// No handler has this state, so a call for it passes through all handlers.
struct NoState;

impl LocalCall {
    pub(crate) fn new(target: Target, closure: impl FnOnce(&mut dyn Any) + 'static) -> Self {
        Self { target, closure: Some(Box::new(closure)), then: None, timers: Vec::new() }
    }

    /// Creates a call that finds out whether there is a state for `target`.
    pub(crate) fn probe(target: Target) -> Self {
        Self::new(target, |_| {})
    }

    /// Creates a call that passes through all handlers and collects their timers.
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::probe(Target::new::<NoState>(None, Location::caller()))
    }

    pub(crate) fn take_along(&mut self, timers: &mut Vec<LocalTimer>) {
        self.timers.append(timers);
    }

    pub(crate) fn take_timers(&mut self) -> Vec<LocalTimer> {
        std::mem::take(&mut self.timers)
    }

    /// Runs the closure if it is meant for `state`, and returns whether it ran.
    pub(crate) fn run<S: 'static>(&mut self, instance: u64, state: &mut S) -> bool {
        let is_for = self.target.is::<S>(instance);
        match self.closure.take_if(|_| is_for) {
            Some(closure) => {
                closure(state);
                true
            }
            None => false,
        }
    }

    /// Whether the closure hasn't run, because no handler had the state that it needs.
    pub(crate) fn is_undelivered(&self) -> bool {
        self.closure.is_some()
    }

    pub(crate) fn end(self, succeeded: bool) {
        if let Some(then) = self.then {
            then(succeeded);
        }
    }
}

impl fmt::Debug for LocalCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalCall").field(&self.target).finish()
    }
}
