//! A response that is being written. The pieces in memory come first, then the chunks of a stream.

use std::io::{self, IoSlice, Read as _};

use solohttp_iolist::{Cursor, IoList};

use crate::event_stream::EventStream;
use crate::handler::catch_panic;
use crate::response::Stream;
use crate::wire::encode::Encoded;

/// Maximum number of bytes read from a stream at a time. Chunks of this size are as fast as
/// sendfile on loopback, and they limit the memory held for a client that doesn't read.
const CHUNK: u64 = 64 << 10;

/// The first read is smaller, so that many simultaneous downloads of large files delay other
/// requests less.
const FIRST_CHUNK: u64 = 16 << 10;

#[derive(Debug)]
pub(super) struct Writing {
    pieces: Cursor,
    stream: Option<Streaming>,
    events: Option<Box<dyn EventStream>>,
    sent: u64,
}

/// The number of slices filled, and whether they contain the end of the response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filled {
    pub(crate) count: usize,
    pub(crate) is_last: bool,
}

struct Streaming {
    stream: Stream,
    /// Size of the next read.
    next: u64,
    chunk: Vec<u8>,
    /// The number of bytes in `chunk` that were read from the stream. `sent` counts those that
    /// were sent.
    filled: usize,
    sent: usize,
    is_at_end: bool,
}

impl Writing {
    pub(super) fn new(encoded: Encoded) -> Self {
        let stream = encoded.stream.map(|stream| Streaming {
            is_at_end: stream.len == Some(0),
            stream,
            next: FIRST_CHUNK,
            chunk: Vec::new(),
            filled: 0,
            sent: 0,
        });
        Self { pieces: encoded.bytes.cursor(), stream, events: encoded.events, sent: 0 }
    }

    pub(super) fn event_stream(&self) -> Option<&dyn EventStream> {
        self.events.as_deref()
    }

    /// Whether this is an event stream that has sent all events published so far.
    pub(super) fn is_waiting(&self) -> bool {
        let is_drained = |events: &dyn EventStream| !events.has_events() && !events.is_closed();
        self.pieces.is_done() && self.event_stream().is_some_and(is_drained)
    }

    /// Whether this is an event stream that must end. It may end in the middle of an event, because
    /// the client drops an incomplete event.
    pub(super) fn is_closed(&self) -> bool {
        self.event_stream().is_some_and(|events| events.is_closed())
    }

    /// Queues a comment (WHATWG HTML section 9.2.7).
    pub(super) fn queue_comment(&mut self) {
        self.pieces = IoList::from(":\n\n").cursor();
    }

    /// Reads the next chunk once everything before it is sent.
    ///
    /// Fails if the reader ends before the promised length, because padding would corrupt the
    /// response.
    pub(super) fn refill(&mut self) -> io::Result<()> {
        if self.pieces.is_done()
            && let Some(events) = self.event_stream()
        {
            self.pieces = events.take().cursor();
            return Ok(());
        }
        match &mut self.stream {
            Some(stream) if self.pieces.is_done() && !stream.is_at_end => stream.refill(),
            _ => Ok(()),
        }
    }

    /// Whether the response has a Content-Length.
    pub(super) fn has_length(&self) -> bool {
        self.stream.as_ref().is_none_or(|stream| stream.stream.len.is_some())
    }

    pub(super) fn is_streaming(&self) -> bool {
        self.stream.is_some() && self.pieces.is_done()
    }

    pub(super) fn fill<'a>(&'a self, max: usize, slices: &mut [IoSlice<'a>]) -> Filled {
        if !self.pieces.is_done() {
            let count = self.pieces.fill_up_to(max, slices);
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

    /// Returns the number of bytes written so far.
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
    /// Reads only once per call, so that a reader that returns only a few bytes at a time doesn't
    /// block the event loop for longer.
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
                "the reader ended before its announced length",
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
            let read = catch_panic::catch_unwind(|| reader.read(chunk)).unwrap_or_else(|panic| {
                Err(io::Error::other(format!("the reader panicked: {panic}")))
            });
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A faulty reader may return more than the buffer holds.
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
