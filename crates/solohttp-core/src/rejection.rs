//! The peer's mistakes: a status and a sentence, which become a response.
//!
//! Knows nothing of where the mistake was found: parser, framing, extractors and handlers all
//! answer with this one type.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use http::{HeaderName, HeaderValue, StatusCode};

/// Why a request is not served: a 4xx or 5xx status and a sentence for the person who sent it.
///
/// It is an [`Error`], so `?` passes it on, and it keeps its status on the way.
///
/// ```
/// use solohttp_core::{Rejection, StatusCode};
/// let rejection = Rejection::new(StatusCode::NOT_FOUND, "There is no task 7.");
/// assert_eq!(rejection.to_string(), "There is no task 7.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    status: StatusCode,
    detail: Cow<'static, str>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Rejection {
    /// A rejection with a sentence that says what to do.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, detail: detail.into(), header: None }
    }

    /// Adds the one header field that some statuses ask for, such as `Allow` for 405.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }

    pub(crate) fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// The status that the response will have.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The sentence that the page will show, escaped.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The header field that its response will have: see [`with_header`](Self::with_header).
    #[must_use]
    pub fn header(&self) -> Option<(&HeaderName, &HeaderValue)> {
        self.header.as_ref().map(|(name, value)| (name, value))
    }

    pub(crate) fn into_parts(
        self,
    ) -> (StatusCode, Cow<'static, str>, Option<(HeaderName, HeaderValue)>) {
        (self.status, self.detail, self.header)
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl Error for Rejection {}
