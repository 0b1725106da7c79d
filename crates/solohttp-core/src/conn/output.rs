//! The writing half of a connection. Decides what to send next and what to do after that.

use std::io::{self, IoSlice};
use std::time::{Duration, Instant};

use super::writing::{Filled, Writing};
use super::{Conn, State};
use crate::access::cors;
use crate::log_line::Indented;
use crate::response::{Response, page};
use crate::wire::encode::encode;

/// After a response larger than this, the server waits for the client to close. A smaller response
/// is in the kernel's or the client's buffers as soon as it is written. Much of a larger response
/// is still in transit at that point, and would be lost if the client sent something to a closed
/// socket.
const LINGER_ABOVE: u64 = 128 << 10;

/// After this time without an event, an event stream sends a comment to check that the client is
/// still connected.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The log line for a body's reader that has failed. If the reader waits for its content, the line
/// says what to use instead.
fn read_error(error: &io::Error) -> String {
    let remedy = match error.kind() {
        io::ErrorKind::WouldBlock => {
            "; the reader of a `Response::stream` must have its bytes ready: send content that \
             arrives over time with an `EventChannel`, or stream a file once it is complete"
        }
        _ => "",
    };
    format!("error while reading a response body: {}{remedy}", Indented(error))
}

impl Conn {
    pub(super) fn write(&mut self, mut response: Response, now: Option<Instant>) {
        if let Some(origin) = self.trusted_origin.take() {
            cors::share(&mut response, *origin);
        }
        if let Some(end) = &self.rules.page_end
            && self.is_for_a_page
        {
            response = page::with_end(response, end);
        }
        self.state = State::Writing(Writing::new(encode(response, self.is_head)));
        self.deadline = now.and_then(|now| now.checked_add(self.rules.limits.write_timeout));
    }

    /// Fills `slices` with about `max` bytes of output. If no slices are filled, nothing is left to
    /// write or the body's reader has failed.
    pub(crate) fn output<'a>(&'a mut self, slices: &mut [IoSlice<'a>], max: usize) -> Filled {
        if let State::Writing(writing) = &mut self.state
            && let Err(error) = writing.refill()
        {
            log::error!(target: "solohttp", "{}", read_error(&error));
            // With a Content-Length, the client notices even after a normal close that bytes are
            // missing. It can then keep the received bytes and resume the download.
            if writing.has_length() { self.close() } else { self.abort() }
        }
        match &self.state {
            State::Body { interim, .. } => {
                slices[0] = IoSlice::new(interim);
                Filled { count: 1, is_last: false }
            }
            State::Writing(writing) => writing.fill(max, slices),
            _ => Filled { count: 0, is_last: false },
        }
    }

    /// Whether the rest of the output is read from a stream in chunks. If so, the event loop sends
    /// one chunk and then serves other connections.
    pub(crate) fn is_streaming(&self) -> bool {
        matches!(&self.state, State::Writing(writing) if writing.is_streaming())
    }

    /// Records that `count` bytes were written.
    pub(crate) fn sent(&mut self, count: usize, now: Instant) {
        match &mut self.state {
            State::Body { interim, .. } => *interim = &interim[count..],
            State::Writing(writing) => {
                writing.advance(count);
                if writing.is_waiting() {
                    self.deadline = now.checked_add(KEEP_ALIVE);
                } else if !writing.is_done() {
                    self.deadline = now.checked_add(self.rules.limits.write_timeout);
                } else if self.has_unread || writing.sent() > LINGER_ABOVE {
                    self.state = State::WriteDone;
                } else {
                    self.close();
                }
            }
            _ => {}
        }
    }

    /// Records that a write would block, which starts the write timeout.
    ///
    /// The poller reports a socket as writable only when much of its buffer is free, which can take
    /// a long time with a slow client. When the timeout has passed, the write is therefore tried
    /// again, and the connection expires only if the write still blocks.
    pub(crate) fn write_blocked(&mut self, now: Instant) {
        if self.event_stream().is_none() {
            self.transfer.get_or_insert_with(|| self.rules.transfers.add());
        }
        match self.deadline {
            None => self.deadline = now.checked_add(self.rules.limits.write_timeout),
            Some(deadline) if deadline <= now => self.time_out(now),
            Some(_) => {}
        }
    }

    /// Records that the sending side was shut down.
    pub(crate) fn write_shut_down(&mut self, now: Instant) {
        let until = now.checked_add(self.rules.limits.drain_timeout);
        self.state = State::Lingering { drained: 0, until };
        self.deadline = now.checked_add(self.rules.limits.linger).min(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_would_block_gets_an_alternative() {
        let line = read_error(&io::ErrorKind::WouldBlock.into());
        assert!(line.contains("`EventChannel`"), "{line}");
        let line = read_error(&io::ErrorKind::NotFound.into());
        assert!(!line.contains("EventChannel"), "{line}");
    }
}
