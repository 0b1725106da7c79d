//! A closure from another thread or a timer, on its way through the handlers. It travels as a
//! request, so that wrappers need no special code for it.

use std::any::Any;
use std::mem;
use std::panic::Location;
use std::rc::Rc;

use http::{Method, StatusCode};

use super::{Decoded, Request};
use crate::body::FormLimits;
use crate::headers::RequestHeaders;
use crate::limits::Limits;
use crate::remote::CarriedCall;
use crate::response::Response;
use crate::url::{Fields, Path, Target};

impl Request {
    /// Wraps a call in a request that can pass through the handlers. The request's method is `RUN`,
    /// and its target is the call's location in the program's source.
    pub(crate) fn for_call(call: Rc<dyn CarriedCall>, location: &Location<'_>) -> Self {
        let method = Method::from_bytes(b"RUN").expect("letters are a valid method");
        let target = Target::new(location.to_string());
        let decoded = Decoded { path: Path::default(), query: Fields::new() };
        let limits = FormLimits::from(&Limits::default());
        let mut request = Self::new(method, target, decoded, RequestHeaders::default(), limits);
        request.call = Some(call);
        request
    }

    /// Whether this is a closure from a [`Remote`](crate::Remote) or a timer instead of a client's
    /// request.
    ///
    /// Wrappers should pass it on like any other request.
    #[must_use]
    pub fn is_call(&self) -> bool {
        self.call.is_some()
    }

    /// Runs the closure if this is a [call](Self::is_call) for `state`. Returns `None` if it isn't,
    /// or if the closure has already run.
    ///
    /// A handler that dispatches to others, such as a router, should call this first. For all other
    /// handlers, [`WithState`](crate::WithState) calls it.
    pub fn run_call<S: 'static>(&mut self, state: &mut S) -> Option<Response> {
        self.run_call_with(state)
    }

    /// Not generic, so that handlers with different states share this code.
    fn run_call_with(&mut self, state: &mut dyn Any) -> Option<Response> {
        let call = self.call.as_ref()?;
        call.run(self.state, state).then(|| Response::empty(StatusCode::NO_CONTENT))
    }

    /// Whether this is a [call](Self::is_call) whose closure has run.
    #[must_use]
    pub fn has_run(&self) -> bool {
        self.call.as_ref().is_some_and(|call| call.has_run())
    }

    pub(crate) fn call(&self) -> Option<&dyn CarriedCall> {
        self.call.as_deref()
    }

    /// Sets the innermost state and returns the previous one.
    pub(crate) fn enter_state(&mut self, state: u64) -> u64 {
        mem::replace(&mut self.state, state)
    }

    pub(crate) fn state(&self) -> u64 {
        self.state
    }
}
