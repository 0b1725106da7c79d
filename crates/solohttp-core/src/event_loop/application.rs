//! What the event loop calls.

use crate::remote::{Calls, LocalCall};
use crate::request::Request;
use crate::response::Response;

/// The application that the loop serves.
pub(crate) trait Application {
    fn handle(&mut self, request: &mut Request) -> Response;

    /// Makes a call from outside of a request. Returns whether the server shuts down after it.
    fn call(&mut self, calls: &mut Calls, call: LocalCall) -> bool;
}
