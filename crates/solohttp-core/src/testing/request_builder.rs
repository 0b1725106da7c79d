//! Requests from plain data, so that handlers are tested without a socket.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::form_content::{FormContent, UploadContent};
use crate::body::{FormLimits, Received};
use crate::handler::IntoHandler;
use crate::handler::dispatch::Dispatcher;
use crate::limits::Limits;
use crate::request::{Decoded, Request};
use crate::response::Response;
use crate::url::Target;

/// A request in the making: see [`Request::get`].
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
    /// A `GET` from plain data, for tests.
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

    /// A `POST` from plain data, for tests.
    pub fn post(target: &str) -> RequestBuilder {
        Self::with_method(Method::POST, target)
    }

    /// A request of any method from plain data, for tests.
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
    /// Adds a header field, of text or of bytes; a name may be repeated.
    ///
    /// # Panics
    /// If the name is no token or the value holds a control character.
    #[track_caller]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name = HeaderName::try_from(name).expect("the name of a header field is a token");
        let value = HeaderValue::from_bytes(value.as_ref());
        let value = value.expect("a header value holds no controls");
        self.headers.append(name, value);
        self
    }

    /// Sends these fields as a form in the body, behind those already there.
    pub fn form<N, V>(mut self, fields: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        self.form.get_or_insert_default().fields.extend(fields);
        self
    }

    /// Sends a file with the form in the body, which becomes a multi-part one.
    pub fn upload(
        mut self,
        field: &str,
        file_name: &str,
        content_type: &str,
        bytes: impl Into<Vec<u8>>,
    ) -> Self {
        self.form.get_or_insert_default().uploads.push(UploadContent {
            field: field.to_owned(),
            file_name: file_name.to_owned(),
            content_type: content_type.to_owned(),
            bytes: bytes.into(),
        });
        self
    }

    /// Sends these bytes as the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.form = None;
        self
    }

    /// Treats the body as a server does whose [`Limits::body`] this is: files of a multi-part form
    /// that don't fit are not kept, and any other body that doesn't is refused.
    pub fn body_limit(mut self, most: u64) -> Self {
        self.body_limit = Some(most);
        self
    }

    /// The request as a handler sees it.
    ///
    /// # Panics
    /// If the server would refuse the request: its target must start with a slash and be UTF-8, and
    /// its body be within [`body_limit`](Self::body_limit).
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
        let mut request = Request::new(self.method, target, decoded, self.headers, limits);
        let kind = request.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let received = match self.body_limit {
            Some(most) => Received::within(most, Limits::default().form_parts, kind, self.body),
            None => Ok(self.body.into()),
        };
        request.set_body(received.unwrap_or_else(|rejection| panic!("{rejection}")));
        request
    }

    /// Asks a handler as the server does: a panic or an error becomes its page. Lend an
    /// application that is asked more than once: `send_to(&mut app)`.
    ///
    /// # Panics
    /// If the server would refuse the target: it must start with a slash and be UTF-8.
    #[track_caller]
    pub fn send_to<M>(self, handler: impl IntoHandler<(), M>) -> Response {
        Dispatcher::default().dispatch(&mut handler.into_handler(), &mut self.build())
    }
}
