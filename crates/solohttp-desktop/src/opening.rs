//! The page shown while the program opens its data, and if that fails.
//!
//! A second thread serves it, because the main thread is busy. Sign-in isn't possible yet, so any
//! browser on this machine can see the page. Details are therefore shown only at the URL of the
//! one-time link.

use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use solohttp_core::header::{CACHE_CONTROL, RETRY_AFTER};
use solohttp_core::{HeaderValue, Method, Request, Response, StatusCode, html, iolist};

use crate::locked::Locked;

/// How long a failed start waits for the browser, which reloads the page every second.
const PATIENCE: Duration = Duration::from_secs(15);

const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The progress of the start, shared with the thread that serves the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Status(Arc<Locked<Stage>>);

#[derive(Debug, Clone, Default)]
struct Stage {
    doing: String,
    failure: Option<String>,
    is_failure_seen: bool,
}

impl Status {
    pub(crate) fn set(&self, doing: &str) {
        self.0.with(|stage| doing.clone_into(&mut stage.doing));
    }

    /// Replaces the progress with an error, and waits until a browser has loaded the page, but not
    /// for longer than `PATIENCE`.
    pub(crate) fn fail(&self, message: &str) {
        self.0.with(|stage| stage.failure = Some(message.to_owned()));
        let until = Instant::now() + PATIENCE;
        while !self.0.with(|stage| stage.is_failure_seen) && Instant::now() < until {
            sleep(POLL_INTERVAL);
        }
    }

    fn see(&self) -> Stage {
        self.0.with(|stage| {
            stage.is_failure_seen = stage.failure.is_some();
            stage.clone()
        })
    }
}

/// Returns the handler used while opening. `link` is the target of the one-time link.
pub(crate) fn handler(
    title: String,
    link: Option<String>,
    status: Status,
) -> impl Fn(&Request) -> Response + Send {
    move |request: &Request| {
        // Forms and event streams from an old window have to retry.
        let is_page =
            !matches!(request.header("sec-fetch-dest"), Some("empty" | "script" | "style"));
        if *request.method() != Method::GET || !is_page {
            return Response::empty(StatusCode::SERVICE_UNAVAILABLE)
                .with_header(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        let is_ours = link.as_deref() == Some(request.target());
        let page = if is_ours { own_page(&title, &status.see()) } else { page(&title, "") };
        page.with_header(CACHE_CONTROL, HeaderValue::from_static("no-store"))
    }
}

fn own_page(title: &str, stage: &Stage) -> Response {
    let Some(failure) = &stage.failure else { return page(title, &stage.doing) };
    let heading = format!("{title} cannot be opened");
    let body = iolist![
        "<p style=\"white-space: pre-line\">",
        html::escape(failure).into_owned(),
        "</p>\n"
    ];
    Response::page(&heading, body).with_status(StatusCode::INTERNAL_SERVER_ERROR)
}

fn page(title: &str, doing: &str) -> Response {
    let doing = html::escape(doing).into_owned();
    let reload = "<meta http-equiv=\"refresh\" content=\"1\">\n";
    let body = iolist![
        reload,
        "<p role=\"status\">",
        doing,
        "</p>\n<progress aria-label=\"Opening\"></progress>\n"
    ];
    Response::page(&format!("{title} is opening …"), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(request: solohttp_core::RequestBuilder, status: &Status) -> Response {
        let link = Some("/__launch?t=1".to_owned());
        let handler = handler("Stock".to_owned(), link, status.clone());
        request.send_to(move |request: &Request| handler(request))
    }

    #[test]
    fn only_the_own_window_is_told_what_is_going_on() {
        let status = Status::default();
        status.set("Updating <the> database");
        let page = ask(Request::get("/__launch?t=1"), &status).into_text();
        assert!(
            page.contains("Updating &lt;the&gt; database") && page.contains("refresh"),
            "{page}"
        );
        let page = ask(Request::get("/__launch?t=2"), &status).into_text();
        assert!(!page.contains("Updating") && page.contains("Stock is opening"), "{page}");
    }

    #[test]
    fn what_is_no_page_has_to_come_again() {
        let status = Status::default();
        for request in [
            Request::post("/task/new"),
            Request::get("/__desktop/events").header("sec-fetch-dest", "empty"),
        ] {
            let response = ask(request, &status);
            assert_eq!(response.status(), 503);
            assert_eq!(response.header("retry-after"), Some("1"));
        }
    }

    #[test]
    fn a_failure_waits_until_it_is_seen() {
        let status = Status::default();
        std::thread::scope(|scope| {
            let failing = scope.spawn(|| status.fail("no such table: stock"));
            while !failing.is_finished() {
                let page = ask(Request::get("/__launch?t=1"), &status).into_text();
                let is_failure = page.contains("Stock cannot be opened");
                assert!(!is_failure || page.contains("no such table: stock"), "{page}");
            }
        });
    }
}
