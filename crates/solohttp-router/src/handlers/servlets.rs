//! A handler that creates a [`Servlet`] for each request.

use std::marker::PhantomData;

use solohttp_core::{Handler, IntoResponse as _, Request, RequestFn, Response, Servlet, respond};

pub(crate) struct Servlets<C, Marker> {
    constructor: C,
    marker: PhantomData<fn() -> Marker>,
}

impl<C, Marker> Servlets<C, Marker> {
    pub(crate) const fn new(constructor: C) -> Self {
        Self { constructor, marker: PhantomData }
    }
}

impl<S, M, C: RequestFn<S, M, Output: Servlet<S>>> Handler<S> for Servlets<C, M> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        match self.constructor.call(state, request) {
            Ok(servlet) => respond(servlet, state, request),
            Err(rejection) => rejection.into_response(),
        }
    }

    fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
        C::check_wildcards(names)
    }
}
