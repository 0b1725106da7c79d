//! What a handler answers: status, header fields and body.
//!
//! Knows nothing of sockets; `encode` writes it, `conn` sends it.

pub(crate) mod error_page;
pub(crate) mod headline;
pub(crate) mod into_response;
pub(crate) mod notice;
pub(crate) mod stale_pages;

use std::fmt;
use std::io::{self, Read};

use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use percent_encoding::AsciiSet;
use solohttp_iolist::IoList;

pub use self::into_response::IntoResponse;

use crate::error::Failure;

/// A response: 200 and HTML in UTF-8 unless said otherwise.
///
/// Header fields that it does not set get sound defaults when it is sent: exact
/// `Content-Length`, `Date`, `Connection: close`, no sniffing, no framing by others.
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    shut_down: bool,
    failure: Option<Box<Failure>>,
    notice: Option<IoList>,
    when_final: Vec<Box<dyn FnOnce()>>,
}

/// What no URI holds as it is (RFC 3986 appendix A), but for controls, which are an error. Browsers
/// take a backslash for a slash, so that `/\example.org` would be another host.
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

/// The body of a response.
pub(crate) enum Body {
    Pieces(IoList),
    Stream(Stream),
}

/// Bytes that are pulled in pieces while the peer takes them.
pub(crate) struct Stream {
    pub(crate) reader: Box<dyn Read>,
    /// Bytes still to come; `None`: until the reader ends, and the connection's end tells it.
    pub(crate) len: Option<u64>,
}

impl Response {
    /// 200, HTML.
    pub fn html(body: impl Into<IoList>) -> Self {
        Self::of_type("text/html; charset=utf-8", body.into())
    }

    /// 200, plain text.
    ///
    /// ```
    /// use solohttp_core::{Response, iolist};
    /// let response = Response::text(iolist!["5 + 7 = ", 5 + 7]);
    /// assert_eq!(response.into_text(), "5 + 7 = 12");
    /// ```
    pub fn text(body: impl Into<IoList>) -> Self {
        Self::of_type("text/plain; charset=utf-8", body.into())
    }

