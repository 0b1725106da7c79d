//! Client errors. Each has a status and a message, and becomes a response.
//!
//! Used by the parser, framing, extractors and handlers.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use http::{HeaderName, HeaderValue, StatusCode};

use crate::language::Sentence;
use crate::language::ServerWords;
use crate::language::{Locale, LocalePart};

/// A rejected request: a 4xx or 5xx status and a message for the user.
///
/// A rejection implements [`Error`], and it keeps its status when `?` converts it into a
/// [`Failure`](crate::Failure).
///
/// ```
/// use solohttp_core::{Rejection, StatusCode};
/// let rejection = Rejection::new(StatusCode::NOT_FOUND, "There is no task 7.");
/// assert_eq!(rejection.to_string(), "There is no task 7.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    status: StatusCode,
    /// The message for the page, in the application's language.
    detail: Cow<'static, str>,
    /// The message for the log, in English. `None` if it is the same as `detail`.
    logged: Option<Box<str>>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Rejection {
    /// Creates a rejection with a message that tells the user what to do.
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, detail: detail.into(), logged: None, header: None }
    }

    /// Sets a header field that the status requires, such as `Allow` for 405. Replaces any header
    /// field set earlier.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }

    /// Creates a rejection from one of the locale's sentences and the values for its placeholders.
    /// The page shows the sentence in the application's language; the log shows it in English.
    ///
    /// ```
    /// use solohttp_core::{Rejection, ServerWords, StatusCode};
    /// let too_large = Rejection::localized(
    ///     StatusCode::PAYLOAD_TOO_LARGE,
    ///     |words: &ServerWords| &words.too_large,
    ///     &[("limit", &4096)],
    /// );
    /// assert_eq!(too_large.detail(), "The request is too large (the limit is 4096 bytes).");
    /// ```
    pub fn localized<P: LocalePart>(
        status: StatusCode,
        pick: fn(&P) -> &Sentence,
        values: &[(&str, &dyn fmt::Display)],
    ) -> Self {
        let detail = pick(&Locale::current::<P>()).say(values);
        let english = pick(&P::default()).say(values);
        let logged = (english != detail).then(|| english.into());
        Self { status, detail: detail.into(), logged, header: None }
    }

    /// Creates a 400 rejection for a request that no browser would send. `detail` is for
    /// developers.
    pub(crate) fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::technical(StatusCode::BAD_REQUEST, detail)
    }

    /// Like [`bad_request`](Self::bad_request) but with another status.
    pub(crate) fn technical(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::localized(
            status,
            |words: &ServerWords| &words.malformed,
            &[("detail", &detail.into())],
        )
    }

    /// The message in English.
    pub(crate) fn logged(&self) -> &str {
        self.logged.as_deref().unwrap_or(&self.detail)
    }

    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The message, unescaped. The error page escapes it.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The header field that was set by [`with_header`](Self::with_header).
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

/// Creates a rejection without a message. Its page has only a title, in the application's language.
impl From<StatusCode> for Rejection {
    fn from(status: StatusCode) -> Self {
        let reason = status.canonical_reason().unwrap_or("Error");
        let detail = Locale::current::<ServerWords>().title(status);
        Self { status, detail: detail.into(), logged: Some(reason.into()), header: None }
    }
}
