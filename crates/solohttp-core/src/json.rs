//! JSON documents in request and response bodies, and errors as JSON.
//!
//! Only this module uses serde_json.

mod problem;

use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

pub use self::problem::Problem;

use crate::error::{Failure, Rejection};
use crate::extract::FromRequest;
use crate::language::ServerWords;
use crate::request::Request;
use crate::request::accept::is_json;
use crate::response::{IntoResponse, Response};
use crate::testing::RequestBuilder;

/// A JSON document: an extractor for the request body, and a response.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// use solohttp_core::{Json, Request};
///
/// #[derive(Deserialize)]
/// struct Order { items: Vec<Item> }
/// #[derive(Deserialize)]
/// struct Item { name: String, count: u32 }
/// #[derive(Serialize)]
/// struct Receipt { total: u32 }
///
/// fn order(Json(order): Json<Order>) -> Json<Receipt> {
///     Json(Receipt { total: order.items.iter().map(|item| item.count).sum() })
/// }
///
/// let request = Request::post("/order").header("content-type", "application/json");
/// let response = request.body(r#"{"items": [{"name": "Tea", "count": 3}]}"#).send_to(order);
/// assert_eq!(response.into_text(), r#"{"total":3}"#);
/// ```
///
/// The request's `Content-Type` must be `application/json` or end with `+json`. Pages of other
/// sites can't send these types, not even with a form. A request is rejected with
///
/// - 415 if it has another type or a `Content-Encoding`
/// - 413 if it is larger than [`Limits::form_text`](crate::Limits::form_text)
/// - 400 if the body isn't JSON
/// - 422 if it isn't a `T`, with the path to the invalid value, such as `items[2].count`
///
/// The client gets these errors as JSON, too: see [`Problem`](crate::Problem).
///
/// As a response, `Json` has the status 200. For another status, return `(StatusCode, Json<T>)`. A
/// value that JSON can't represent, such as a map whose keys aren't strings, results in an error
/// page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Json<T> {
    fn from_request(request: &mut Request) -> Result<Self, Rejection> {
        let kind = request.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        if !is_json(kind) {
            let rejection = Rejection::localized(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                |words: &ServerWords| &words.json_expected,
                &[("type", &kind)],
            );
            let accepted = HeaderValue::from_static("application/json");
            return Err(rejection.with_header(header::ACCEPT, accepted));
        }
        parse(&request.text_body()?).map(Self)
    }
}

impl<T: Serialize + DeserializeOwned> Json<T> {
    /// Returns what is left of a value after its way through JSON: a field that is skipped has its
    /// default.
    ///
    /// # Errors
    /// If JSON can't represent the value.
    pub fn round_trip(value: &T) -> Result<T, Failure> {
        let document = serde_json::to_vec(value)?;
        Ok(serde_json::from_slice(&document)?)
    }
}

fn parse<T: DeserializeOwned>(document: &[u8]) -> Result<T, Rejection> {
    let mut json = serde_json::Deserializer::from_slice(document);
    let value = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| invalid(Some(error.path()), error.inner()))?;
    json.end().map_err(|error| invalid(None, &error))?;
    Ok(value)
}

/// Creates the rejection for an invalid document. `path` leads to the invalid value.
fn invalid(path: Option<&serde_path_to_error::Path>, error: &serde_json::Error) -> Rejection {
    let status = match error.classify() {
        Category::Data => StatusCode::UNPROCESSABLE_ENTITY,
        Category::Syntax | Category::Eof | Category::Io => StatusCode::BAD_REQUEST,
    };
    let is_inside = |path: &&serde_path_to_error::Path| path.iter().next().is_some();
    let detail = match path.filter(is_inside) {
        Some(path) => format!("In the JSON, at `{path}`: {error}."),
        None => format!("In the JSON: {error}."),
    };
    Rejection::technical(status, detail)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => Response::bytes("application/json", bytes),
            Err(error) => Response::failed(error.into()),
        }
    }
}

