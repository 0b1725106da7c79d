//! One connection as a state machine: bytes in, bytes out, time as an argument.
//!
//! ```text
//! Reading head ─▶ reading body ─▶ Ready ─▶ (handler) ─▶ Writing ─▶ Lingering ─▶ Closed
//!        └────────────┴── refused ──────────────────────▲   └──── nothing unread ────▲
//! ```
//! Knows neither sockets nor clocks, so the whole protocol is tested without either. One request
//! and one response per connection: there is no way back from Writing to Reading.

mod body;
mod writing;

use std::io::IoSlice;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

use http::header::EXPECT;
use http::{Method, StatusCode};

use self::body::IncomingBody;
use self::writing::Writing;
use crate::access::Access;
use crate::body::{Allowances, FormLimits};
use crate::encode::encode;
use crate::error_page;
use crate::framing::body_length;
use crate::launch::Launch;
use crate::limits::Limits;
use crate::parse::{Head, HeadScanner, Verdict};
use crate::rejection::Rejection;
use crate::request::Request;
use crate::response::Response;

/// What a lingering connection is drained of at most, in bytes.
const LINGER: usize = 256 << 10;

/// What all connections of a server are held to.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) limits: Limits,
    pub(crate) access: Access,
    /// Who was let in, if that matters.
    pub(crate) launch: Option<Rc<Launch>>,
    pub(crate) allowances: Allowances,
    /// Where bodies go that are too large for memory.
    pub(crate) spool_folder: PathBuf,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            access: Access::default(),
            launch: None,
            allowances: Allowances::default(),
            spool_folder: std::env::temp_dir(),
        }
    }
}

/// What a connection waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Bytes from the peer.
    Read,
    /// A response to the request that is ready.
    Answer,
    /// The peer to take bytes.
    Write,
    /// Its sending side to be shut.
    EndWriting,
    /// Nothing any more.
    Close,
}

#[derive(Debug)]
pub(crate) struct Conn {
    state: State,
    rules: Rc<Rules>,
    deadline: Option<Instant>,
    head_only: bool,
    /// Were bytes of the request left unread? Then closing at once could reset the connection
    /// before the peer has read its response.
    has_unread: bool,
    shuts_down: bool,
}

#[derive(Debug)]
enum State {
    Head { scanner: HeadScanner, bytes: Vec<u8> },
    Body { request: Box<Request>, body: IncomingBody, interim: &'static [u8] },
    Ready(Box<Request>),
    Writing(Writing),
    Ending,
    Lingering { drained: usize },
    Closed,
}

impl Conn {
    pub(crate) fn new(rules: Rc<Rules>, now: Instant) -> Self {
        let deadline = now.checked_add(rules.limits.first_byte);
        let state = State::Head { scanner: HeadScanner::default(), bytes: Vec::new() };
        Self { state, rules, deadline, head_only: false, has_unread: false, shuts_down: false }
    }

    pub(crate) fn want(&self) -> Want {
        match &self.state {
            State::Head { .. } | State::Lingering { .. } => Want::Read,
            State::Body { interim: [], .. } => Want::Read,
            State::Body { .. } | State::Writing(_) => Want::Write,
            State::Ready(_) => Want::Answer,
            State::Ending => Want::EndWriting,
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
            State::Lingering { drained } => {
                *drained += bytes.len();
                if *drained > LINGER {
                    self.close();
                }
            }
            State::Ready(_) | State::Writing(_) | State::Ending => self.has_unread = true,
            State::Closed => {}
        }
    }

    fn receive_head(&mut self, received: &[u8], now: Instant) {
        let State::Head { scanner, bytes } = &mut self.state else { return };
        if bytes.is_empty() {
            // Not per byte: a trickle does not extend it.
            self.deadline = now.checked_add(self.rules.limits.head_time);
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
            Verdict::Refused(rejection) => self.refuse(&rejection, now),
            Verdict::Complete(head, end) => {
                if let Err(rejection) = self.begin(*head, &whole[end..], now) {
                    self.refuse(&rejection, now);
                }
            }
        }
    }

