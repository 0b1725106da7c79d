//! From a request to a finished response: the handler, the page for what it failed at, the log.
//!
//! Knows nothing of connections. Tests without a socket and the server go through here alike.

use std::fmt::{self, Write as _};
use std::time::Instant;

use http::{Method, StatusCode};

use crate::caught::{self, handle_caught};
use crate::error_page;
use crate::failure::Failure;
use crate::handler::Handler;
use crate::request::Request;
use crate::response::Response;
use crate::watchdog::Watchdog;

/// An application's own page for errors: see [`Server::error_page`](crate::Server::error_page).
pub(crate) type ErrorPage = Box<dyn FnMut(&Request, &Failure) -> Response>;

#[derive(Default)]
pub(crate) struct Answering {
    pub(crate) error_page: Option<ErrorPage>,
    pub(crate) watchdog: Option<Watchdog>,
}

impl Answering {
    /// Asks the handler, and makes the page of an error that it reports.
    pub(crate) fn answer(
        &mut self,
        handler: &mut (impl Handler + ?Sized),
        request: &mut Request,
    ) -> Response {
        let started = Instant::now();
        let mut response = if request.target() == "*" && request.method() == Method::OPTIONS {
            Response::empty(StatusCode::OK)
        } else {
            let watchdog = self.watchdog.as_ref();
            let watched =
                watchdog.map(|watchdog| watchdog.watch(request.method(), request.target()));
            let response = handle_caught(handler, &mut (), request);
            drop(watched);
            self.with_error_page(request, response)
        };
        for then in response.take_when_final() {
            if let Err(panic) = caught::catch(then) {
                log::error!(target: "solohttp", "after a response: {}", Indented(&panic));
            }
        }
        log::info!(
            target: "solohttp",
            "{} {} -> {} in {:.1} ms",
            request.method(),
            request.target().escape_default(),
            response.status().as_u16(),
            started.elapsed().as_secs_f64() * 1e3,
        );
        response
    }

    fn with_error_page(&mut self, request: &Request, response: Response) -> Response {
        let Some(failure) = response.failure() else { return response };
        if failure.status().is_server_error() {
            let target = request.target().escape_default();
            let text = Indented(failure);
            log::error!(target: "solohttp", "{} {target} failed: {text}", request.method());
        }
        let own = self.error_page.as_mut().map(|page| caught::catch(|| page(request, failure)));
        let page = match own {
            Some(Ok(page)) => page,
            Some(Err(again)) => error_page::of_failure(request, &again.within("the error page")),
            None => error_page::of_failure(request, failure),
        };
        if response.shuts_down() { page.and_shut_down() } else { page }
    }
}

/// A failure as the log shows it: what stands on further lines is marked as belonging to the
/// first, and no control character gets through, because texts from outside may be part of it.
struct Indented<'a>(&'a Failure);

impl fmt::Display for Indented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for char in format!("{:?}", self.0).chars() {
            match char {
                '\n' => f.write_str("\n    | ")?,
                char if char.is_control() => write!(f, "{}", char.escape_default())?,
                char => f.write_char(char)?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answering").field("error_page", &self.error_page.is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fails;

    impl Handler for Fails {
        fn handle(&mut self, (): &mut (), _: &mut Request) -> Response {
            Response::failed(Failure::from("first"))
        }
    }

    fn answer_with(page: ErrorPage) -> Response {
        let mut answering = Answering { error_page: Some(page), watchdog: None };
        answering.answer(&mut Fails, &mut Request::get("/").build())
    }

    #[test]
    fn no_text_forges_a_line_of_the_log() {
        let failure = Failure::from("bad\r\n[ERROR] forged \u{1b}[31m é");
        let shown = Indented(&failure).to_string();
        assert!(shown.starts_with("bad\\r\n    | [ERROR] forged \\u{1b}[31m é\n    | "), "{shown}");
    }

    #[test]
    fn an_error_page_that_panics_itself_is_still_a_page() {
        let response = answer_with(Box::new(|_, _| panic!("no page")));
        assert_eq!(response.status(), 500);
        assert!(response.into_text().contains("within: the error page"));
    }

    #[test]
    fn the_applications_own_error_page_is_shown() {
        let page = |_: &Request, failure: &Failure| Response::text(format!("Oh no: {failure}"));
        assert_eq!(answer_with(Box::new(page)).into_text(), "Oh no: first");
    }
}
