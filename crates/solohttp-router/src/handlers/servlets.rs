//! A [`Servlet`] made for each request as a handler.

use std::marker::PhantomData;

use solohttp_core::{Handler, IntoResponse as _, Request, Response, Servlet, respond};

use crate::handlers::calls::Constructor;

pub(crate) struct Servlets<C, Marker> {
    constructor: C,
    marker: PhantomData<fn() -> Marker>,
}

impl<C, Marker> Servlets<C, Marker> {
    pub(crate) const fn new(constructor: C) -> Self {
        Self { constructor, marker: PhantomData }
    }
}

impl<S, M, C: Constructor<S, M, Made: Servlet<S>>> Handler<S> for Servlets<C, M> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        match self.constructor.make(state, request) {
            Ok(servlet) => respond(servlet, state, request),
            Err(rejection) => rejection.into_response(),
        }
    }

    fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
        C::check_wildcards(names)
    }
}
