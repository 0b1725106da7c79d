//! A connection as a state machine. Bytes and the current time go in, and bytes come out.
//!
//! ```text
//! Head ─▶ Body ─▶ Ready ─▶ Handling ─▶ Writing ─▶ WriteDone ─▶ Lingering ─▶ Closed
//!    └──────┴──── rejected ───────────────▲   └──── nothing unread ────────────▲
//! ```
//! Uses neither sockets nor clocks, so the whole protocol can be tested without them. A connection
//! carries one request and one response, and never returns to reading a head.

mod admission;
mod body;
mod body_limits;
mod output;
mod rules;
mod want;
mod writing;

use std::borrow::Cow;
use std::mem;
use std::rc::Rc;
use std::time::Instant;

use http::{HeaderValue, Method, StatusCode};

use self::admission::{Accepted, Admission, admit};
use self::body::IncomingBody;
pub(crate) use self::rules::Rules;
use self::rules::Transfer;
pub use self::rules::Transfers;
pub(crate) use self::want::Want;
pub(crate) use self::writing::Filled;
use self::writing::Writing;
use crate::body::FormLimits;
use crate::error::Rejection;
use crate::event_stream::EventStream;
use crate::headers::RequestHeaders;
use crate::language::ServerWords;
use crate::log_line;
use crate::request::Request;
use crate::response::Response;
use crate::response::error_page;
use crate::response::page;
use crate::wire::framing::Length;
use crate::wire::head::{Head, HeadScanner, Verdict};

#[derive(Debug)]
pub(crate) struct Conn {
    state: State,
    rules: Rc<Rules>,
    deadline: Option<Instant>,
    is_head: bool,
    /// The `Origin` of the request, if it is trusted.
    trusted_origin: Option<Box<HeaderValue>>,
    /// Whether the client has sent bytes that were not read as part of the request. Closing
    /// immediately could then reset the connection before the client has read the response.
    has_unread: bool,
    shuts_down: bool,
    /// Whether the browser shows the response as a page, according to Fetch Metadata.
    is_for_a_page: bool,
    /// Set once a write has blocked, so that the connection counts as a transfer.
    transfer: Option<Transfer>,
}

#[derive(Debug)]
enum State {
    Head {
        scanner: HeadScanner,
        bytes: Vec<u8>,
    },
    Body {
        request: Box<Request>,
        body: IncomingBody,
        interim: &'static [u8],
    },
    Ready(Box<Request>),
    /// The application has the request and hasn't responded yet.
    Handling,
    Writing(Writing),
    WriteDone,
    /// Discards input until the client closes or a limit is reached.
    Lingering {
        drained: u64,
        until: Option<Instant>,
    },
    Aborted,
    Closed,
}

impl Conn {
    pub(crate) fn new(rules: Rc<Rules>, now: Instant) -> Self {
        let deadline = now.checked_add(rules.limits.first_byte_timeout);
        let state = State::Head { scanner: HeadScanner::default(), bytes: Vec::new() };
        Self {
            state,
            rules,
            deadline,
            is_head: false,
            trusted_origin: None,
            has_unread: false,
            shuts_down: false,
            is_for_a_page: true,
            transfer: None,
        }
    }

    pub(crate) fn want(&self) -> Want {
        match &self.state {
            State::Head { .. } | State::Lingering { .. } => Want::Read,
            State::Body { interim: [], .. } => Want::Read,
            State::Writing(writing) if writing.is_waiting() => Want::Listen,
            State::Writing(writing) if writing.is_closed() => Want::Close,
            State::Body { .. } | State::Writing(_) => Want::Write,
            State::Ready(_) | State::Handling => Want::Respond,
            State::WriteDone => Want::ShutDownWrite,
            State::Aborted => Want::Reset,
            State::Closed => Want::Close,
        }
    }

    /// Returns when to call [`time_out`](Self::time_out) if nothing else happens.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Whether the request is still incomplete.
    pub(crate) fn is_receiving(&self) -> bool {
        matches!(self.state, State::Head { .. } | State::Body { .. })
    }

    /// Whether this connection may be dropped in favor of a new one, because no response is
    /// pending.
    pub(crate) fn is_expendable(&self) -> bool {
        self.is_receiving() || matches!(self.state, State::Lingering { .. })
    }

