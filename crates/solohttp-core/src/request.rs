//! What a handler is asked: method, path, query, header fields and body.
//!
//! Knows nothing of sockets or of parsing heads; `conn` makes it from a parsed head and a whole
//! body, tests make it from plain data.

pub(crate) mod preview;

use std::cell::OnceCell;
use std::mem;
use std::rc::Rc;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::body::{Body, FormData, FormLimits, Oversized, Received, Upload};
use crate::error::rejection::Rejection;
use crate::extract::FromRequest;
use crate::language::words::ServerWords;
use crate::limits::Limits;
use crate::remote::call::LocalCall;
use crate::response::Response;
use crate::url::fields::Fields;
use crate::url::local_url::LocalUrl;
use crate::url::path::Path;
use crate::wire::framing::too_large;

/// A whole request: handlers run only when every byte of it has arrived.
#[derive(Debug)]
pub struct Request {
    method: Method,
    target: String,
    path_len: usize,
    path: Path,
    mount: Mount,
    query: Fields,
    headers: HeaderMap,
    body: Body,
    reduced: Option<Reduced>,
    form: OnceCell<Result<FormData, Rejection>>,
    form_limits: FormLimits,
    /// The innermost state around the handler that is asked.
    state: u64,
    call: Option<Box<LocalCall>>,
}

/// What was kept of a form that was too large.
#[derive(Debug)]
struct Reduced {
    body: Body,
    /// Not empty.
    oversized: Vec<Oversized>,
}

/// A form as it was sent: see [`Request::sent_form`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SentForm<'a> {
    /// The text fields, in order.
    pub fields: &'a Fields,
    /// The files that were kept, in order.
    pub uploads: &'a [Upload],
    /// The files that were too large, in order.
    pub oversized: &'a [Oversized],
}

/// Where a router has mounted the handler that is asked.
#[derive(Debug, Default)]
struct Mount {
    depth: usize,
    /// How many segments led to the innermost router.
    router_depth: usize,
    wildcards: Vec<Wildcard>,
    /// How many of the wildcards belong to routers around the innermost one.
    inherited: usize,
}

/// A segment of the path that a router took as a value.
#[derive(Debug, Clone)]
pub struct Wildcard {
    /// Which segment of the path it is, from 0.
    pub segment: usize,
    /// Its name in the router's pattern, if it has one.
    pub name: Option<Rc<str>>,
}

/// What a target says, decoded.
#[derive(Debug)]
pub(crate) struct Decoded {
    path_len: usize,
    path: Path,
    query: Fields,
}

impl Decoded {
    /// `target` is a path with an optional query, as on the request line, or `*`, which has
    /// neither (RFC 9112 section 3.2.4).
    pub(crate) fn read(target: &str, limits: &FormLimits) -> Result<Self, Rejection> {
        let mark = memchr::memchr(b'?', target.as_bytes());
        let path_len = mark.unwrap_or(target.len());
        let path = match &target[..path_len] {
            "*" => Path::default(),
            path => Path::parse(path)?,
        };
        let query = match mark {
            Some(mark) => Fields::parse(&target.as_bytes()[mark + 1..], limits.fields)?,
            None => Fields::new(),
        };
        Ok(Self { path_len, path, query })
    }
}

