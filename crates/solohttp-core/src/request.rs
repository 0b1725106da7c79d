//! The request that a handler receives: method, path, query, header fields and body.
//!
//! A request doesn't depend on sockets or parsing. `conn` builds it from a parsed head and a
//! complete body, and tests build it from plain data.

pub(crate) mod accept;
mod call;
mod decoded;
pub(crate) mod preview;
mod version;

use std::cell::OnceCell;
use std::rc::Rc;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

pub(crate) use self::decoded::Decoded;
pub use self::preview::is_preview;

use crate::body::{Body, FormData, FormLimits, Oversized, Received, Upload};
use crate::error::Rejection;
use crate::headers::RequestHeaders;
use crate::language::ServerWords;
use crate::remote::CarriedCall;
use crate::url::{Fields, LocalUrl, Path, Target};
use crate::wire::framing::too_large;

/// A complete request. Handlers run only once its last byte has arrived.
#[derive(Debug)]
pub struct Request {
    method: Method,
    target: Target,
    path: Path,
    mount: Mount,
    query: Fields,
    headers: RequestHeaders,
    body: Body,
    reduced: Option<ReducedForm>,
    form: OnceCell<Result<FormData, Rejection>>,
    form_limits: FormLimits,
    /// The instance of the innermost [`WithState`](crate::WithState) around the current handler.
    state: u64,
    call: Option<Rc<dyn CarriedCall>>,
}

/// The stored parts of a form that was too large.
#[derive(Debug)]
struct ReducedForm {
    body: Body,
    /// Not empty.
    oversized: Vec<Oversized>,
}

/// A submitted form, including the files that were too large: see [`Request::sent_form`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SentForm<'a> {
    /// The text fields, in order.
    pub fields: &'a Fields,
    /// The files that were stored, in order.
    pub uploads: &'a [Upload],
    /// The files that were too large, in order.
    pub oversized: &'a [Oversized],
}

/// Where routers have mounted the current handler.
#[derive(Debug, Default)]
struct Mount {
    depth: usize,
    /// Number of segments that led to the innermost router.
    router_depth: usize,
    wildcards: Vec<Wildcard>,
    /// Number of wildcards that belong to outer routers.
    inherited: usize,
}

/// A segment of the path that matched a wildcard of a router's pattern.
#[derive(Debug, Clone)]
pub struct Wildcard {
    /// Index of the segment in the path, from 0.
    pub segment: usize,
    /// The name of the wildcard in the pattern, if it has one.
    pub name: Option<Rc<str>>,
}

impl Request {
    /// Creates a request. `decoded` must come from `target`.
    pub(crate) fn new(
        method: Method,
        target: Target,
        decoded: Decoded,
        headers: RequestHeaders,
        form_limits: FormLimits,
    ) -> Self {
        let Decoded { path, query } = decoded;
        Self {
            method,
            target,
            path,
            mount: Mount::default(),
            query,
            headers,
            body: Body::default(),
            reduced: None,
            form: OnceCell::new(),
            form_limits,
            state: 0,
            call: None,
        }
    }

    pub(crate) fn set_body(&mut self, received: Received) {
        let Received { body, len, oversized } = received;
        match oversized.first().map(|file| file.limit) {
            None => self.body = body,
            // Reading the public body fails, so that nobody mistakes the reduced form for the
            // complete one.
            Some(limit) => {
                self.body = Body::too_large(len, limit);
                self.reduced = Some(ReducedForm { body, oversized });
            }
        }
    }

    /// The files that were dropped from the form.
    fn oversized(&self) -> &[Oversized] {
        self.reduced.as_ref().map_or(&[], |reduced| &reduced.oversized)
    }

    fn reject_oversized(&self) -> Result<(), Rejection> {
        self.oversized().first().map_or(Ok(()), |file| Err(too_large(file.limit)))
    }

