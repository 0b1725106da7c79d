//! One connection as a state machine: bytes in, bytes out, time as an argument.
//!
//! ```text
//! Reading head ─▶ reading body ─▶ Ready ─▶ (handler) ─▶ Writing ─▶ Lingering ─▶ Closed
//!        └────────────┴── refused ──────────────────────▲   └──── nothing unread ────▲
//! ```
//! Knows neither sockets nor clocks, so the whole protocol is tested without either. One request
//! and one response per connection: there is no way back from Writing to Reading.

mod admission;
mod body;
mod rules;
mod writing;

use std::io::IoSlice;
use std::rc::Rc;
use std::time::{Duration, Instant};

use http::{HeaderValue, Method, StatusCode};

use self::admission::{Admitted, Refusal, admit};
use self::body::IncomingBody;
pub(crate) use self::rules::Rules;
use self::writing::Writing;
use crate::access::cors;
use crate::body::FormLimits;
use crate::error::rejection::Rejection;
use crate::event_stream::Listener;
use crate::language::words::ServerWords;
use crate::log_line::{self, Indented};
use crate::request::Request;
use crate::response::Response;
use crate::response::error_page;
use crate::wire::encode::encode;
use crate::wire::head::{Head, HeadScanner, Verdict};

/// A response up to this size is in the peer's hands when it is written, or nearly. Of a longer one
/// much is still on its way, and would be lost if the peer sent something to a closed socket; so the
/// end of the connection is waited for.
const AT_ONCE: u64 = 128 << 10;

/// How long an event stream is silent before a comment finds out whether its client is still there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Bytes from the peer.
    Read,
    /// A response to the request that is ready.
    Answer,
    /// The peer to take bytes.
    Write,
    /// Events to write. Whatever the client sends meanwhile is discarded, but its end is noticed.
    Listen,
    /// Its sending side to be shut.
    EndWriting,
    /// To be reset: what the peer got is not all, and a plain end would say that it is.
    Reset,
    /// Nothing any more.
    Close,
}

/// How many slices were filled in, and whether nothing but the end follows them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filled {
    pub(crate) count: usize,
    pub(crate) is_last: bool,
}

