//! A response on its way out: the pieces in memory first, then what a reader gives.

use std::io::{self, IoSlice, Read as _};

use solohttp_iolist::{Cursor, IoList};

use super::Filled;
use super::rules::OpenStream;
use crate::event_stream::Listener;
use crate::handler::catch_panic;
use crate::response::Stream;
use crate::wire::encode::Encoded;

/// What is read from a stream at a time. As fast as sendfile on loopback, and it bounds what a
/// peer that does not read can hold.
const CHUNK: u64 = 64 << 10;

/// What is read first: a crowd that asks for large files at once delays nobody else by more.
const FIRST_CHUNK: u64 = 16 << 10;

#[derive(Debug)]
pub(super) struct Writing {
    pieces: Cursor,
    stream: Option<Streaming>,
    /// Boxed, so that all other responses are no larger for it.
    events: Option<Box<(Listener, Option<OpenStream>)>>,
    sent: u64,
}

struct Streaming {
    stream: Stream,
    /// How much is read next.
    next: u64,
    chunk: Vec<u8>,
    /// How much of the chunk was read, and how much of that is sent.
    filled: usize,
    sent: usize,
    is_at_end: bool,
}

impl Writing {
    pub(super) fn new(encoded: Encoded, open_stream: Option<OpenStream>) -> Self {
        let stream = encoded.stream.map(|stream| Streaming {
            is_at_end: stream.len == Some(0),
            stream,
            next: FIRST_CHUNK,
            chunk: Vec::new(),
            filled: 0,
            sent: 0,
        });
        let events = encoded.events.map(|listener| Box::new((listener, open_stream)));
        Self { pieces: encoded.bytes.cursor(), stream, events, sent: 0 }
    }

    pub(super) fn listener(&self) -> Option<&Listener> {
        self.events.as_deref().map(|(listener, _)| listener)
    }

    /// Whether all events are written that were published.
    pub(super) fn is_waiting(&self) -> bool {
        let nothing_new = |listener: &Listener| !listener.has_events() && !listener.is_closed();
        self.pieces.is_done() && self.listener().is_some_and(nothing_new)
    }

    /// Whether its event stream ends here, perhaps in the middle of an event, which the client
    /// then drops.
    pub(super) fn is_overrun(&self) -> bool {
        self.listener().is_some_and(Listener::is_closed)
    }

    /// Queues a comment (WHATWG HTML section 9.2.7).
    pub(super) fn keep_alive(&mut self) {
        self.pieces = IoList::from(":\n\n").cursor();
    }

    /// Reads the next chunk when all before it is sent.
    ///
    /// A reader that ends before the length it promised is an error: the connection is closed
    /// early then, because filling up would be a lie.
    pub(super) fn refill(&mut self) -> io::Result<()> {
        if self.pieces.is_done()
            && let Some(listener) = self.listener()
        {
            self.pieces = listener.take().into_iter().collect::<IoList>().cursor();
            return Ok(());
        }
        match &mut self.stream {
            Some(stream) if self.pieces.is_done() && !stream.is_at_end => stream.refill(),
            _ => Ok(()),
        }
    }

    /// Was the peer told how much to expect?
    pub(super) fn has_length(&self) -> bool {
        self.stream.as_ref().is_none_or(|stream| stream.stream.len.is_some())
    }

    pub(super) fn is_streaming(&self) -> bool {
        self.stream.is_some() && self.pieces.is_done()
    }

    pub(super) fn fill<'a>(&'a self, most: usize, slices: &mut [IoSlice<'a>]) -> Filled {
        if !self.pieces.is_done() {
            let count = self.pieces.fill_up_to(most, slices);
            let filled: usize = slices[..count].iter().map(|slice| slice.len()).sum();
            let is_last = filled == self.pieces.remaining()
                && self.events.is_none()
                && self.stream.as_ref().is_none_or(|stream| stream.is_at_end);
            return Filled { count, is_last };
        }
        match &self.stream {
            Some(stream) if stream.sent < stream.filled => {
                slices[0] = IoSlice::new(&stream.chunk[stream.sent..stream.filled]);
                Filled { count: 1, is_last: stream.is_at_end }
            }
            _ => Filled { count: 0, is_last: false },
        }
    }

    /// Bytes that were written so far.
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    pub(super) fn advance(&mut self, count: usize) {
        self.sent += u64::try_from(count).expect("a length fits in 64 bits");
        if !self.pieces.is_done() {
            self.pieces.advance(count);
        } else if let Some(stream) = &mut self.stream {
            stream.sent += count;
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.pieces.is_done()
            && self.events.is_none()
            && self
                .stream
                .as_ref()
                .is_none_or(|stream| stream.is_at_end && stream.sent == stream.filled)
    }
}

impl Streaming {
    /// One read, of whatever is there: a reader that gives little at a time is not waited for
    /// longer than it takes to give something.
    fn refill(&mut self) -> io::Result<()> {
        if self.sent < self.filled {
            return Ok(());
        }
        let want = self.stream.len.map_or(self.next, |left| left.min(self.next));
        let want = usize::try_from(want).expect("64 KiB fit in any usize");
        self.next = CHUNK;
        if self.chunk.len() < want {
            self.chunk.resize(want, 0);
        }
        self.sent = 0;
        self.filled = self.read(want)?;
        match &mut self.stream.len {
            Some(_) if self.filled == 0 => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the reader ended before the length it was said to have",
            )),
            Some(left) => {
                *left -= u64::try_from(self.filled).expect("a length fits in 64 bits");
                self.is_at_end = *left == 0;
                Ok(())
            }
            None => {
                self.is_at_end = self.filled == 0;
                Ok(())
            }
        }
    }

    fn read(&mut self, want: usize) -> io::Result<usize> {
        let reader = &mut self.stream.reader;
        let chunk = &mut self.chunk[..want];
        loop {
            let read = catch_panic::catch(|| reader.read(chunk)).unwrap_or_else(|panic| {
                Err(io::Error::other(format!("its reader panicked: {panic}")))
            });
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A reader that claims more than it was given room for is wrong, not trusted.
                read => return read.map(|count| count.min(want)),
            }
        }
    }
}

impl std::fmt::Debug for Streaming {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streaming").field("left", &self.stream.len).finish_non_exhaustive()
    }
}