    /// The head is whole: who asks, how long is the body, and what is here of it already?
    fn begin(&mut self, head: Head, rest: &[u8], now: Instant) -> Result<(), Rejection> {
        self.head_only = head.method == Method::HEAD;
        self.rules.access.check(&head)?;
        if let Some(launch) = &self.rules.launch
            && !self.rules.access.is_public(&head)
            && let Some(page) = launch.turn_away(&head, now)
        {
            // Its body, if it has one, was not waited for.
            self.has_unread = true;
            self.respond(page, Some(now));
            return Ok(());
        }
        let most = self.rules.allowances.most(&head.target, self.rules.limits.body);
        let length = body_length(&head, most)?;
        let interim = interim_response(&head, rest)?;
        let limits = FormLimits::from(&self.rules.limits);
        let request = Request::new(head.method, head.target, head.headers, limits)?;
        let mut body = IncomingBody::new(length, most);
        let received = body.receive(rest, &self.rules);
        let interim = if body.is_done() { &[][..] } else { interim };
        self.state = State::Body { request: Box::new(request), body, interim };
        self.after_body(received, rest.len(), now);
        Ok(())
    }

    fn after_body(&mut self, received: Result<usize, Rejection>, given: usize, now: Instant) {
        let ready = received.and_then(|used| {
            self.has_unread |= used < given;
            self.deadline = now.checked_add(self.rules.limits.body_progress);
            self.state = match std::mem::replace(&mut self.state, State::Closed) {
                State::Body { mut request, body, .. } if body.is_done() => {
                    request.set_body(body.into_body(&self.rules)?);
                    self.deadline = None;
                    State::Ready(request)
                }
                state => state,
            };
            Ok(())
        });
        if let Err(rejection) = ready {
            self.refuse(&rejection, now);
        }
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
            State::Ready(_) | State::Writing(_) | State::Ending | State::Closed => {}
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
        log::warn!(target: "solohttp", "refused: {} {rejection}", rejection.status().as_u16());
        self.has_unread = true;
        self.respond(error_page::of_rejection(rejection), Some(now));
    }

    fn respond(&mut self, response: Response, now: Option<Instant>) {
        self.state = State::Writing(Writing::new(encode(response, self.head_only)));
        self.deadline = now.and_then(|now| now.checked_add(self.rules.limits.write_progress));
    }

    /// Fills in what is to be written next, about `most` bytes; returns how many slices that is.
    /// 0 means that there was nothing left to write, or that the reader of a stream failed.
    pub(crate) fn output<'a>(&'a mut self, slices: &mut [IoSlice<'a>], most: usize) -> usize {
        if let State::Writing(writing) = &mut self.state
            && let Err(error) = writing.refill()
        {
            log::error!(target: "solohttp", "a response's body broke off: {error}");
            self.close();
        }
        match &self.state {
            State::Body { interim, .. } => {
                slices[0] = IoSlice::new(interim);
                1
            }
            State::Writing(writing) => writing.fill(most, slices),
            _ => 0,
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
                if !writing.is_done() {
                    self.deadline = now.checked_add(self.rules.limits.write_progress);
                } else if self.has_unread {
                    self.state = State::Ending;
                } else {
                    self.close();
                }
            }
            _ => {}
        }
    }

    /// The socket would not take more: from here on the peer's patience is measured.
    pub(crate) fn blocked(&mut self, now: Instant) {
        if self.deadline.is_none() {
            self.deadline = now.checked_add(self.rules.limits.write_progress);
        }
    }

    /// The sending side was shut.
    pub(crate) fn ended_writing(&mut self, now: Instant) {
        self.state = State::Lingering { drained: 0 };
        self.deadline = now.checked_add(self.rules.limits.linger);
    }

    /// The deadline has passed.
    pub(crate) fn out_of_time(&mut self, now: Instant) {
        match &self.state {
            State::Head { bytes, .. } if bytes.is_empty() => self.close(),
            State::Head { .. } | State::Body { .. } => {
                let detail = "The request took too long to arrive.";
                self.refuse(&Rejection::new(StatusCode::REQUEST_TIMEOUT, detail), now);
            }
            _ => self.close(),
        }
    }

    fn close(&mut self) {
        self.state = State::Closed;
        self.deadline = None;
    }
}

/// What a client that waits for leave to send its body is told (RFC 9110 section 10.1.1). An
/// HTTP/1.0 client does not know interim responses, and one that has sent already waits for none.
fn interim_response(head: &Head, rest: &[u8]) -> Result<&'static [u8], Rejection> {
    match head.headers.get(EXPECT) {
        None => Ok(b""),
        Some(value) if value.as_bytes().eq_ignore_ascii_case(b"100-continue") => {
            let waits = head.is_http11 && rest.is_empty();
            Ok(if waits { b"HTTP/1.1 100 Continue\r\n\r\n" } else { b"" })
        }
        Some(_) => Err(Rejection::new(
            StatusCode::EXPECTATION_FAILED,
            "`100-continue` is the only expectation that the server understands.",
        )),
    }
}

#[cfg(test)]
mod tests;
