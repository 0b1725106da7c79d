//! A handler's response: status, header fields and body.
//!
//! A response doesn't depend on sockets. `encode` serializes it, and `conn` sends it.

mod body;
pub(crate) mod error_page;
pub(crate) mod headline;
pub(crate) mod into_response;
pub(crate) mod notice;
pub(crate) mod page;
pub(crate) mod stale_pages;

use std::fmt;
use std::io::{self, Read};

use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use percent_encoding::AsciiSet;
use solohttp_iolist::IoList;

pub(crate) use self::body::{Body, Stream};
pub use self::into_response::IntoResponse;

use crate::error::Failure;
use crate::event_stream::EventStream;
use crate::headers::ResponseHeaders;

/// A response. Defaults to 200 and HTML in UTF-8.
///
/// When a response is sent, the server adds missing header fields: an exact `Content-Length`,
/// `Date`, `Connection: close`, and fields that forbid MIME sniffing and framing by other sites.
pub struct Response {
    status: StatusCode,
    headers: ResponseHeaders,
    body: Body,
    shut_down: bool,
    failure: Option<Box<Failure>>,
    notice: Option<IoList>,
    when_final: Vec<Box<dyn FnOnce()>>,
}

/// Characters that are not allowed in a URI (RFC 3986 appendix A), except control characters, which
/// are an error. Browsers treat a backslash as a slash, so `/\example.org` would lead to another
/// host.
const NO_URL: &AsciiSet = &AsciiSet::EMPTY
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

impl Response {
    /// An HTML page with status 200.
    pub fn html(body: impl Into<IoList>) -> Self {
        Self::of_type("text/html; charset=utf-8", body.into())
    }

    /// Plain text with status 200.
    ///
    /// ```
    /// use solohttp_core::{Response, iolist};
    /// let response = Response::text(iolist!["5 + 7 = ", 5 + 7]);
    /// assert_eq!(response.into_text(), "5 + 7 = 12");
    /// ```
    pub fn text(body: impl Into<IoList>) -> Self {
        Self::of_type("text/plain; charset=utf-8", body.into())
    }

    /// A body of any media type, such as `image/png`, with status 200.
    ///
    /// An invalid type results in an error page, as with [`with_header`](Self::with_header).
    #[track_caller]
    pub fn bytes<V>(content_type: V, body: impl Into<IoList>) -> Self
    where
        V: TryInto<HeaderValue, Error: Into<http::Error>>,
    {
        let mut response = Self::empty(StatusCode::OK);
        response.body = Body::Pieces(body.into());
        response.with_header(header::CONTENT_TYPE, content_type)
    }

    fn of_type(content_type: &'static str, body: IoList) -> Self {
        let mut response = Self::empty(StatusCode::OK);
        response.headers = ResponseHeaders::of_type(content_type);
        response.body = Body::Pieces(body);
        response
    }

