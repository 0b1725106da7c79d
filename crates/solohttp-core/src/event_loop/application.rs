//! The interface between the event loop and the application.

use crate::request::Request;
use crate::response::Response;

/// The application that the loop serves.
pub(crate) trait Application {
    /// Handles a client's request, or a [call](Request::is_call) from outside any request.
    fn handle(&mut self, request: &mut Request) -> Response;
}
