//! Counts a server's open event streams, and rejects streams beyond the limit.
//!
//! A stream is a kind of response, so `event_stream/` and `response/` import each other.

use std::rc::Rc;
use std::time::Duration;

use http::{StatusCode, header};

use super::event::Event;
use super::stream::response_of;
use crate::error::Rejection;
use crate::language::ServerWords;
use crate::request::Request;
use crate::response::{Response, error_page};

/// How long browsers wait before they try again after a stream was rejected.
const RETRY: Duration = Duration::from_secs(10);

/// Counts the open event streams. Each stream holds a clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenStreams(Rc<()>);

impl OpenStreams {
    /// Counts one more stream until the returned value is dropped. Returns `None` at the limit.
    pub(super) fn add(&self, limit: usize) -> Option<Self> {
        (Rc::strong_count(&self.0) <= limit).then(|| self.clone())
    }
}

/// Rejects a stream beyond the limit.
///
/// An `EventSource` gives up permanently if the status isn't 200, but reconnects when a stream ends
/// (WHATWG HTML section 9.2.3). It therefore gets a stream that ends immediately.
pub(super) fn reject(limit: usize, request: &Request) -> Response {
    log::warn!(target: "solohttp", "limit of {limit} event streams reached; refusing a stream");
    let accept = request.header(header::ACCEPT.as_str()).unwrap_or_default();
    if accept.starts_with("text/event-stream") {
        let text = format!("the limit of {limit} event streams is reached");
        let ends_at_once = Event::comment(text).retry(RETRY).to_string();
        return response_of(ends_at_once.into());
    }
    let limit = limit.to_string();
    let rejection = Rejection::localized(
        StatusCode::SERVICE_UNAVAILABLE,
        |words: &ServerWords| &words.streams,
        &[("limit", &limit)],
    );
    error_page::of_rejection(request.lazy_headers(), &rejection)
}
