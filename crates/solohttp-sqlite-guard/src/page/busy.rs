//! The 503 page for a busy or locked database, with a button that repeats the request.

use std::error::Error;

use rusqlite::{ErrorCode, ffi};
use solohttp_core::{
    Fields, HeaderValue, IoList, Locale, Method, Request, Response, Sentence, StatusCode, header,
    html,
};

use super::{problem, push_paragraph, push_statements};
use crate::watch::report::Report;
use crate::words::GuardWords;

/// In seconds. This is short, because the connection has already waited for its busy timeout.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

/// The largest request body, in bytes, that is repeated as hidden fields.
const MAX_REPLAY: u64 = 2 * 1024 * 1024;

/// What holds the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Busy {
    /// Another connection holds the lock (`SQLITE_BUSY`).
    OtherConnection,
    /// Another connection wrote after this one began to read (`SQLITE_BUSY_SNAPSHOT`).
    StaleSnapshot,
    /// Another statement of the same connection or shared cache holds the lock (`SQLITE_LOCKED`).
    SameConnection,
}

impl Busy {
    /// Finds a busy or locked error anywhere in the response's chain of causes.
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
                Some(Self::StaleSnapshot)
            }
            ErrorCode::DatabaseBusy => Some(Self::OtherConnection),
            ErrorCode::DatabaseLocked => Some(Self::SameConnection),
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
            Self::OtherConnection => &words.busy_elsewhere,
            Self::StaleSnapshot => &words.busy_overtaken,
            Self::SameConnection => &words.busy_itself,
        }
    }

    pub(crate) fn page(self, request: &Request, reports: &[Report]) -> Response {
        let words = &*Locale::current::<GuardWords>();
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let sentence = self.sentence(words).to_string();
        let sentences: Vec<String> =
            std::iter::once(sentence).chain(saved(reports, words)).collect();
        let unfinished = self.unfinished(reports);
        if let Some(problem) = problem(request, status, &sentences, &unfinished) {
            return problem.with_header(header::RETRY_AFTER, RETRY_AFTER);
        }
        let mut body = IoList::new();
        sentences.iter().for_each(|sentence| push_paragraph(&mut body, sentence));
        if !unfinished.is_empty() {
            push_paragraph(&mut body, &words.busy_unfinished.to_string());
            push_statements(&mut body, unfinished);
        }
        push_retry(&mut body, request, words);
        let page = Response::page(&words.busy_title.to_string(), body).with_status(status);
        page.with_header(header::RETRY_AFTER, RETRY_AFTER)
    }

    /// The unfinished statements, since a retry can't succeed while this program holds the lock.
    fn unfinished(self, reports: &[Report]) -> Vec<&String> {
        let unfinished = reports.iter().flat_map(|report| &report.unfinished);
        unfinished.filter(|_| self != Self::OtherConnection).collect()
    }
}

/// What the request has saved before it failed.
fn saved(reports: &[Report], words: &GuardWords) -> Option<String> {
    Some(match Report::total_saved_rows(reports)? {
        0 => words.busy_saved_nothing.to_string(),
        rows => words.busy_saved_part.say(&[("rows", &rows)]),
    })
}

/// Adds a link or form that repeats the request, or the reason why there is none.
fn push_retry(body: &mut IoList, request: &Request, words: &GuardWords) {
    // A target that starts with two slashes would lead to another host.
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
    // Browsers replace a NUL in HTML with U+FFFD.
    request.body().len() <= MAX_REPLAY
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