    /// Returns the event stream if the response is one.
    pub(crate) fn event_stream(&self) -> Option<&dyn EventStream> {
        match &self.state {
            State::Writing(writing) => writing.event_stream(),
            _ => None,
        }
    }

    /// Whether the server shuts down after this response.
    pub(crate) fn shuts_down(&self) -> bool {
        self.shuts_down
    }

    /// Processes bytes from the client.
    pub(crate) fn receive(&mut self, bytes: &[u8], now: Instant) {
        match &mut self.state {
            State::Head { .. } => self.receive_head(bytes, now),
            State::Body { body, .. } => {
                let received = body.receive(bytes, &self.rules);
                self.after_body(received, bytes.len(), now);
            }
            State::Lingering { drained, until } => {
                let limits = &self.rules.limits;
                *drained += u64::try_from(bytes.len()).expect("a length fits in 64 bits");
                if *drained > limits.drain {
                    self.close();
                } else {
                    // A client that is still sending hasn't read the response yet.
                    let pause = now.checked_add(limits.linger);
                    self.deadline = pause.min(*until);
                }
            }
            State::Writing(writing) if writing.event_stream().is_some() => {}
            State::Ready(_) | State::Handling | State::Writing(_) | State::WriteDone => {
                self.has_unread = true;
            }
            State::Aborted | State::Closed => {}
        }
    }

    fn receive_head(&mut self, received: &[u8], now: Instant) {
        let State::Head { scanner, bytes } = &mut self.state else { return };
        if bytes.is_empty() {
            // The timeout starts with the first byte. Later bytes don't extend it.
            self.deadline = now.checked_add(self.rules.limits.head_timeout);
        }
        // Most heads arrive in one read and are parsed without a copy.
        let mut buffered = mem::take(bytes);
        let whole = if buffered.is_empty() {
            Cow::Borrowed(received)
        } else {
            buffered.extend_from_slice(received);
            Cow::Owned(buffered)
        };
        match scanner.scan(&whole, &self.rules.limits) {
            Verdict::NeedMore => *bytes = whole.into_owned(),
            Verdict::Rejected(rejection) => {
                *bytes = whole.into_owned();
                self.reject(&rejection, now);
            }
            Verdict::Complete(head, end) => self.receive_request(head, &whole[end..], now),
        }
    }

    /// Accepts, answers or rejects a request whose head is complete. If it is accepted, `rest` is
    /// the start of the body.
    fn receive_request(&mut self, head: Head, rest: &[u8], now: Instant) {
        self.is_head = head.method == Method::HEAD;
        self.is_for_a_page = page::is_wanted(&head.headers);
        self.trusted_origin = self.rules.access.trusted_origin(&head.headers).map(Box::new);
        match admit(&self.rules, &head, self.trusted_origin.as_deref(), rest, now) {
            Admission::Accept(accepted) => {
                let Accepted { length, max, overflow, interim, decoded } = accepted;
                let Head { method, target, headers, .. } = head;
                let limits = FormLimits::from(&self.rules.limits);
                let request = Box::new(Request::new(method, target, decoded, headers, limits));
                // Most requests have no body.
                if length == Length::Exactly(0) {
                    self.has_unread |= !rest.is_empty();
                    self.deadline = None;
                    self.state = State::Ready(request);
                    return;
                }
                let mut body = IncomingBody::new(length, max, overflow);
                let received = body.receive(rest, &self.rules);
                let interim = if body.is_done() { &[][..] } else { interim };
                self.state = State::Body { request, body, interim };
                self.after_body(received, rest.len(), now);
            }
            Admission::Reject(rejection) => {
                let logged = Some((&head.method, head.target.as_str()));
                log_line::unhandled(logged, rejection.status(), rejection.logged());
                self.respond_early(error_page::of_rejection(&head.headers, &rejection), now);
            }
            Admission::Respond(response) => {
                // Logged without the query, which may contain a sign-in ticket.
                let logged = Some((&head.method, head.target.path()));
                log_line::unhandled(logged, response.status(), "answered before the application");
                self.respond_early(*response, now);
            }
        }
    }

