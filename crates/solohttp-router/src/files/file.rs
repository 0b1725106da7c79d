//! Sends one file in full or in part, or responds with a 304. Independent of where the bytes come
//! from.

mod conditions;
mod range;

use std::io;
use std::ops::Range;

use solohttp_core::{
    Failure, HeaderValue, IntoResponse as _, Locale, Method, Rejection, Request, Response,
    StatusCode, attachment, header,
};

pub(crate) use conditions::Version;

use crate::files::date::http_date;
use crate::words::RouterWords;
use conditions::Condition;
use range::RangeRequest;

/// A file that may be served.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) len: u64,
    pub(crate) version: Version,
    pub(crate) content: Box<dyn Content>,
}

/// The content of a file.
pub(crate) trait Content {
    /// Returns a 200 response with this part as its body.
    fn into_response(self: Box<Self>, part: Range<u64>) -> io::Result<Response>;
}

/// Makes browsers revalidate files on each use.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("no-cache");

impl File {
    /// Responds to a request for this file. If `as_downloads` is set, browsers save the file.
    pub(crate) fn into_response(self, request: &Request, as_downloads: bool) -> Response {
        let version = self.version.clone();
        let response = match version.evaluate(request) {
            Condition::Send => self.send(request, as_downloads).unwrap_or_else(|error| {
                let context = Locale::current::<RouterWords>().sending.to_string();
                Response::failed(Failure::from(error).within(context))
            }),
            Condition::NotModified => Response::empty(StatusCode::NOT_MODIFIED),
            Condition::Failed => Rejection::localized(
                StatusCode::PRECONDITION_FAILED,
                |words: &RouterWords| &words.file_changed,
                &[],
            )
            .into_response(),
        };
        if response.failure().is_some() {
            return response;
        }
        let response = response
            .with_header(header::ETAG, version.tag)
            .with_header(header::CACHE_CONTROL, CACHE_CONTROL);
        match version.modified {
            Some(time) => response.with_header(header::LAST_MODIFIED, http_date(time)),
            None => response,
        }
    }

    fn send(self, request: &Request, as_downloads: bool) -> io::Result<Response> {
        let len = self.len;
        // Ranges are only defined for GET (RFC 9110 section 14.2).
        let field = request.header("range").filter(|_| *request.method() == Method::GET);
        let range = match field.filter(|_| self.version.allows_range(request)) {
            Some(field) => range::parse(field, len),
            None => RangeRequest::Full,
        };
        let response = match range {
            RangeRequest::Full => self.content.into_response(0..len)?,
            RangeRequest::Part(part) => {
                let shown = format!("bytes {}-{}/{len}", part.start, part.end - 1);
                self.content
                    .into_response(part)?
                    .with_status(StatusCode::PARTIAL_CONTENT)
                    .with_header(header::CONTENT_RANGE, shown)
            }
            RangeRequest::Unsatisfiable => {
                return Ok(unsatisfiable(len));
            }
        };
        let response = response
            .with_header(header::CONTENT_TYPE, self.content_type)
            .with_header(header::ACCEPT_RANGES, "bytes");
        let is_download = as_downloads || request.query().contains("download");
        Ok(if is_download {
            response.with_header(header::CONTENT_DISPOSITION, attachment(&self.name))
        } else {
            response
        })
    }
}

fn unsatisfiable(len: u64) -> Response {
    let shown = HeaderValue::try_from(format!("bytes */{len}")).expect("digits are visible ASCII");
    Rejection::localized(
        StatusCode::RANGE_NOT_SATISFIABLE,
        |words: &RouterWords| &words.range,
        &[("len", &len)],
    )
    .with_header(header::CONTENT_RANGE, shown)
    .into_response()
}
