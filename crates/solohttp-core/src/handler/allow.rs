//! The methods that a path supports, and the response to requests with any other method (RFC 9110
//! sections 9 and 15.5.6).
//!
//! Used by routers, servlets and static files.

use http::{HeaderValue, Method, StatusCode, header};

use crate::error::Rejection;
use crate::language::ServerWords;
use crate::request::Request;
use crate::response::Response;
use crate::response::into_response::IntoResponse as _;

/// The methods that a path supports, for the `Allow` header field.
///
/// ```
/// use solohttp_core::{Allow, Method, Request};
/// let allow = Allow::new([Method::GET, Method::POST]);
/// let response = allow.respond(&Request::with_method(Method::DELETE, "/").build());
/// assert_eq!(response.status(), 405);
/// assert_eq!(Allow::new([Method::GET]).to_string(), "GET, HEAD, OPTIONS");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    methods: Vec<Method>,
}

impl Allow {
    /// Creates a list of these methods. OPTIONS is added, and so is HEAD if GET is among them.
    pub fn new(methods: impl IntoIterator<Item = Method>) -> Self {
        let mut allow = Self { methods: Vec::new() };
        for method in methods {
            let is_get = method == Method::GET;
            allow.push(method);
            if is_get {
                allow.push(Method::HEAD);
            }
        }
        allow.push(Method::OPTIONS);
        allow
    }

    fn push(&mut self, method: Method) {
        if !self.methods.contains(&method) {
            self.methods.push(method);
        }
    }

    fn header_value(&self) -> HeaderValue {
        HeaderValue::try_from(self.to_string())
            .expect("methods are tokens, and tokens are visible ASCII")
    }

    /// Returns the response to a request that no handler accepts: 204 for OPTIONS, 405 for a method
    /// that isn't supported here, and 501 for an unknown method.
    #[must_use]
    pub fn respond(&self, request: &Request) -> Response {
        let method = request.method();
        let value = self.header_value();
        if *method == Method::OPTIONS {
            return Response::empty(StatusCode::NO_CONTENT).with_header(header::ALLOW, value);
        }
        let status = if is_known(method) {
            StatusCode::METHOD_NOT_ALLOWED
        } else {
            StatusCode::NOT_IMPLEMENTED
        };
        let values: [(&str, &dyn std::fmt::Display); 2] = [("method", method), ("allowed", self)];
        Rejection::localized(status, |words: &ServerWords| &words.method, &values)
            .with_header(header::ALLOW, value)
            .into_response()
    }
}

/// Whether RFC 9110 section 9 or RFC 5789 defines the method.
fn is_known(method: &Method) -> bool {
    [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::CONNECT,
        Method::OPTIONS,
        Method::TRACE,
        Method::PATCH,
    ]
    .contains(method)
}

/// Formats the methods as the value of the `Allow` header field.
impl std::fmt::Display for Allow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, method) in self.methods.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{method}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &str, status: u16) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let allow = Allow::new([Method::POST, Method::GET, Method::POST]);
        let handler = move |request: &Request| allow.respond(request);
        let response = Request::with_method(method, "/").send_to(handler);
        assert_eq!(response.status(), status);
        assert_eq!(response.header("allow"), Some("POST, GET, HEAD, OPTIONS"));
    }

    #[test]
    fn every_response_lists_the_allowed_methods() {
        check("OPTIONS", 204);
        check("DELETE", 405);
        check("TRACE", 405);
        check("BREW", 501);
    }
}
