//! The size and time limits of a server, each with the reason for it.
//!
//! The modules that enforce a limit read it from here.

use std::time::Duration;

/// Size and time limits. Sizes are in bytes.
///
/// ```
/// let mut limits = solohttp_core::Limits::default();
/// limits.body = 64 << 20; // large photos
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Maximum size of the request line. A longer one gets a 414. RFC 9112 section 3 recommends at
    /// least 8,000.
    pub request_line: usize,
    /// Maximum size of the request head. A larger one gets a 431. A browser sends the cookies for
    /// all ports of a host in one field (RFC 6265 section 8.5). On localhost, 6 KB is common.
    pub head: usize,
    /// Maximum number of header fields. Requests with more get a 431.
    pub header_fields: usize,
    /// Maximum size of the body. A larger one gets a 413. To change the limit for part of the
    /// application, use [`Server::body_limit_for`](crate::Server::body_limit_for).
    pub body: u64,
    /// Maximum size of a body kept in memory. A larger one goes to a temporary file. Nearly all
    /// forms are far smaller, and writing a megabyte to a file costs less than receiving it.
    pub body_in_memory: usize,
    /// Maximum number of fields in a query or form. Requests with more get a 400. This bounds the
    /// memory that a small body can use (werkzeug's CVE-2023-25577). The default is far more than
    /// any page has, because a form that was rendered must be accepted when it is submitted.
    pub form_fields: usize,
    /// Maximum number of parts in a multipart form, counting fields and uploads. Forms with more
    /// get a 400. This bounds the memory that a small body can use (Go's CVE-2023-24536).
    pub form_parts: usize,
    /// Maximum total size of a form's text fields, and of a JSON document. A form with more text gets
    /// a 413. Unlike uploads, text fields and JSON are held in memory.
    pub form_text: usize,
    /// Maximum number of open connections. At the limit, the connection that has been idle longest
    /// is dropped. The limit is lower while the operating system is out of file descriptors.
    pub connections: usize,
    /// Maximum number of open event streams. At the limit, browsers try again every ten seconds,
    /// and other clients get a 503. See [`EventChannel`](crate::EventChannel).
    pub streams: usize,
    /// Maximum time from accepting a connection to its first byte. Browsers open spare connections
    /// and may never use them.
    pub first_byte_timeout: Duration,
    /// Maximum total time from the first byte to the end of the head.
    pub head_timeout: Duration,
    /// Longest pause while receiving a body.
    pub body_timeout: Duration,
    /// Longest time a write may be blocked because the client isn't reading.
    pub write_timeout: Duration,
    /// Maximum number of bytes to receive and discard if a request was rejected or is too large.
    /// Many clients, such as Firefox, send the whole request before they read the response, and a
    /// reset would destroy the response (RFC 9112 section 9.6). A multipart form up to this size
    /// can be shown to the user again, without the files that were too large.
    pub drain: u64,
    /// How long to keep reading after the response if the client is still sending.
    pub drain_timeout: Duration,
    /// Longest pause while discarding bytes after the response.
    pub linger: Duration,
    /// How long a handler may run before a warning that names the request is logged. The handler
    /// isn't interrupted, and all other requests wait for it.
    pub slow_handler: Duration,
    /// How long responses in progress may take to finish when the server stops.
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

    /// The documentation repeats these numbers.
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
