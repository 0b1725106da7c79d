//! The database was in use: a page that says so and can send the same request again.
//!
//! Finds the error wherever it is in the chain of causes; knows nothing of transactions.

use std::error::Error;

use rusqlite::{ErrorCode, ffi};
use solohttp_core::{
    Fields, HeaderValue, IoList, Locale, Method, Request, Response, Sentence, StatusCode, header,
    html,
};

use crate::report::Report;
use crate::words::GuardWords;

/// Seconds until it is worth trying again. Whoever held the lock had its time already, while the
/// connection waited.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// Bodies up to this many bytes are written into the page as hidden fields.
const LARGEST_REPLAY: u64 = 2 * 1024 * 1024;

/// Who is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Busy {
    /// Another connection holds the lock (`SQLITE_BUSY`).
    Elsewhere,
    /// Another connection wrote after this one began to read (`SQLITE_BUSY_SNAPSHOT`).
    Overtaken,
    /// Another statement of the same connection, or of a shared cache (`SQLITE_LOCKED`).
    Itself,
}

impl Busy {
    /// Does this response report, first or as a cause, that a database was busy or locked?
    pub(crate) fn find(response: &Response) -> Option<Self> {
        let failure = response.failure()?;
        failure.error().into_iter().chain(failure.causes()).find_map(Self::of)
    }

    fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let sqlite = match error.downcast_ref::<rusqlite::Error>() {
            Some(error) => error.sqlite_error()?,
            None => error.downcast_ref::<ffi::Error>()?,
        };
        match sqlite.code {
            ErrorCode::DatabaseBusy if sqlite.extended_code == ffi::SQLITE_BUSY_SNAPSHOT => {
                Some(Self::Overtaken)
            }
            ErrorCode::DatabaseBusy => Some(Self::Elsewhere),
            ErrorCode::DatabaseLocked => Some(Self::Itself),
            _ => None,
        }
    }

    pub(crate) fn log(self, request: &Request) {
        let target = request.target().escape_default();
        let english = GuardWords::default();
        let sentence = self.sentence(&english);
        log::warn!(target: "solohttp", "{} {target}: {sentence}", request.method());
    }

    fn sentence(self, words: &GuardWords) -> &Sentence {
        match self {
            Self::Elsewhere => &words.busy_elsewhere,
            Self::Overtaken => &words.busy_overtaken,
            Self::Itself => &words.busy_itself,
        }
    }

    /// 503, with the request to send again.
    pub(crate) fn page(self, request: &Request, reports: &[Report]) -> Response {
        let words = &*Locale::current::<GuardWords>();
        let mut body = IoList::new();
        push_paragraph(&mut body, &self.sentence(words).to_string());
        push_what_is_saved(&mut body, reports, words);
        self.push_own_fault(&mut body, reports, words);
        push_again(&mut body, request, words);
        let page = Response::page(&words.busy_title.to_string(), body)
            .with_status(StatusCode::SERVICE_UNAVAILABLE);
        page.with_header(header::RETRY_AFTER, RETRY_AFTER)
    }

    /// Trying again does not help against a lock that this program holds itself.
    fn push_own_fault(self, body: &mut IoList, reports: &[Report], words: &GuardWords) {
        let mut unfinished = reports.iter().flat_map(|report| &report.unfinished).peekable();
        if self == Self::Elsewhere || unfinished.peek().is_none() {
            return;
        }
        push_paragraph(body, &words.busy_unfinished.to_string());
        body.push("<pre>");
        for sql in unfinished {
            html::escape_into(sql, body);
            body.push("\n");
        }
        body.push("</pre>\n");
    }
}

fn push_what_is_saved(body: &mut IoList, reports: &[Report], words: &GuardWords) {
    match Report::saved_by(reports) {
        None => {}
        Some(0) => push_paragraph(body, &words.busy_saved_nothing.to_string()),
        Some(rows) => push_paragraph(body, &words.busy_saved_part.say(&[("rows", &rows)])),
    }
}

fn push_paragraph(body: &mut IoList, text: &str) {
    body.push("<p>");
    html::escape_into(text, body);
    body.push("</p>\n");
}

/// A form with all that was posted, or the honest word why there is none.
fn push_again(body: &mut IoList, request: &Request, words: &GuardWords) {
    // Not the target as sent: one that starts with two slashes would be another host's.
    let url = request.normal_url().unwrap_or_else(|| request.target().to_owned());
    match *request.method() {
        Method::GET | Method::HEAD => {
            body.push("<p><a href=\"");
            html::escape_into(&url, body);
            body.push("\">");
            html::escape_into(&words.try_again.to_string(), body);
            body.push("</a></p>\n");
        }
        Method::POST if request.form().is_ok_and(Fields::have_secrets) => {
            push_paragraph(body, &words.busy_secret.to_string());
        }
        Method::POST if can_replay(request) => push_form(body, request, &url, words),
        Method::POST => push_paragraph(body, &words.busy_reload.to_string()),
        _ => push_paragraph(body, &words.busy_send_again.to_string()),
    }
}

fn can_replay(request: &Request) -> bool {
    // HTML cannot carry a NUL: a browser reads U+FFFD for it.
    request.body().len() <= LARGEST_REPLAY
        && request.uploads().is_ok_and(<[_]>::is_empty)
        && request.form().is_ok_and(|fields| {
            !fields.iter().any(|(name, value)| name.contains('\0') || value.contains('\0'))
        })
}

fn push_form(body: &mut IoList, request: &Request, url: &str, words: &GuardWords) {
    body.push("<form method=\"post\" action=\"");
    html::escape_into(url, body);
    let is_multipart = request.header("content-type").is_some_and(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("multipart/form-data")
    });
    body.push(if is_multipart { "\" enctype=\"multipart/form-data\">\n" } else { "\">\n" });
    for (name, value) in request.form().into_iter().flat_map(|fields| fields.iter()) {
        body.push("<input type=\"hidden\" name=\"");
        html::escape_into(name, body);
        body.push("\" value=\"");
        html::escape_into(value, body);
        body.push("\">\n");
    }
    body.push("<p>");
    html::escape_into(&words.busy_kept.to_string(), body);
    body.push(" <button autofocus>");
    html::escape_into(&words.try_again.to_string(), body);
    body.push("</button></p>\n</form>\n");
}