impl Request {
    /// `decoded` was read from `target`.
    pub(crate) fn new(
        method: Method,
        target: String,
        decoded: Decoded,
        headers: HeaderMap,
        form_limits: FormLimits,
    ) -> Self {
        let Decoded { path_len, path, query } = decoded;
        Self {
            method,
            target,
            path_len,
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

    /// A call from outside of requests, on its way to the state that it is for. For the handlers
    /// around that it looks like a request: its method is `RUN`, its target the place in the
    /// program's source.
    pub(crate) fn for_call(call: LocalCall) -> Self {
        let method = Method::from_bytes(b"RUN").expect("letters are a token");
        let target = call.target.location.to_string();
        let limits = FormLimits::from(&Limits::default());
        let decoded =
            Decoded { path_len: target.len(), path: Path::default(), query: Fields::new() };
        let mut request = Self::new(method, target, decoded, HeaderMap::new(), limits);
        request.call = Some(Box::new(call));
        request
    }

    /// Whether this is no request at all, but a closure from a [`Remote`](crate::Remote) or a
    /// timer on its way to the state. Handlers that wrap another one pass it on like a request.
    #[must_use]
    pub fn is_call(&self) -> bool {
        self.call.is_some()
    }

    /// Whether this is a [call](Self::is_call) whose closure has run.
    #[must_use]
    pub fn has_run(&self) -> bool {
        self.call.as_ref().is_some_and(|call| !call.is_undelivered())
    }

    /// Runs the closure if this is [one](Self::is_call) for `state`. Handlers that call others,
    /// as a router does, ask this first; [`WithState`](crate::WithState) does it for those that
    /// don't.
    ///
    /// `None` if this is a request, the closure has run already, or it is for another state.
    pub fn run_call<S: 'static>(&mut self, state: &mut S) -> Option<Response> {
        let call = self.call.as_mut()?;
        call.run(self.state, state).then(|| Response::empty(StatusCode::NO_CONTENT))
    }

    pub(crate) fn call_mut(&mut self) -> Option<&mut LocalCall> {
        self.call.as_deref_mut()
    }

    pub(crate) fn take_call(&mut self) -> Option<LocalCall> {
        self.call.take().map(|call| *call)
    }

    /// Returns the state that was the innermost one before.
    pub(crate) fn enter_state(&mut self, state: u64) -> u64 {
        mem::replace(&mut self.state, state)
    }

    pub(crate) fn state(&self) -> u64 {
        self.state
    }

    /// Sets the body.
    pub(crate) fn set_body(&mut self, received: Received) {
        let Received { kept, len, oversized } = received;
        match oversized.first().map(|file| file.most) {
            None => self.body = kept,
            // Nobody may take a part for the whole.
            Some(most) => {
                self.body = Body::too_large(len, most);
                self.reduced = Some(Reduced { body: kept, oversized });
            }
        }
    }

    /// The files that are missing in the form.
    fn oversized(&self) -> &[Oversized] {
        self.reduced.as_ref().map_or(&[], |reduced| &reduced.oversized)
    }

    fn refuse_oversized(&self) -> Result<(), Rejection> {
        self.oversized().first().map_or(Ok(()), |file| Err(too_large(file.most)))
    }

    /// The method, as sent: `GET`, `POST`, … or any other token.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as sent, still percent-encoded, without the query.
    ///
    /// It holds no blank, no control, no quotation mark and no angle bracket, so it can stand in
    /// the text of a page as it is.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.target[..self.path_len]
    }

    /// Path and query as sent.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The segments of the path, split at raw slashes and then percent-decoded.
    ///
    /// `/` is one blank segment, and so is the end of a path with a trailing slash.
    ///
    /// ```
    /// use solohttp_core::Request;
    /// let request = Request::get("/a%2Fb/c/").build();
    /// assert_eq!(request.segments().collect::<Vec<_>>(), ["a/b", "c", ""]);
    /// ```
    pub fn segments(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        self.path.segments()
    }

    /// The path in its normal spelling, if the one sent is not: without doubled slashes, `.`
    /// and `..`. The query is kept. It always starts with exactly one slash.
    #[must_use]
    pub fn normal_url(&self) -> Option<String> {
        self.path.to_normal().map(|path| path + &self.target[self.path_len..])
    }

    /// The decoded fields of the query, in order.
    #[must_use]
    pub fn query(&self) -> &Fields {
        &self.query
    }

    /// All header fields.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first value of a header field, if it is visible ASCII; names match in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as received, after chunked decoding; empty if there was none.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// The text fields of a form, in order, whichever way it was sent
    /// (`application/x-www-form-urlencoded` or `multipart/form-data`); empty without a body.
    ///
    /// # Errors
    /// 415 for a body of another type or with a `Content-Encoding`; 400 for one that is malformed or cut short, for fields
    /// that are not UTF-8, and for too many; 413 for more text than
    /// [`Limits::form_text`](crate::Limits::form_text).
    pub fn form(&self) -> Result<&Fields, Rejection> {
        self.refuse_oversized()?;
        self.form_data().map(|form| &form.fields)
    }

    /// The files that were sent with a form, in order; a file input that was left empty sends
    /// none. The form must say `enctype="multipart/form-data"`.
    ///
    /// # Errors
    /// Those of [`form`](Self::form).
    pub fn uploads(&self) -> Result<&[Upload], Rejection> {
        self.refuse_oversized()?;
        self.form_data().map(|form| form.uploads.as_slice())
    }

