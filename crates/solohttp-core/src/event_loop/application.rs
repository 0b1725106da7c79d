//! What the event loop calls.

use crate::remote::{Calls, LocalCall};
use crate::request::Request;
use crate::response::Response;

/// The application that the loop serves.
pub(crate) trait Application {
    fn handle(&mut self, request: &mut Request) -> Response;

    /// Runs a call that comes from outside any request. Returns whether the server shuts down
    /// afterwards.
    fn call(&mut self, calls: &mut Calls, call: LocalCall) -> bool;
}