    fn after_body(&mut self, received: Result<usize, Rejection>, given: usize, now: Instant) {
        if let Err(rejection) = received.and_then(|used| self.take_body(used < given, now)) {
            self.reject(&rejection, now);
        }
    }

    /// Moves a complete body into the request.
    fn take_body(&mut self, has_unread: bool, now: Instant) -> Result<(), Rejection> {
        self.has_unread |= has_unread;
        self.deadline = now.checked_add(self.rules.limits.body_timeout);
        if let State::Body { request, body, .. } = &mut self.state
            && body.is_done()
        {
            request.set_body(body.take(&self.rules)?);
            self.deadline = None;
            if let State::Body { request, .. } = mem::replace(&mut self.state, State::Closed) {
                self.state = State::Ready(request);
            }
        }
        Ok(())
    }

    /// Processes the end of input. A complete request still gets its response.
    pub(crate) fn receive_end(&mut self, now: Instant) {
        match &self.state {
            State::Head { bytes, .. } if bytes.is_empty() => self.close(),
            State::Head { .. } | State::Body { .. } => {
                self.reject(&Rejection::bad_request("The request is incomplete."), now);
                // Nothing is left to drain.
                self.has_unread = false;
            }
            State::Lingering { .. } => self.close(),
            State::Writing(writing) if writing.event_stream().is_some() => self.close(),
            State::Ready(_) | State::Handling | State::Writing(_) | State::WriteDone => {}
            State::Aborted | State::Closed => {}
        }
    }

    /// Takes the ready request out of the connection. The caller must then call
    /// [`respond`](Self::respond).
    pub(crate) fn take_request(&mut self) -> Option<Box<Request>> {
        match mem::replace(&mut self.state, State::Handling) {
            State::Ready(request) => Some(request),
            other => {
                self.state = other;
                None
            }
        }
    }

    /// Sends the response to the request that was taken.
    pub(crate) fn respond(&mut self, request: &Request, mut response: Response) {
        if matches!(self.state, State::Handling) {
            self.shuts_down = response.shuts_down();
            let (streams, limit) = (&self.rules.streams, self.rules.limits.streams);
            if let Some(events) = response.events_mut()
                && let Some(rejected) = events.open(streams, limit, request)
            {
                response = rejected;
            }
            // The write timeout starts with the first write, because the handler may have taken a
            // while.
            self.write(response, None);
        }
    }

    fn reject(&mut self, rejection: &Rejection, now: Instant) {
        let logged = match &self.state {
            State::Body { request, .. } => Some((request.method(), request.target())),
            State::Head { bytes, .. } => {
                // The response to a HEAD request has no body, even if the request is malformed or
                // times out.
                self.is_head = bytes.trim_ascii_start().starts_with(b"HEAD ");
                None
            }
            _ => None,
        };
        log_line::unhandled(logged, rejection.status(), rejection.detail());
        let page = match &self.state {
            State::Body { request, .. } => {
                error_page::of_rejection(request.lazy_headers(), rejection)
            }
            _ => error_page::of_rejection(&RequestHeaders::default(), rejection),
        };
        self.respond_early(page, now);
    }

    /// Responds before the whole request has been read, perhaps while the client is still sending.
    fn respond_early(&mut self, response: Response, now: Instant) {
        self.has_unread = true;
        self.write(response, Some(now));
    }

    /// Reacts to a deadline that has passed.
    pub(crate) fn time_out(&mut self, now: Instant) {
        match &mut self.state {
            State::Head { bytes, .. } if bytes.is_empty() => self.close(),
            State::Head { .. } | State::Body { .. } => {
                let status = StatusCode::REQUEST_TIMEOUT;
                let timeout =
                    Rejection::localized(status, |words: &ServerWords| &words.timeout, &[]);
                self.reject(&timeout, now);
            }
            State::Writing(writing) if writing.is_waiting() => {
                writing.queue_comment();
                self.deadline = now.checked_add(self.rules.limits.write_timeout);
            }
            State::Writing(_) => self.abort(),
            _ => self.close(),
        }
    }

    fn close(&mut self) {
        self.state = State::Closed;
        self.deadline = None;
    }

    fn abort(&mut self) {
        self.state = State::Aborted;
        self.deadline = None;
    }
}

#[cfg(test)]
mod tests;