    /// 200 and any type, for example `image/png`, also one that is kept in a database.
    ///
    /// A type with a control character in it makes an error page, as in
    /// [`with_header`](Self::with_header).
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
        response.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.body = Body::Pieces(body);
        response
    }

    /// A response without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Body::Pieces(IoList::new()),
            shut_down: false,
            failure: None,
            notice: None,
            when_final: Vec::new(),
        }
    }

    /// 303 See Other: the browser asks for `url` by GET, also after a form was posted
    /// (RFC 9110 section 15.4.4).
    ///
    /// Text beyond ASCII, blanks and what else no URL holds are percent-encoded. A control character in `url` would forge header
    /// fields: such a redirect becomes an error page.
    pub fn redirect(url: impl fmt::Display) -> Self {
        Self::redirect_by(StatusCode::SEE_OTHER, &url.to_string())
    }

    /// 308 Permanent Redirect: the same method and body again, at `url`, from now on.
    pub fn redirect_permanent(url: impl fmt::Display) -> Self {
        Self::redirect_by(StatusCode::PERMANENT_REDIRECT, &url.to_string())
    }

    #[track_caller]
    fn redirect_by(status: StatusCode, url: &str) -> Self {
        let encoded = percent_encoding::utf8_percent_encode(url, NO_URL).to_string();
        Self::empty(status).with_header(header::LOCATION, encoded)
    }

    /// A body that is read while the peer takes it, `len` bytes long.
    ///
    /// Use it for what is too large to hold; the reader must not block for long, because nobody
    /// else is served meanwhile. If the reader ends early or fails, the connection is closed
    /// early, so that the peer sees the body to be incomplete.
    pub fn stream(content_type: &'static str, reader: impl Read + 'static, len: u64) -> Self {
        let mut response = Self::bytes(content_type, IoList::new());
        response.body = Body::Stream(Stream { reader: Box::new(reader), len: Some(len) });
        response
    }

    /// A body of unknown length, read until the reader ends.
    ///
    /// HTTP/1.0 marks the end of such a body by closing (RFC 1945 section 7.2.2), so a peer
    /// cannot tell a failure from the end: say the length if it is known.
    pub fn stream_to_end(content_type: &'static str, reader: impl Read + 'static) -> Self {
        let mut response = Self::bytes(content_type, IoList::new());
        response.body = Body::Stream(Stream { reader: Box::new(reader), len: None });
        response
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets a header field, in place of all of that name.
    ///
    /// A value with a control character in it makes the whole response an error page: sent, it
    /// would forge header fields.
    #[must_use]
    #[track_caller]
    pub fn with_header<V>(mut self, name: HeaderName, value: V) -> Self
    where
        V: TryInto<HeaderValue, Error: Into<http::Error>>,
    {
        match value.try_into() {
            // `HeaderValue` takes a tab, as RFC 9110 section 5.5 does; but browsers drop it from a
            // Location, where `/\t/example.org` then names another host.
            Ok(value) if value.as_bytes().contains(&b'\t') => {
                let failure = Failure::from("there is a tab in the value");
                Self::failed(failure.within(format!("header field `{name}`")))
            }
            Ok(value) => {
                self.headers.insert(name, value);
                self
            }
            Err(error) => {
                let error: http::Error = error.into();
                Self::failed(Failure::from(error).within(format!("header field `{name}`")))
            }
        }
    }

    /// Ends the server once this response is delivered.
    ///
    /// ```
    /// use solohttp_core::Response;
    /// fn quit() -> Response {
    ///     Response::html("Good bye.").and_shut_down()
    /// }
    /// # assert!(quit().shuts_down());
    /// ```
    #[must_use]
    pub fn and_shut_down(mut self) -> Self {
        self.shut_down = true;
        self
    }

    /// Runs `then` once it is sure that this response is the one that is sent.
    ///
    /// For what must not be believed before: if a handler around this one puts another response
    /// in its place, such as the page that says that a transaction was lost, `then` never runs.
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

    /// Shows a piece of HTML at the top of the page. Unlike a change of the body, this reaches the
    /// pages that the server makes for failures too.
    ///
    /// Only whole pages in memory show it: no streams, no other media types, and nothing that a
    /// script or an element of a page asked for, as far as the browser tells.
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

    /// Changes a body that is in memory.
    pub(crate) fn map_pieces(mut self, change: impl FnOnce(IoList) -> IoList) -> Self {
        self.body = match self.body {
            Body::Pieces(list) => Body::Pieces(change(list)),
            stream @ Body::Stream(_) => stream,
        };
        self
    }

    pub(crate) fn take_when_final(&mut self) -> Vec<Box<dyn FnOnce()>> {
        std::mem::take(&mut self.when_final)
    }

    /// The page for an error: its causes, and where it came from.
    ///
    /// The page itself is made when the response is sent, because it tells which request failed.
    #[must_use]
    pub fn failed(failure: Failure) -> Self {
        let mut response = Self::empty(failure.status());
        response.failure = Some(Box::new(failure));
        response
    }

    /// The error that this response reports, if it does.
    ///
    /// A handler around another one can look here for errors it knows a better answer to.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_deref()
    }

    /// The same response with more said about the error that it reports; others stay as they are.
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

    /// The header fields that were set so far.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The header fields, to change them.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// The value of a header field, if it is visible ASCII; names match in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Does the server end once this is delivered?
    #[must_use]
    pub fn shuts_down(&self) -> bool {
        self.shut_down
    }

    /// The whole body, for tests and for handlers around others.
    ///
    /// # Errors
    /// Those of the reader, if the body is a stream.
    pub fn into_bytes(self) -> io::Result<Vec<u8>> {
        match self.body {
            Body::Pieces(list) => Ok(list.into_bytes()),
            Body::Stream(Stream { mut reader, len }) => {
                let mut bytes = Vec::new();
                reader.by_ref().take(len.unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }

    /// The whole body as text, for tests; what is not UTF-8 becomes `U+FFFD`.
    ///
    /// # Panics
    /// If the body is a stream whose reader fails.
    #[must_use]
    pub fn into_text(self) -> String {
        let bytes = self.into_bytes().unwrap_or_else(|error| panic!("the body's reader: {error}"));
        String::from_utf8_lossy(&bytes).into_owned()
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
        shown.field("status", &self.status).field("headers", &self.headers);
        match &self.body {
            Body::Pieces(list) => shown.field("body", list),
            Body::Stream(Stream { len, .. }) => shown.field("stream", len),
        };
        shown.field("shut_down", &self.shut_down).field("failure", &self.failure).finish()
    }
}
