//! Turns a request into a finished response: calls the handler, creates error pages and writes the
//! log.
//!
//! This module doesn't depend on connections. Both the server and tests without a socket use it.

use std::fmt;
use std::time::Instant;

use http::{Method, StatusCode};

use crate::error::Failure;
use crate::handler::Handler;
use crate::handler::catch_panic::{self, catch_panic};
use crate::log_line::{self, Indented};
use crate::request::Request;
use crate::request::preview::Handling;
use crate::response::Response;
use crate::response::error_page;
use crate::response::notice;
use crate::response::stale_pages;
use crate::server::watchdog::Watchdog;

/// An application's own error page: see [`Server::error_page`](crate::Server::error_page).
pub(crate) type ErrorPage = Box<dyn FnMut(&Request, &Failure) -> Response>;

#[derive(Default)]
pub(crate) struct Dispatcher {
    pub(crate) error_page: Option<ErrorPage>,
    pub(crate) watchdog: Option<Watchdog>,
}

impl Dispatcher {
    /// Calls the handler and replaces a failure with an error page.
    pub(crate) fn dispatch(
        &mut self,
        handler: &mut (impl Handler + ?Sized),
        request: &mut Request,
    ) -> Response {
        if request.is_call() {
            let response = self.run(handler, request);
            return finish_call(request, response);
        }
        let started = Instant::now();
        let mut response = if request.target() == "*" && request.method() == Method::OPTIONS {
            Response::empty(StatusCode::OK)
        } else {
            let mut response = self.run(handler, request);
            let notice = response.take_notice();
            let page = self.with_error_page(request, response);
            match notice {
                Some(notice) => notice::show(request, page, notice),
                None => page,
            }
        };
        run_callbacks(&mut response);
        stale_pages::mark(request, &mut response);
        let took = started.elapsed();
        log_line::answered(request.method(), request.target(), response.status(), took);
        response
    }

    /// Calls the handler with the watchdog running, and catches panics.
    fn run(&self, handler: &mut (impl Handler + ?Sized), request: &mut Request) -> Response {
        let watchdog = self.watchdog.as_ref();
        let watched = watchdog.map(|watchdog| watchdog.watch(request.method(), request.target()));
        let handling = Handling::new(request.method(), request.lazy_headers());
        let response = catch_panic(handler, &mut (), request);
        drop((handling, watched));
        final_response(response)
    }

    fn with_error_page(&mut self, request: &Request, response: Response) -> Response {
        let Some(failure) = response.failure() else { return response };
        // A rejection isn't a program error, even if its status is 5xx (an unknown method, a busy
        // database). The request's log line shows it.
        if failure.status().is_server_error() && failure.rejection().is_none() {
            log_failure(request, failure);
        }
        let own = self
            .error_page
            .as_mut()
            .map(|page| catch_panic::catch_unwind(|| page(request, failure)));
        let page = match own {
            Some(Err(panic)) => error_page::of_failure(request, &panic.within("the error page")),
            // The application's own page replaces only the built-in page, not the JSON document.
            Some(Ok(page))
                if !page.is_page() || !error_page::is_json_preferred(request.lazy_headers()) =>
            {
                page
            }
            _ => error_page::of_failure(request, failure),
        };
        if response.shuts_down() { page.and_shut_down() } else { page }
    }
}

/// Finishes a call that doesn't come from a client. Nobody sees its response.
fn finish_call(request: &Request, mut response: Response) -> Response {
    if let Some(failure) = response.failure()
        && failure.rejection().is_none()
    {
        log_failure(request, failure);
    }
    run_callbacks(&mut response);
    response
}

fn log_failure(request: &Request, failure: &Failure) {
    let target = request.target().escape_default();
    failure.log(format_args!("{} {target}", request.method()));
}

fn run_callbacks(response: &mut Response) {
    for callback in response.take_when_final() {
        if let Err(panic) = catch_panic::catch_unwind(callback) {
            log::error!(target: "solohttp", "error in a `when_final` callback: {}", Indented(&panic));
        }
    }
}

/// Rejects interim statuses. A 1xx status announces another response (RFC 9110 section 15.2), and
/// 101 announces another protocol.
fn final_response(response: Response) -> Response {
    let status = response.status();
    if !status.is_informational() {
        return response;
    }
    Response::failed(Failure::from(format!("{status} is not the status of a final response")))
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher").field("error_page", &self.error_page.is_some()).finish()
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

    fn respond_with(page: ErrorPage) -> Response {
        let mut dispatcher = Dispatcher { error_page: Some(page), watchdog: None };
        dispatcher.dispatch(&mut Fails, &mut Request::get("/").build())
    }

    #[test]
    fn an_error_page_that_panics_becomes_the_default_page() {
        let response = respond_with(Box::new(|_, _| panic!("no page")));
        assert_eq!(response.status(), 500);
        assert!(response.into_text().contains("While: the error page"));
    }

    #[test]
    fn a_handler_cannot_switch_protocols() {
        let upgrade = || Response::empty(StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(Request::get("/").send_to(upgrade).status(), 500);
    }

    #[test]
    fn the_applications_own_error_page_is_shown() {
        let page = |_: &Request, failure: &Failure| Response::text(format!("Oh no: {failure}"));
        assert_eq!(respond_with(Box::new(page)).into_text(), "Oh no: first");
    }
}
