//! The interface through which a connection writes an open event stream.

use std::fmt;

use http::header;
use solohttp_iolist::IoList;

use super::listener::Wakeups;
use super::open_streams::OpenStreams;
use crate::request::Request;
use crate::response::Response;

pub(crate) trait EventStream: fmt::Debug {
    /// Counts the stream as open until it is dropped. If too many streams are open, returns the
    /// response to send instead.
    fn open(&mut self, streams: &OpenStreams, limit: usize, request: &Request) -> Option<Response>;

    /// Registers the connection, which is added to `list` at the next event or when the stream
    /// ends.
    fn wake_by(&self, connection: usize, list: &Wakeups);

    fn has_events(&self) -> bool;

    /// Whether the stream must end, because the channel was dropped or the queue is too long.
    fn is_closed(&self) -> bool;

    /// Takes the queued events.
    fn take(&self) -> IoList;
}

/// Returns an event stream response that starts with `events`.
pub(super) fn response_of(events: IoList) -> Response {
    let response = Response::bytes("text/event-stream", events);
    response.with_header(header::CACHE_CONTROL, "no-store")
}