#[derive(Debug)]
pub(crate) struct Conn {
    state: State,
    rules: Rc<Rules>,
    deadline: Option<Instant>,
    head_only: bool,
    /// The origin that the request came from, if the program trusts another than its own.
    trusted_origin: Option<Box<HeaderValue>>,
    /// Were bytes of the request left unread? Then closing at once could reset the connection
    /// before the peer has read its response.
    has_unread: bool,
    shuts_down: bool,
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
    Writing(Writing),
    Ending,
    /// Until the peer ends, or is too long about it: what it sends is thrown away.
    Lingering {
        drained: u64,
        until: Option<Instant>,
    },
    CutOff,
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
            head_only: false,
            trusted_origin: None,
            has_unread: false,
            shuts_down: false,
        }
    }

    pub(crate) fn want(&self) -> Want {
        match &self.state {
            State::Head { .. } | State::Lingering { .. } => Want::Read,
            State::Body { interim: [], .. } => Want::Read,
            State::Writing(writing) if writing.is_waiting() => Want::Listen,
            State::Writing(writing) if writing.is_overrun() => Want::Close,
            State::Body { .. } | State::Writing(_) => Want::Write,
            State::Ready(_) => Want::Answer,
            State::Ending => Want::EndWriting,
            State::CutOff => Want::Reset,
            State::Closed => Want::Close,
        }
    }

    /// When [`out_of_time`](Self::out_of_time) is to be called, if nothing happens before.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Is its request still to come, in part or in whole?
    pub(crate) fn is_receiving(&self) -> bool {
        matches!(self.state, State::Head { .. } | State::Body { .. })
    }

    /// May this connection be dropped in favour of a new one, because nobody waits for anything
    /// from it?
    pub(crate) fn is_expendable(&self) -> bool {
        self.is_receiving() || matches!(self.state, State::Lingering { .. })
    }

    /// The event stream that it writes.
    pub(crate) fn listener(&self) -> Option<&Listener> {
        match &self.state {
            State::Writing(writing) => writing.listener(),
            _ => None,
        }
    }

    pub(crate) fn is_event_stream(&self) -> bool {
        self.listener().is_some()
    }

    /// Does the server end after this response?
    pub(crate) fn shuts_down(&self) -> bool {
        self.shuts_down
    }

    /// Takes in bytes that the peer sent.
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
                    // A peer that goes on sending has not looked at its response yet.
                    let pause = now.checked_add(limits.linger);
                    self.deadline = pause.min(*until);
                }
            }
            State::Writing(writing) if writing.listener().is_some() => {}
            State::Ready(_) | State::Writing(_) | State::Ending => self.has_unread = true,
            State::CutOff | State::Closed => {}
        }
    }

    fn receive_head(&mut self, received: &[u8], now: Instant) {
        let State::Head { scanner, bytes } = &mut self.state else { return };
        if bytes.is_empty() {
            // Not per byte: a trickle does not extend it.
            self.deadline = now.checked_add(self.rules.limits.head_timeout);
        }
        // Most heads arrive whole and are read where they lie.
        let kept = std::mem::take(bytes);
        let whole = if kept.is_empty() {
            std::borrow::Cow::Borrowed(received)
        } else {
            let mut kept = kept;
            kept.extend_from_slice(received);
            std::borrow::Cow::Owned(kept)
        };
        match scanner.scan(&whole, &self.rules.limits) {
            Verdict::NeedMore => *bytes = whole.into_owned(),
            Verdict::Refused(rejection) => {
                *bytes = whole.into_owned();
                self.refuse(&rejection, now);
            }
            Verdict::Complete(head, end) => self.begin(*head, &whole[end..], now),
        }
    }

    /// The head is whole. If its request may come in, takes what is here of the body already.
    fn begin(&mut self, head: Head, rest: &[u8], now: Instant) {
        self.head_only = head.method == Method::HEAD;
        self.trusted_origin = self.rules.access.trusted_origin(&head.headers).map(Box::new);
        match admit(&self.rules, &head, self.trusted_origin.as_deref(), rest, now) {
            Ok(Admitted { length, most, overflow, interim, decoded }) => {
                let Head { method, target, headers, .. } = head;
                let limits = FormLimits::from(&self.rules.limits);
                let request = Box::new(Request::new(method, target, decoded, headers, limits));
                let mut body = IncomingBody::new(length, most, overflow);
                let received = body.receive(rest, &self.rules);
                let interim = if body.is_done() { &[][..] } else { interim };
                self.state = State::Body { request, body, interim };
                self.after_body(received, rest.len(), now);
            }
            Err(Refusal::Rejected(rejection)) => {
                let asked = Some((&head.method, &*head.target));
                log_line::unhandled(asked, rejection.status(), rejection.logged());
                self.respond_early(error_page::of_rejection(&rejection), now);
            }
            Err(Refusal::TurnedAway(page)) => {
                // Without the query, which may be a ticket.
                let path = head.target.split('?').next().unwrap_or_default();
                let why = "answered before the application";
                log_line::unhandled(Some((&head.method, path)), page.status(), why);
                self.respond_early(*page, now);
            }
        }
    }

    fn after_body(&mut self, received: Result<usize, Rejection>, given: usize, now: Instant) {
        if let Err(rejection) = received.and_then(|used| self.take_body(used < given, now)) {
            self.refuse(&rejection, now);
        }
    }

    /// Hands the body over once it is whole.
    fn take_body(&mut self, has_unread: bool, now: Instant) -> Result<(), Rejection> {
        self.has_unread |= has_unread;
        self.deadline = now.checked_add(self.rules.limits.body_timeout);
        if let State::Body { request, body, .. } = &mut self.state
            && body.is_done()
        {
            request.set_body(body.take(&self.rules)?);
            self.deadline = None;
            if let State::Body { request, .. } = std::mem::replace(&mut self.state, State::Closed) {
                self.state = State::Ready(request);
            }
        }
        Ok(())
    }

    /// The peer sends no more. What is whole is still answered.
    pub(crate) fn receive_end(&mut self, now: Instant) {
        match &self.state {
            State::Head { bytes, .. } if bytes.is_empty() => self.close(),
            State::Head { .. } | State::Body { .. } => {
                self.refuse(&Rejection::bad_request("The request was cut short."), now);
                // There is nothing left to drain.
                self.has_unread = false;
            }
            State::Lingering { .. } => self.close(),
            State::Writing(writing) if writing.listener().is_some() => self.close(),
            State::Ready(_) | State::Writing(_) | State::Ending => {}
            State::CutOff | State::Closed => {}
        }
    }

    /// Answers the request that is ready, with whatever `handler` makes of it.
    pub(crate) fn answer(&mut self, handler: impl FnOnce(&mut Request) -> Response) {
        if let State::Ready(mut request) = std::mem::replace(&mut self.state, State::Closed) {
            let response = handler(&mut request);
            self.shuts_down = response.shuts_down();
            // The deadline is set when the first bytes go out, because the handler took time.
            self.respond(response, None);
        }
    }

    fn refuse(&mut self, rejection: &Rejection, now: Instant) {
        let asked = match &self.state {
            State::Body { request, .. } => Some((request.method(), request.target())),
            State::Head { bytes, .. } => {
                // Also a HEAD that was not understood, or came too late, gets no body.
                self.head_only = bytes.trim_ascii_start().starts_with(b"HEAD ");
                None
            }
            _ => None,
        };
        log_line::unhandled(asked, rejection.status(), rejection.detail());
        self.respond_early(error_page::of_rejection(rejection), now);
    }

    /// Before the whole request was read, and perhaps before all of it was sent.
    fn respond_early(&mut self, response: Response, now: Instant) {
        self.has_unread = true;
        self.respond(response, Some(now));
    }

    fn respond(&mut self, mut response: Response, now: Option<Instant>) {
        if let Some(origin) = self.trusted_origin.take() {
            cors::share(&mut response, *origin);
        }
        let open_stream = response.is_event_stream().then(|| self.rules.open_stream());
        if let Some(Err(rejection)) = &open_stream {
            log::warn!(target: "solohttp", "{}", rejection.logged());
            response = error_page::of_rejection(rejection);
        }
        let open_stream = open_stream.and_then(Result::ok);
        self.state = State::Writing(Writing::new(encode(response, self.head_only), open_stream));
        self.deadline = now.and_then(|now| now.checked_add(self.rules.limits.write_timeout));
    }

    /// Fills in what is to be written next, about `most` bytes. No slice means that there was
    /// nothing left to write, or that the reader of a stream failed.
    pub(crate) fn output<'a>(&'a mut self, slices: &mut [IoSlice<'a>], most: usize) -> Filled {
        if let State::Writing(writing) = &mut self.state
            && let Err(error) = writing.refill()
        {
            log::error!(target: "solohttp", "a response's body broke off: {}", Indented(&error));
            // Where a length was told, a plain end shows that there is less; and it leaves what is
            // there to be had, for a download that is resumed.
            if writing.has_length() { self.close() } else { self.cut_off() }
        }
        match &self.state {
            State::Body { interim, .. } => {
                slices[0] = IoSlice::new(interim);
                Filled { count: 1, is_last: false }
            }
            State::Writing(writing) => writing.fill(most, slices),
            _ => Filled { count: 0, is_last: false },
        }
    }

    /// Is each further piece of the output read from a stream first? Then one piece is a fair
    /// share of a turn.
    pub(crate) fn is_streaming(&self) -> bool {
        matches!(&self.state, State::Writing(writing) if writing.is_streaming())
    }

    /// The peer took so many bytes of the output.
    pub(crate) fn sent(&mut self, count: usize, now: Instant) {
        match &mut self.state {
            State::Body { interim, .. } => *interim = &interim[count..],
            State::Writing(writing) => {
                writing.advance(count);
                if writing.is_waiting() {
                    self.deadline = now.checked_add(KEEP_ALIVE);
                } else if !writing.is_done() {
                    self.deadline = now.checked_add(self.rules.limits.write_timeout);
                } else if self.has_unread || writing.sent() > AT_ONCE {
                    self.state = State::Ending;
                } else {
                    self.close();
                }
            }
            _ => {}
        }
    }

    /// The socket would not take more: from here on the peer's patience is measured.
    ///
    /// The poller tells of room only when there is much of it, and a slow reader may make less than
    /// that for a long time. So time is up only if the socket still takes nothing then.
    pub(crate) fn blocked(&mut self, now: Instant) {
        match self.deadline {
            None => self.deadline = now.checked_add(self.rules.limits.write_timeout),
            Some(deadline) if deadline <= now => self.out_of_time(now),
            Some(_) => {}
        }
    }

    /// The sending side was shut.
    pub(crate) fn ended_writing(&mut self, now: Instant) {
        let until = now.checked_add(self.rules.limits.drain_timeout);
        self.state = State::Lingering { drained: 0, until };
        self.deadline = now.checked_add(self.rules.limits.linger).min(until);
    }

    /// The deadline has passed.
    pub(crate) fn out_of_time(&mut self, now: Instant) {
        match &mut self.state {
            State::Head { bytes, .. } if bytes.is_empty() => self.close(),
            State::Head { .. } | State::Body { .. } => {
                let status = StatusCode::REQUEST_TIMEOUT;
                let timeout = Rejection::say(status, |words: &ServerWords| &words.timeout, &[]);
                self.refuse(&timeout, now);
            }
            State::Writing(writing) if writing.is_waiting() => {
                writing.keep_alive();
                self.deadline = now.checked_add(self.rules.limits.write_timeout);
            }
            State::Writing(_) => self.cut_off(),
            _ => self.close(),
        }
    }

    fn close(&mut self) {
        self.state = State::Closed;
        self.deadline = None;
    }

    fn cut_off(&mut self) {
        self.state = State::CutOff;
        self.deadline = None;
    }
}

#[cfg(test)]
mod tests;
