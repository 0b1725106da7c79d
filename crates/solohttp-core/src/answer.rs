//! From a request to a finished response: the handler, the page for what it failed at, the log.
//!
//! Knows nothing of connections. Tests without a socket and the server go through here alike.

use std::fmt;
use std::time::Instant;

use http::{Method, StatusCode};

use crate::caught::handle_caught;
use crate::error_page;
use crate::failure::Failure;
use crate::handler::Handler;
use crate::request::Request;
use crate::response::Response;

/// An application's own page for errors: see [`Server::error_page`](crate::Server::error_page).
pub(crate) type ErrorPage = Box<dyn FnMut(&Request, &Failure) -> Response>;

#[derive(Default)]
pub(crate) struct Answering {
    pub(crate) error_page: Option<ErrorPage>,
}

impl Answering {
    /// Asks the handler, and makes the page of an error that it reports.
    pub(crate) fn answer(
        &mut self,
        handler: &mut (impl Handler + ?Sized),
        request: &mut Request,
    ) -> Response {
        let started = Instant::now();
        let response = if request.target() == "*" && request.method() == Method::OPTIONS {
            Response::empty(StatusCode::OK)
        } else {
            let response = handle_caught(handler, &mut (), request);
            self.with_error_page(request, response)
        };
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
            log::error!(target: "solohttp", "{} {target} failed: {failure:?}", request.method());
        }
        let page = match &mut self.error_page {
            Some(page) => page(request, failure),
            None => error_page::of_failure(request, failure),
        };
        if response.shuts_down() { page.and_shut_down() } else { page }
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answering").field("error_page", &self.error_page.is_some()).finish()
    }
}
