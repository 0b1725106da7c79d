//! The body of a response.

use std::io::Read;

use solohttp_iolist::IoList;

use crate::event_stream::EventStream;

pub(crate) enum Body {
    Pieces(IoList),
    Stream(Stream),
    Events(Box<dyn EventStream>),
}

/// A body that is read while it is sent.
pub(crate) struct Stream {
    pub(crate) reader: Box<dyn Read>,
    /// Remaining bytes; `None` if unknown, in which case closing the connection marks the end.
    pub(crate) len: Option<u64>,
}
