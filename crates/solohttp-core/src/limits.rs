//! The numbers a server holds its peers to, each with its reason.
//!
//! Knows nothing of sockets or parsing: the files that enforce a limit read it here.

use std::time::Duration;

/// What a peer may send, and how long it may take. Sizes are in bytes.
///
/// ```
/// let mut limits = solohttp_core::Limits::default();
/// limits.body = 64 << 20; // photographs are welcome
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The request line: longer is 414. RFC 9112 section 3 recommends at least 8,000.
    pub request_line: usize,
    /// The whole request head: longer is 431. Cookies of all ports of a host pile up in one
    /// field, because RFC 6265 section 8.5 does not isolate by port; 6 KB of them are common.
    pub head: usize,
    /// Header fields: more are 431.
    pub header_fields: usize,
    /// The body as declared or as received: longer is 413. For a part of the application alone:
    /// [`Server::body_limit_for`](crate::Server::body_limit_for).
    pub body: u64,
    /// Bytes of a body that are kept in memory; a longer one goes to a temporary file. Nearly all
    /// forms are far below, and writing a megabyte to a file costs less than sending it did.
    pub body_in_memory: usize,
    /// Fields of a query or a form: more are 400. Far beyond what pages have, because a form that
    /// was rendered must not be refused when it is sent; reading takes time in proportion. Bounds
    /// the memory that a small body can cost (werkzeug's CVE-2023-25577).
    pub form_fields: usize,
    /// Parts of a multi-part form, fields and uploads together: more are 400. Bounds the memory
    /// that a small body can cost (Go's CVE-2023-24536).
    pub form_parts: usize,
    /// Bytes of all text fields of a form together: more are 413. They are held in memory however
    /// large a body may be, while uploads are not.
    pub form_text: usize,
    /// Open connections. When they are used up, the longest idle one goes first. Fewer are kept
    /// when the operating system gives fewer descriptors.
    pub connections: usize,
    /// Event streams that are open at a time: one more is a 503. See
    /// [`EventChannel`](crate::EventChannel).
    pub streams: usize,
    /// From accept to the first byte. Browsers open spare connections and may never use them.
    pub first_byte_timeout: Duration,
    /// From the first byte to the end of the head, in all: a trickle does not extend it.
    pub head_timeout: Duration,
    /// The longest pause while a body is received.
    pub body_timeout: Duration,
    /// The longest pause while the peer does not take what is written.
    pub write_timeout: Duration,
    /// Bytes that are received and discarded of a request that is too large or was refused: many
    /// clients, Firefox among them, send all of a request before they read the response, and a
    /// reset would destroy it (RFC 9112 section 9.6). A multi-part form is received up to this
    /// size to be shown again without the files that are too large.
    pub drain: u64,
    /// How long bytes are discarded after the response, in all.
    pub drain_timeout: Duration,
    /// The longest pause while bytes are discarded after the response.
    pub linger: Duration,
    /// A handler that takes longer is told in the log, by its request, while it still runs. It is
    /// not ended: it has the one thread, and everybody waits for it.
    pub slow_handler: Duration,
    /// How long running responses may take to end after the server was told to stop.
    pub shut_down: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_line: 16 << 10,
            head: 64 << 10,
            header_fields: 200,
            body: 16 << 20,
            body_in_memory: 1 << 20,
            form_fields: 250_000,
            form_parts: 250_000,
            form_text: 16 << 20,
            connections: 1_024,
            streams: 256,
            first_byte_timeout: Duration::from_secs(10),
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            drain: 16 << 30,
            drain_timeout: Duration::from_secs(600),
            linger: Duration::from_secs(2),
            slow_handler: Duration::from_secs(5),
            shut_down: Duration::from_secs(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers that the documentation promises; whoever changes one changes it there too.
    #[test]
    fn the_defaults_are_the_documented_ones() {
        let Limits {
            request_line,
            head,
            header_fields,
            body,
            body_in_memory,
            form_fields,
            form_parts,
            form_text,
            connections,
            streams,
            first_byte_timeout,
            head_timeout,
            body_timeout,
            write_timeout,
            drain,
            drain_timeout,
            linger,
            slow_handler,
            shut_down,
        } = Limits::default();
        assert_eq!((request_line, head, header_fields), (16_384, 65_536, 200));
        assert_eq!((body, body_in_memory, form_text), (16 << 20, 1 << 20, 16 << 20));
        assert_eq!((form_fields, form_parts), (250_000, 250_000));
        assert_eq!((connections, streams), (1_024, 256));
        let times = [first_byte_timeout, head_timeout, body_timeout, write_timeout, slow_handler];
        assert_eq!(times.map(|time| time.as_secs()), [10, 10, 10, 10, 5]);
        assert_eq!((drain, drain_timeout.as_secs()), (16 << 30, 600));
        assert_eq!([linger, shut_down].map(|time| time.as_secs()), [2, 2]);
    }
}