    /// The form with everything that was kept of it, for handlers that tell the user which files
    /// were too large. For all others, [`form`](Self::form), [`uploads`](Self::uploads) and reading
    /// the [`body`](Self::body) fail with 413 then.
    ///
    /// # Errors
    /// Those of [`form`](Self::form), but for files over [`Limits::body`](crate::Limits::body).
    pub fn sent_form(&self) -> Result<SentForm<'_>, Rejection> {
        let FormData { fields, uploads } = self.form_data()?;
        Ok(SentForm { fields, uploads, oversized: self.oversized() })
    }

    /// Read when it is first asked for.
    fn form_data(&self) -> Result<&FormData, Rejection> {
        let parse = || {
            self.refuse_content_encoding()?;
            let kind = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
            let body = self.reduced.as_ref().map_or(&self.body, |reduced| &reduced.body);
            FormData::parse(kind, body, self.oversized(), self.form_limits)
        };
        self.form.get_or_init(parse).as_ref().map_err(Clone::clone)
    }

    /// RFC 9110 section 15.5.16: 415 with `Accept-Encoding` tells which codings are accepted.
    fn refuse_content_encoding(&self) -> Result<(), Rejection> {
        let mut codings = self.headers.get_all(header::CONTENT_ENCODING).iter();
        match codings.find(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            None => Ok(()),
            Some(coding) => {
                let coding = String::from_utf8_lossy(coding.as_bytes()).into_owned();
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                Err(Rejection::say(
                    status,
                    |words: &ServerWords| &words.content_encoding,
                    &[("coding", &coding)],
                )
                .with_header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
            }
        }
    }

    /// Reads a value as the argument of a function would be, for handlers that are no functions.
    ///
    /// ```
    /// # use solohttp_core::{Query, Rejection, Request};
    /// fn number(request: &mut Request) -> Result<u32, Rejection> {
    ///     let Query(fields): Query<Vec<(String, u32)>> = request.extract()?;
    ///     Ok(fields.iter().map(|(_, number)| number).sum())
    /// }
    /// assert_eq!(number(&mut Request::get("/?a=3&b=4").build()), Ok(7));
    /// ```
    ///
    /// # Errors
    /// Those of the extractor.
    pub fn extract<T: FromRequest>(&mut self) -> Result<T, Rejection> {
        T::from_request(self)
    }

    /// A link from the root of this server: segments are encoded and joined by slashes.
    pub fn root_url<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> LocalUrl {
        LocalUrl::new(segments)
    }

    /// A link from where the present handler is mounted, wherever that is.
    pub fn app_url<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> LocalUrl {
        self.url_below(self.mount.depth, segments)
    }

    /// A link from where the router that chose the present handler is mounted: to another of its
    /// routes, wherever that router is mounted.
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

    /// Routers call this: so many segments led to the handler, and these of them are values.
    pub fn set_mount(&mut self, depth: usize, wildcards: Vec<Wildcard>) {
        let depth = depth.min(self.path.len());
        self.mount = Mount { depth, router_depth: 0, wildcards, inherited: 0 };
    }

    /// Routers call this: so many further segments led on to the handler, and these of them are
    /// values. What routers around this one found stays known.
    pub fn enter_mount(&mut self, segments: usize, wildcards: impl IntoIterator<Item = Wildcard>) {
        self.mount.router_depth = self.mount.depth;
        self.mount.depth = (self.mount.depth + segments).min(self.path.len());
        self.mount.inherited = self.mount.wildcards.len();
        self.mount.wildcards.extend(wildcards);
    }

    /// How many segments of the path led to the handler.
    #[must_use]
    pub fn mount_depth(&self) -> usize {
        self.mount.depth
    }

    /// The segments below the mount.
    pub fn suffix(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        self.segments().skip(self.mount.depth)
    }

    /// Are there segments below the mount?
    #[must_use]
    pub fn has_suffix(&self) -> bool {
        self.mount.depth < self.path.len()
    }

    /// The values of the wildcards of the innermost router's pattern, with the names they have.
    pub fn own_wildcards(&self) -> impl ExactSizeIterator<Item = (Option<&str>, &str)> {
        self.wildcards().skip(self.mount.inherited)
    }

    /// The values of all wildcards that led to the handler, with the names they have.
    pub fn wildcards(&self) -> impl ExactSizeIterator<Item = (Option<&str>, &str)> {
        self.mount.wildcards.iter().map(|wildcard| {
            let value = self.path.segment(wildcard.segment).unwrap_or_default();
            (wildcard.name.as_deref(), value)
        })
    }
}

#[cfg(test)]
mod tests;