impl RequestBuilder {
    /// Sets the body to a JSON document, and the `Content-Type` to `application/json`.
    ///
    /// ```
    /// use solohttp_core::{Json, Request};
    /// let sum = |Json(numbers): Json<Vec<u32>>| Json(numbers.iter().sum::<u32>());
    /// let response = Request::post("/").json(&[3, 4]).send_to(sum);
    /// assert_eq!(response.into_json::<u32>(), 7);
    /// ```
    ///
    /// # Panics
    /// If JSON can't represent the value.
    #[track_caller]
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        let document = serde_json::to_vec(value);
        let document = document.unwrap_or_else(|error| panic!("no JSON document: {error}"));
        self.header("content-type", "application/json").body(document)
    }
}

impl Response {
    /// Returns the body as a value, for tests.
    ///
    /// # Panics
    /// If the body isn't JSON or doesn't fit the type. The message contains the body.
    #[must_use]
    #[track_caller]
    pub fn into_json<T: DeserializeOwned>(self) -> T {
        let status = self.status();
        let text = self.into_text();
        serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("the response ({status}): {error}: {text}"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    type Items = BTreeMap<String, Vec<(String, u32)>>;

    /// Sends a document. Returns the status and the detail of the problem.
    fn send(content_type: &str, document: &str) -> (u16, String) {
        let handler = |Json(items): Json<Items>| Json(items.len());
        let request = Request::post("/").header("content-type", content_type).body(document);
        let response = request.header("accept", "application/json").send_to(handler);
        let status = response.status().as_u16();
        let json: serde_json::Value = response.into_json();
        (status, json["detail"].as_str().unwrap_or_default().to_owned())
    }

    #[track_caller]
    fn check(document: &str, status: u16, detail: &str) {
        assert_eq!(send("application/json", document), (status, detail.to_owned()), "{document}");
    }

    #[test]
    fn an_error_names_the_path_and_the_place() {
        check(r#"{"a": [["Tea", 1]]}"#, 200, "");
        check(
            r#"{"a": [["Tea", 1], ["Milk", "2"]]}"#,
            422,
            "In the JSON, at `a[1][1]`: invalid type: string \"2\", expected u32 at line 1 column \
             31.",
        );
        check("[]", 422, "In the JSON: invalid type: sequence, expected a map at line 1 column 0.");
        check("{\"a\": [,", 400, "In the JSON, at `a[0]`: expected value at line 1 column 8.");
        check("", 400, "In the JSON: EOF while parsing a value at line 1 column 0.");
        check("{} {}", 400, "In the JSON: trailing characters at line 1 column 4.");
    }

    #[test]
    fn a_document_is_not_nested_without_limit() {
        let handler = |Json(_): Json<serde_json::Value>| "";
        let request = Request::post("/").header("content-type", "application/json");
        let response = request.body("[".repeat(100_000)).send_to(handler);
        assert_eq!(response.status(), 400);
        assert!(response.into_text().contains("recursion limit exceeded"));
    }

    #[test]
    fn only_json_is_accepted() {
        for kind in ["application/json", "APPLICATION/JSON; charset=utf-8", "application/ld+json"] {
            assert_eq!(send(kind, "{}").0, 200, "{kind}");
        }
        for kind in ["", "text/plain", "text/plain; application/json", "application/jsonp"] {
            assert_eq!(send(kind, "{}").0, 415, "{kind}");
        }
        let gzip = Request::post("/").json(&7).header("content-encoding", "gzip");
        assert_eq!(gzip.send_to(|Json(_): Json<u32>| "").status(), 415);
    }

    #[test]
    fn an_own_error_page_is_for_browsers() {
        use crate::handler::IntoHandler as _;
        use crate::handler::dispatch::Dispatcher;

        fn fails(_: &mut ()) -> crate::Result<()> {
            Err("no".into())
        }
        let sent = |page: fn() -> Response, accept: &str| {
            let error_page = Some(Box::new(move |_: &_, _: &_| page()) as Box<_>);
            let mut dispatcher = Dispatcher { error_page, watchdog: None };
            let mut request = Request::get("/").header("accept", accept).build();
            let mut handler = fails.into_handler();
            let response = dispatcher.dispatch(&mut handler, &mut request);
            response.header("content-type").map(str::to_owned)
        };
        let html = || Response::html("sorry");
        let json = || Json("sorry").into_response();
        let kind = |kind: &str| Some(kind.to_owned());
        assert_eq!(sent(html, "text/html"), kind("text/html; charset=utf-8"));
        assert_eq!(sent(html, "application/json"), kind("application/problem+json"));
        assert_eq!(sent(json, "application/json"), kind("application/json"));
    }
}
