//! Builds requests from plain data, for testing handlers without a socket.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::form_content::{File, FormContent};
use crate::body::{FormLimits, Received};
use crate::handler::IntoHandler;
use crate::handler::dispatch::Dispatcher;
use crate::limits::Limits;
use crate::request::{Decoded, Request};
use crate::response::Response;
use crate::url::Target;

/// A builder for requests in tests: see [`Request::get`].
#[derive(Debug)]
#[must_use = "call `send_to(&mut handler)` or `build()`"]
pub struct RequestBuilder {
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
    form: Option<FormContent>,
    body_limit: Option<u64>,
}

impl Request {
    /// Builds a GET request, for tests.
    ///
    /// ```
    /// use solohttp_core::Request;
    /// fn page(request: &Request) -> String {
    ///     format!("You asked for {}", request.path())
    /// }
    /// let response = Request::get("/add/5/7").send_to(page);
    /// assert_eq!(response.into_text(), "You asked for /add/5/7");
    /// ```
    pub fn get(target: &str) -> RequestBuilder {
        Self::with_method(Method::GET, target)
    }

    /// Builds a POST request, for tests.
    pub fn post(target: &str) -> RequestBuilder {
        Self::with_method(Method::POST, target)
    }

    /// Builds a request with any method, for tests.
    pub fn with_method(method: Method, target: &str) -> RequestBuilder {
        RequestBuilder {
            method,
            target: target.to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            form: None,
            body_limit: None,
        }
    }
}

impl RequestBuilder {
    /// Adds a header field. Names may be repeated.
    ///
    /// # Panics
    /// If the name is not a token or the value contains a control character.
    #[track_caller]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name = HeaderName::try_from(name).expect("the name of a header field is a token");
        let value = HeaderValue::from_bytes(value.as_ref());
        let value = value.expect("a header value contains no control characters");
        self.headers.append(name, value);
        self
    }

    /// Adds fields to the form in the body.
    pub fn form<N, V>(mut self, fields: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let form = self.form.get_or_insert_default();
        fields.into_iter().for_each(|(name, value)| form.push_text(name, value));
        self
    }

    /// Adds a file to the form in the body, which makes it a multipart form.
    pub fn upload(
        mut self,
        field: &str,
        file_name: &str,
        content_type: &str,
        bytes: impl Into<Vec<u8>>,
    ) -> Self {
        let file = File {
            name: file_name.to_owned(),
            content_type: content_type.to_owned(),
            bytes: bytes.into(),
        };
        self.form.get_or_insert_default().push_file(field, file);
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.form = None;
        self
    }

    /// Limits the size of the body, like [`Limits::body`]. Drops files of a multipart form that
    /// don't fit, and rejects any other body that is too large.
    pub fn body_limit(mut self, max: u64) -> Self {
        self.body_limit = Some(max);
        self
    }

    /// Builds the request.
    ///
    /// # Panics
    /// If the server would reject the request. The target must start with a slash and be UTF-8, and
    /// the body must be within the [`body_limit`](Self::body_limit).
    #[track_caller]
    #[must_use]
    pub fn build(mut self) -> Request {
        if let Some(form) = &self.form {
            let (kind, body) = form.encode();
            self.headers.insert(header::CONTENT_TYPE, kind);
            self.body = body;
        }
        if !self.body.is_empty() {
            self.headers.insert(header::CONTENT_LENGTH, self.body.len().into());
        }
        let limits = FormLimits::from(&Limits::default());
        let target = Target::new(self.target);
        let decoded = Decoded::read(&target, &limits);
        let decoded = decoded.unwrap_or_else(|rejection| panic!("{rejection}"));
        let mut request = Request::new(self.method, target, decoded, self.headers.into(), limits);
        let kind = request.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let received = match self.body_limit {
            Some(max) => Received::within(max, Limits::default().form_parts, kind, self.body),
            None => Ok(self.body.into()),
        };
        request.set_body(received.unwrap_or_else(|rejection| panic!("{rejection}")));
        request
    }

    /// Sends the request to a handler as the server does: a panic or error becomes an error page.
    /// To use a handler more than once, pass a reference: `send_to(&mut app)`.
    ///
    /// # Panics
    /// Same as for [`build`](Self::build).
    #[track_caller]
    pub fn send_to<M>(self, handler: impl IntoHandler<(), M>) -> Response {
        Dispatcher::default().dispatch(&mut handler.into_handler(), &mut self.build())
    }
}
