//! An open event stream, as the connection that writes it knows it.

use std::fmt;

use http::header;
use solohttp_iolist::IoList;

use super::listener::Wakeups;
use super::open_streams::OpenStreams;
use crate::request::Request;
use crate::response::Response;

pub(crate) trait EventStream: fmt::Debug {
    /// Counts the stream as open until it is dropped. If too many are open, returns the response to
    /// send instead.
    fn open(&mut self, streams: &OpenStreams, limit: usize, request: &Request) -> Option<Response>;

    /// Lets the next event, or the end of the stream, add the connection to `list`.
    fn wake_by(&self, connection: usize, list: &Wakeups);

    fn has_events(&self) -> bool;

    /// Whether the stream has to end, because the channel is gone or too much has queued up.
    fn is_closed(&self) -> bool;

    /// Takes the events that are queued.
    fn take(&self) -> IoList;
}

/// A response whose body is a stream of these events.
pub(super) fn response_of(events: IoList) -> Response {
    let response = Response::bytes("text/event-stream", events);
    response.with_header(header::CACHE_CONTROL, "no-store")
}