    /// A response without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: ResponseHeaders::default(),
            body: Body::Pieces(IoList::new()),
            shut_down: false,
            failure: None,
            notice: None,
            when_final: Vec::new(),
        }
    }

    /// 303 See Other: the browser requests `url` with GET, even after a form POST (RFC 9110 section
    /// 15.4.4).
    ///
    /// Non-ASCII text, spaces and other characters that aren't allowed in a URL are
    /// percent-encoded. A control character in `url`, which could forge header fields, results in
    /// an error page.
    pub fn redirect(url: impl fmt::Display) -> Self {
        Self::redirect_by(StatusCode::SEE_OTHER, &url.to_string())
    }

    /// 308 Permanent Redirect: the browser repeats the request at `url` with the same method and
    /// body.
    pub fn redirect_permanent(url: impl fmt::Display) -> Self {
        Self::redirect_by(StatusCode::PERMANENT_REDIRECT, &url.to_string())
    }

    #[track_caller]
    fn redirect_by(status: StatusCode, url: &str) -> Self {
        let encoded = percent_encoding::utf8_percent_encode(url, NO_URL).to_string();
        Self::empty(status).with_header(header::LOCATION, encoded)
    }

    /// A body of `len` bytes that is read while it is sent, for content too large for memory.
    ///
    /// The reader must have its bytes ready, as a file has. A reader that blocks delays all other
    /// requests. If it fails, even with [`WouldBlock`](io::ErrorKind::WouldBlock), or reaches end of
    /// file too early, the connection is closed early, so that the client notices the incomplete
    /// body. Send content that is produced over time with an [`EventChannel`](crate::EventChannel).
    pub fn stream(content_type: &'static str, reader: impl Read + 'static, len: u64) -> Self {
        let mut response = Self::bytes(content_type, IoList::new());
        response.body = Body::Stream(Stream { reader: Box::new(reader), len: Some(len) });
        response
    }

    /// A body of unknown length, read until the reader reaches end of file. The rules for the reader
    /// are the same as for [`stream`](Self::stream).
    ///
    /// HTTP/1.0 marks the end of such a body by closing the connection (RFC 1945 section 7.2.2).
    /// Prefer [`stream`](Self::stream) if the length is known, so that clients can detect failures.
    pub fn stream_to_end(content_type: &'static str, reader: impl Read + 'static) -> Self {
        let mut response = Self::bytes(content_type, IoList::new());
        response.body = Body::Stream(Stream { reader: Box::new(reader), len: None });
        response
    }

    /// Sets the status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets a header field and removes others of the same name.
    ///
    /// A control character in the value, which could forge header fields, results in an error page.
    #[must_use]
    #[track_caller]
    pub fn with_header<V>(mut self, name: HeaderName, value: V) -> Self
    where
        V: TryInto<HeaderValue, Error: Into<http::Error>>,
    {
        match value.try_into() {
            // `HeaderValue` allows a tab, as RFC 9110 section 5.5 does. But browsers drop it from
            // `Location`, so `/\t/example.org` would lead to another host.
            Ok(value) if value.as_bytes().contains(&b'\t') => {
                let failure = Failure::from("the value contains a tab");
                Self::failed(failure.within(format!("header field `{name}`")))
            }
            Ok(value) => {
                self.headers.map_mut().insert(name, value);
                self
            }
            Err(error) => {
                let error: http::Error = error.into();
                Self::failed(Failure::from(error).within(format!("header field `{name}`")))
            }
        }
    }

    /// Shuts the server down once this response has been delivered.
    ///
    /// ```
    /// use solohttp_core::Response;
    /// fn quit() -> Response {
    ///     Response::html("Goodbye.").and_shut_down()
    /// }
    /// # assert!(quit().shuts_down());
    /// ```
    #[must_use]
    pub fn and_shut_down(mut self) -> Self {
        self.shut_down = true;
        self
    }

    /// Runs `then` once this response is certain to be sent.
    ///
    /// If a wrapper around the handler replaces the response, for example because a transaction
    /// failed to commit, `then` never runs.
    ///
    /// ```
    /// use std::{cell::Cell, rc::Rc};
    /// use solohttp_core::{Request, Response};
    ///
    /// let saved = Rc::new(Cell::new(0));
    /// let count = Rc::clone(&saved);
    /// let page = move || {
    ///     let count = Rc::clone(&count);
    ///     Response::text("Saved.").when_final(move || count.set(count.get() + 1))
    /// };
    /// Request::get("/").send_to(page);
    /// assert_eq!(saved.get(), 1);
    /// ```
    #[must_use]
    pub fn when_final(mut self, then: impl FnOnce() + 'static) -> Self {
        self.when_final.push(Box::new(then));
        self
    }

    /// Inserts HTML at the top of the page, even if that page is one of the server's error pages.
    ///
    /// Applies only to complete, in-memory HTML pages. Streams and other media types are left
    /// alone, and so are responses to requests made by a page's scripts or elements (if the browser
    /// sends Fetch Metadata).
    ///
    /// ```
    /// use solohttp_core::{Request, Response};
    ///
    /// let page = || Response::html("<body><h1>Stock</h1>").with_notice("<p>Disk is full.</p>");
    /// let shown = Request::get("/").send_to(page).into_text();
    /// assert_eq!(shown, "<body><p>Disk is full.</p><h1>Stock</h1>");
    /// ```
    #[must_use]
    pub fn with_notice(mut self, html: impl Into<IoList>) -> Self {
        self.notice.get_or_insert_default().push(html.into());
        self
    }

    pub(crate) fn take_notice(&mut self) -> Option<IoList> {
        self.notice.take()
    }

    /// Maps the body if it is in memory.
    pub(crate) fn map_pieces(mut self, change: impl FnOnce(IoList) -> IoList) -> Self {
        self.body = match self.body {
            Body::Pieces(list) => Body::Pieces(change(list)),
            other @ (Body::Stream(_) | Body::Events(_)) => other,
        };
        self
    }

    pub(crate) fn take_when_final(&mut self) -> Vec<Box<dyn FnOnce()>> {
        std::mem::take(&mut self.when_final)
    }

    /// Creates the error page for a failure, with its causes and location.
    ///
    /// The page is created when the response is sent, since it names the request.
    #[must_use]
    pub fn failed(failure: Failure) -> Self {
        let mut response = Self::empty(failure.status());
        response.failure = Some(Box::new(failure));
        response
    }

    /// The failure of an error response.
    ///
    /// A wrapper around another handler can inspect it and respond differently.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_deref()
    }

    /// Maps the failure of an error response, for example to add context.
    ///
    /// ```
    /// use solohttp_core::{Failure, Response};
    /// let response = Response::failed(Failure::from("no more paper"));
    /// let response = response.map_failure(|failure| failure.within("printing page 3"));
    /// assert_eq!(response.failure().and_then(Failure::context), Some("printing page 3"));
    /// ```
    #[must_use]
    pub fn map_failure(mut self, change: impl FnOnce(Failure) -> Failure) -> Self {
        self.failure = self.failure.map(|failure| Box::new(change(*failure)));
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The header fields set so far.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.headers.map()
    }

    /// The header fields, without building a map.
    pub(crate) fn lazy_headers(&self) -> &ResponseHeaders {
        &self.headers
    }

    /// Mutable access to the header fields, for example to add a field more than once.
    ///
    /// ```
    /// use solohttp_core::{HeaderValue, Response, header::SET_COOKIE};
    ///
    /// let mut response = Response::html("Welcome.");
    /// for cookie in ["a=1", "b=2"] {
    ///     response.headers_mut().append(SET_COOKIE, HeaderValue::from_static(cookie));
    /// }
    /// assert_eq!(response.headers().get_all(SET_COOKIE).iter().count(), 2);
    /// ```
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.headers.map_mut()
    }

    /// The first value of a header field, if it is visible ASCII. Names are case-insensitive.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers().get(name)?.to_str().ok()
    }

    /// Whether the server shuts down after this response.
    #[must_use]
    pub fn shuts_down(&self) -> bool {
        self.shut_down
    }

    /// Returns the whole body, for tests and wrappers around other handlers.
    ///
    /// # Errors
    /// Returns the reader's error if the body is a stream.
    pub fn into_bytes(self) -> io::Result<Vec<u8>> {
        match self.body {
            Body::Pieces(list) => Ok(list.into_bytes()),
            Body::Stream(Stream { mut reader, len }) => {
                let mut bytes = Vec::new();
                reader.by_ref().take(len.unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            Body::Events(events) => Ok(events.take().into_bytes()),
        }
    }

    /// Returns the whole body as text, for tests. Invalid UTF-8 becomes `U+FFFD`.
    ///
    /// # Panics
    /// If the body is a stream whose reader fails.
    #[must_use]
    pub fn into_text(self) -> String {
        let bytes =
            self.into_bytes().unwrap_or_else(|error| panic!("cannot read the body: {error}"));
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// See [`EventChannel::stream`](crate::EventChannel::stream).
    pub(crate) fn with_events(self, events: Box<dyn EventStream>) -> Self {
        Self { body: Body::Events(events), ..self }
    }

    pub(crate) fn events_mut(&mut self) -> Option<&mut Box<dyn EventStream>> {
        if let Body::Events(events) = &mut self.body { Some(events) } else { None }
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    pub(crate) fn into_body(self) -> Body {
        self.body
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Response");
        shown.field("status", &self.status).field("headers", self.headers());
        match &self.body {
            Body::Pieces(list) => shown.field("body", list),
            Body::Stream(Stream { len, .. }) => shown.field("stream", len),
            Body::Events(events) => shown.field("events", events),
        };
        shown.field("shut_down", &self.shut_down).field("failure", &self.failure).finish()
    }
}
