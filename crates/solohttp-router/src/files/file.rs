//! The answer that sends one file: whole, in part, or not again.
//!
//! Knows nothing of where the bytes come from: disk and memory are answered alike.

mod conditions;
mod disposition;
mod range;

use std::io;
use std::ops::Range;

use solohttp_core::{
    Failure, HeaderValue, IntoResponse as _, Method, Rejection, Request, Response, StatusCode,
    header,
};

pub(crate) use conditions::Version;

use crate::files::date::http_date;
use crate::words::RouterWords;
use conditions::Condition;
use range::Wanted;

/// A file that was found and may be sent.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) len: u64,
    pub(crate) version: Version,
    pub(crate) content: Box<dyn Content>,
}

/// The bytes of a file.
pub(crate) trait Content {
    /// A 200 with this part of the bytes as its body.
    fn into_response(self: Box<Self>, part: Range<u64>) -> io::Result<Response>;
}

/// How a folder sends its files.
#[derive(Debug, Clone)]
pub(crate) struct Sending {
    pub(crate) cache_control: HeaderValue,
    /// Are all files to be saved instead of shown?
    pub(crate) as_downloads: bool,
}

impl File {
    pub(crate) fn into_response(self, request: &Request, sending: &Sending) -> Response {
        let version = self.version.clone();
        let response = match version.meets(request) {
            Condition::Send => self.send(request, sending).unwrap_or_else(|error| {
                Response::failed(Failure::from(error).within("sending a file"))
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
            .with_header(header::CACHE_CONTROL, sending.cache_control.clone());
        match version.modified {
            Some(time) => response.with_header(header::LAST_MODIFIED, http_date(time)),
            None => response,
        }
    }

    fn send(self, request: &Request, sending: &Sending) -> io::Result<Response> {
        let len = self.len;
        // A range is for GET alone (RFC 9110 section 14.2).
        let field = request.header("range").filter(|_| *request.method() == Method::GET);
        let wanted = match field.filter(|_| self.version.may_be_in_parts(request)) {
            Some(field) => range::parse(field, len),
            None => Wanted::Whole,
        };
        let response = match wanted {
            Wanted::Whole => self.content.into_response(0..len)?,
            Wanted::Part(part) => {
                let shown = format!("bytes {}-{}/{len}", part.start, part.end - 1);
                self.content
                    .into_response(part)?
                    .with_status(StatusCode::PARTIAL_CONTENT)
                    .with_header(header::CONTENT_RANGE, shown)
            }
            Wanted::Nothing => {
                return Ok(unsatisfiable(len));
            }
        };
        let response = response
            .with_header(header::CONTENT_TYPE, self.content_type)
            .with_header(header::ACCEPT_RANGES, "bytes");
        let is_saved = sending.as_downloads || request.query().contains("download");
        Ok(if is_saved {
            response.with_header(header::CONTENT_DISPOSITION, disposition::attachment(&self.name))
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
