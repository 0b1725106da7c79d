//! Errors as JSON documents, for clients that prefer JSON to HTML (RFC 9457).
//!
//! A `Problem` is a response, and the error page for some clients is a `Problem`, so this file and
//! `response/` import each other.

use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

use crate::error::{Failure, Rejection};
use crate::language::{Locale, ServerWords};
use crate::response::{IntoResponse, Response, error_page};

/// An error as a JSON document: `application/problem+json` (RFC 9457).
///
/// A client that prefers JSON to HTML ([`Request::prefers_json`](crate::Request::prefers_json))
/// gets a problem instead of an error page, whether a handler fails, a rejection is returned, or
/// no route matches. `title` is the title of that page, and `detail` is its text. A handler can
/// also return a problem of its own:
///
/// ```
/// use solohttp_core::{Problem, Request, StatusCode};
///
/// fn pay() -> Problem {
///     Problem::new(StatusCode::CONFLICT, "Your balance is too low.").with("balance", 30)
/// }
/// let response = Request::post("/pay").send_to(pay);
/// assert_eq!(response.header("content-type"), Some("application/problem+json"));
/// assert_eq!(
///     response.into_text(),
///     r#"{"type":"about:blank","title":"Conflict","status":409,"detail":"Your balance is too low.","balance":30}"#
/// );
/// ```
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    kind: String,
    detail: String,
    members: Vec<(String, serde_json::Value)>,
    header: Option<(HeaderName, HeaderValue)>,
    /// Set if a member can't be represented in JSON.
    failure: Option<Failure>,
}

impl Problem {
    /// Creates a problem with this status and a message for the user. Its type is `about:blank`,
    /// so its title is that of the status, in the application's language.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind: "about:blank".to_owned(),
            detail: detail.into(),
            members: Vec::new(),
            header: None,
            failure: None,
        }
    }

    /// Sets the URI that identifies the type of problem.
    #[must_use]
    pub fn with_type(mut self, uri: impl Into<String>) -> Self {
        self.kind = uri.into();
        self
    }

    /// Adds a member to the document. If the value can't be represented in JSON, the response is an
    /// error page that says why.
    #[must_use]
    #[track_caller]
    pub fn with(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match serde_json::to_value(value) {
            Ok(value) => self.members.push((name, value)),
            Err(error) => {
                self.failure = Some(Failure::from(error).within(format!("the member `{name}`")));
            }
        }
        self
    }

    pub(crate) fn of_rejection(rejection: &Rejection) -> Self {
        let (status, detail, header) = rejection.clone().into_parts();
        Self { header, ..Self::new(status, detail) }
    }

    pub(crate) fn of_failure(failure: &Failure) -> Self {
        match failure.rejection() {
            Some(rejection) => Self::of_rejection(rejection),
            None => {
                let mut detail = failure.to_string();
                for line in error_page::lines_about(failure) {
                    detail.push('\n');
                    detail.push_str(&line);
                }
                Self::new(failure.status(), detail)
            }
        }
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &self.kind)?;
        map.serialize_entry("title", &Locale::current::<ServerWords>().title(self.status))?;
        map.serialize_entry("status", &self.status.as_u16())?;
        map.serialize_entry("detail", &self.detail)?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        if let Some(failure) = self.failure.take() {
            return Response::failed(failure);
        }
        let bytes = match serde_json::to_vec(&self) {
            Ok(bytes) => bytes,
            Err(error) => return Response::failed(Failure::from(error)),
        };
        let mut response = Response::bytes("application/problem+json", bytes);
        response.headers_mut().extend(self.header);
        response.with_status(self.status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handler::IntoHandler;
    use crate::request::Request;

    /// Returns the status, the media type, and the document.
    fn ask<M>(handler: impl IntoHandler<(), M>) -> (u16, Option<String>, serde_json::Value) {
        let response = Request::get("/").header("accept", "application/json").send_to(handler);
        let kind = response.header("content-type").map(str::to_owned);
        let status = response.status().as_u16();
        (status, kind, response.into_json())
    }

    const KIND: &str = "application/problem+json";

    #[test]
    fn a_rejection_becomes_a_problem_with_its_header() {
        let gone = Rejection::new(StatusCode::GONE, "It was <deleted>.");
        let (status, kind, json) = ask(move || gone.clone());
        assert_eq!((status, kind.as_deref()), (410, Some(KIND)));
        assert_eq!(json["type"], "about:blank");
        assert_eq!(json["title"], "No longer available");
        assert_eq!(json["status"], 410);
        assert_eq!(json["detail"], "It was <deleted>.");
        let method = crate::handler::Allow::new([http::Method::POST]);
        let request = Request::get("/").header("accept", "application/json");
        let response = request.send_to(move |request: &Request| method.respond(request));
        assert_eq!(response.header("allow"), Some("POST, OPTIONS"));
        assert_eq!(response.header("content-type"), Some(KIND));
    }

    #[test]
    fn a_failure_becomes_a_problem_with_its_causes() {
        let fails = || Err::<(), _>(Failure::from("no paper").within("page 3"));
        let (status, kind, json) = ask(fails);
        assert_eq!((status, kind.as_deref()), (500, Some(KIND)));
        assert_eq!(json["title"], "Internal error");
        let detail = json["detail"].as_str().unwrap();
        assert!(detail.starts_with("no paper\nWhile: page 3"), "{detail}");
        assert_eq!(detail.contains("problem.rs:"), cfg!(debug_assertions), "{detail}");
        let (status, _, json) = ask(|| -> &'static str { panic!("out of ink") });
        assert_eq!((status, json["status"].as_u64()), (500, Some(500)));
    }

    #[test]
    fn others_get_a_page() {
        let gone = || Rejection::new(StatusCode::GONE, "It was deleted.");
        let response = Request::get("/").header("accept", "*/*").send_to(gone);
        assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"));
    }

    #[test]
    fn a_member_that_is_no_json_is_a_failure() {
        let keys = std::collections::HashMap::from([((1, 2), 3)]);
        let problem = Problem::new(StatusCode::CONFLICT, "x").with("keys", keys);
        assert_eq!(problem.into_response().status(), 500);
    }
}