    /// The method: `GET`, `POST`, … or any other token.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    pub(crate) fn raw_target(&self) -> &Target {
        &self.target
    }

    /// The path as sent, still percent-encoded, without the query.
    ///
    /// Contains no spaces, control characters, quotation marks or angle brackets, so it can be
    /// inserted into the text of an HTML page unescaped.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.path()
    }

    /// The path and query as sent.
    #[must_use]
    pub fn target(&self) -> &str {
        self.target.as_str()
    }

    /// The segments of the path, split at raw slashes and then percent-decoded.
    ///
    /// `/` has one empty segment. A trailing slash adds an empty last segment.
    ///
    /// ```
    /// use solohttp_core::Request;
    /// let request = Request::get("/a%2Fb/c/").build();
    /// assert_eq!(request.segments().collect::<Vec<_>>(), ["a/b", "c", ""]);
    /// ```
    pub fn segments(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        self.path.segments()
    }

    /// The normalized path, without doubled slashes, `.` or `..`, followed by the query. `None` if
    /// the path as sent is already normalized. Always starts with exactly one slash.
    #[must_use]
    pub fn normal_url(&self) -> Option<String> {
        self.path.to_normal().map(|path| path + self.target.query_suffix())
    }

    /// The decoded fields of the query, in order.
    #[must_use]
    pub fn query(&self) -> &Fields {
        &self.query
    }

    /// All header fields.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.headers.map()
    }

    /// All header fields, without building a map.
    pub(crate) fn lazy_headers(&self) -> &RequestHeaders {
        &self.headers
    }

    /// Makes the errors of this request JSON, whatever the client accepts. For handlers whose clients
    /// are programs.
    pub fn prefer_json(&mut self) {
        let json = HeaderValue::from_static("application/json");
        self.headers.set(&header::ACCEPT, &json);
    }

    /// The first value of a header field, if it is visible ASCII. Names are case-insensitive.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.text(name)
    }

    /// The path and query of the page that sent the request, or `/` if the browser doesn't say.
    /// Useful as a redirect target after handling a button that appears on many pages.
    #[must_use]
    pub fn referring_path(&self) -> &str {
        let path = || {
            let rest = self.header("referer")?.strip_prefix("http://")?;
            let path = rest.strip_prefix(self.header("host")?)?;
            LocalUrl::is_local(path).then_some(path)
        };
        path().unwrap_or("/")
    }

    /// Makes the request come from this page, a local path.
    pub(crate) fn refer_to(&mut self, path: &str) {
        let page = self.header("host").map(|host| format!("http://{host}{path}"));
        if let Some(Ok(page)) = page.map(HeaderValue::try_from) {
            self.headers.set(&header::REFERER, &page);
        }
    }

    /// Replaces the form in the body.
    pub(crate) fn replace_form(&mut self, form: FormData) {
        self.form = OnceCell::from(Ok(form));
    }

    /// The body, after chunked decoding. Empty if the request has no body.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The text fields of a form in either encoding (`application/x-www-form-urlencoded` or
    /// `multipart/form-data`), in order. Empty if there is no body.
    ///
    /// # Errors
    /// - 415 for a body of another type or with a `Content-Encoding`
    /// - 400 for a form that is malformed or truncated, has too many fields, or isn't UTF-8
    /// - 413 for more text than [`Limits::form_text`](crate::Limits::form_text)
    pub fn form(&self) -> Result<&Fields, Rejection> {
        self.reject_oversized()?;
        self.form_data().map(|form| &form.fields)
    }

    /// The uploaded files of a form, in order. A file input without a file adds nothing. The form
    /// must have `enctype="multipart/form-data"`.
    ///
    /// # Errors
    /// Same as for [`form`](Self::form).
    pub fn uploads(&self) -> Result<&[Upload], Rejection> {
        self.reject_oversized()?;
        self.form_data().map(|form| form.uploads.as_slice())
    }

    /// The form and the list of files that were too large, for handlers that report those files to
    /// the user. If there are any, [`form`](Self::form), [`uploads`](Self::uploads) and reading the
    /// [`body`](Self::body) fail with 413.
    ///
    /// # Errors
    /// Same as for [`form`](Self::form), except that files over
    /// [`Limits::body`](crate::Limits::body) are not an error.
    pub fn sent_form(&self) -> Result<SentForm<'_>, Rejection> {
        let FormData { fields, uploads } = self.form_data()?;
        Ok(SentForm { fields, uploads, oversized: self.oversized() })
    }

    /// Parses the form on first use.
    fn form_data(&self) -> Result<&FormData, Rejection> {
        let parse = || {
            self.reject_content_encoding()?;
            let kind = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
            let body = self.reduced.as_ref().map_or(&self.body, |reduced| &reduced.body);
            FormData::parse(kind, body, self.oversized(), self.form_limits)
        };
        self.form.get_or_init(parse).as_ref().map_err(Clone::clone)
    }

    /// The whole body in memory, for text in formats other than forms. The errors are the same as
    /// for [`form`](Self::form).
    #[cfg(feature = "json")]
    pub(crate) fn text_body(&self) -> Result<bytes::Bytes, Rejection> {
        self.reject_content_encoding()?;
        self.reject_oversized()?;
        self.form_limits.read_text(&self.body)
    }

    /// Rejects a body with a `Content-Encoding`. The `Accept-Encoding` field of a 415 response
    /// lists the accepted codings (RFC 9110 section 15.5.16).
    fn reject_content_encoding(&self) -> Result<(), Rejection> {
        let mut codings = self.headers.get_all(&header::CONTENT_ENCODING);
        match codings.find(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
            None => Ok(()),
            Some(coding) => {
                let coding = String::from_utf8_lossy(coding).into_owned();
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                Err(Rejection::localized(
                    status,
                    |words: &ServerWords| &words.content_encoding,
                    &[("coding", &coding)],
                )
                .with_header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
            }
        }
    }

    /// A URL relative to this server's root. Segments are percent-encoded and joined by slashes.
    pub fn root_url<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> LocalUrl {
        LocalUrl::new(segments)
    }

    /// A URL relative to the mount point of the current handler.
    pub fn app_url<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> LocalUrl {
        self.url_below(self.mount.depth, segments)
    }

    /// A URL relative to the mount point of the current handler's router, for links to the router's
    /// other routes.
    pub fn router_url<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> LocalUrl {
        self.url_below(self.mount.router_depth, segments)
    }

    fn url_below<S: AsRef<str>>(
        &self,
        depth: usize,
        segments: impl IntoIterator<Item = S>,
    ) -> LocalUrl {
        let mount = self.segments().take(depth).map(str::to_owned);
        LocalUrl::new(mount.chain(segments.into_iter().map(|segment| segment.as_ref().to_owned())))
    }

    /// Records that a router has matched this number of additional segments, with these wildcards.
    /// Only routers need to call this. Wildcards of outer routers stay available.
    pub fn enter_mount(&mut self, segments: usize, wildcards: impl IntoIterator<Item = Wildcard>) {
        self.mount.router_depth = self.mount.depth;
        self.mount.depth = (self.mount.depth + segments).min(self.path.len());
        self.mount.inherited = self.mount.wildcards.len();
        self.mount.wildcards.extend(wildcards);
    }

    /// The number of segments of the path that led to the handler.
    #[must_use]
    pub fn mount_depth(&self) -> usize {
        self.mount.depth
    }

    /// The segments under the mount point.
    pub fn suffix(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        self.segments().skip(self.mount.depth)
    }

    /// Whether there are segments under the mount point.
    #[must_use]
    pub fn has_suffix(&self) -> bool {
        self.mount.depth < self.path.len()
    }

    /// The names and values of the wildcards in the innermost router's pattern.
    pub fn own_wildcards(&self) -> impl ExactSizeIterator<Item = (Option<&str>, &str)> {
        self.wildcards().skip(self.mount.inherited)
    }

    /// The names and values of all wildcards that led to the handler.
    pub fn wildcards(&self) -> impl ExactSizeIterator<Item = (Option<&str>, &str)> {
        self.mount.wildcards.iter().map(|wildcard| {
            let value = self.path.segment(wildcard.segment).unwrap_or_default();
            (wildcard.name.as_deref(), value)
        })
    }
}

#[cfg(test)]
mod tests;
