//! Functions as handlers: one impl for each shape, kept apart by marker types.

use std::fmt;
use std::marker::PhantomData;

use super::{Handler, IntoHandler};
use crate::extract::FromRequest;
use crate::request::Request;
use crate::response::Response;
use crate::response::into_response::IntoResponse;

/// A function as a [`Handler`].
pub struct FunctionHandler<F, Marker> {
    function: F,
    marker: PhantomData<fn() -> Marker>,
}

impl<F, Marker> fmt::Debug for FunctionHandler<F, Marker> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FunctionHandler").field(&std::any::type_name::<F>()).finish()
    }
}

/// The shapes: what comes before and after the extractors.
#[derive(Debug)]
pub struct Plain;
#[derive(Debug)]
pub struct TakesState;
#[derive(Debug)]
pub struct TakesRequest;
#[derive(Debug)]
pub struct TakesBoth;

macro_rules! function {
    ($shape:ident, ($($state:ident)?), ($($extractor:ident)*), ($($request:ident)?)) => {
        impl<S, F, R, $($extractor),*> IntoHandler<S, ($shape, fn($($extractor),*) -> R)> for F
        where
            F: FnMut($(function!(@state $state S),)? $($extractor,)* $(function!(@request $request))?) -> R,
            R: IntoResponse,
            $($extractor: FromRequest,)*
        {
            type Handler = FunctionHandler<F, ($shape, fn($($extractor),*) -> R)>;

            fn into_handler(self) -> Self::Handler {
                FunctionHandler { function: self, marker: PhantomData }
            }
        }

        impl<S, F, R, $($extractor),*> Handler<S>
            for FunctionHandler<F, ($shape, fn($($extractor),*) -> R)>
        where
            F: FnMut($(function!(@state $state S),)? $($extractor,)* $(function!(@request $request))?) -> R,
            R: IntoResponse,
            $($extractor: FromRequest,)*
        {
            #[allow(
                non_snake_case,
                unused_variables,
                reason = "the extractors' values are named like their types, and not every \
                          shape uses every argument"
            )]
            fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
                $(
                    let $extractor = match $extractor::from_request(request) {
                        Ok(value) => value,
                        Err(rejection) => return rejection.into_response(),
                    };
                )*
                (self.function)($(function!(@pass $state state),)? $($extractor,)* $(function!(@pass $request request))?)
                    .into_response()
            }

            #[allow(unused_variables, reason = "a function without extractors has none to ask")]
            fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
                $($extractor::check_wildcards(names)?;)*
                Ok(())
            }
        }
    };
    (@state state $S:ident) => { &mut $S };
    (@request request) => { &Request };
    (@pass state $value:ident) => { $value };
    (@pass request $value:ident) => { $value };
}

macro_rules! functions {
    ($(($($extractor:ident)*))*) => {
        $(
            function!(Plain, (), ($($extractor)*), ());
            function!(TakesState, (state), ($($extractor)*), ());
            function!(TakesRequest, (), ($($extractor)*), (request));
            function!(TakesBoth, (state), ($($extractor)*), (request));
        )*
    };
}

functions! { () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E G) }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Form, Query};
    use crate::handler::WithState;

    type Pairs = Vec<(String, String)>;

    struct App {
        visits: u64,
    }

    fn check<M, F: IntoHandler<App, M>>(handler: F, expect: &str) {
        let mut app: WithState<_, App> = handler.into_handler().with_state(App { visits: 6 });
        let response = Request::post("/p?q=1").form([("f", "2")]).send_to(&mut app);
        assert_eq!(response.into_text(), expect);
    }

    fn nothing() -> &'static str {
        "nothing"
    }
    fn state(app: &mut App) -> String {
        app.visits += 1;
        format!("{}", app.visits)
    }
    fn request(request: &Request) -> String {
        request.path().to_owned()
    }
    fn both(app: &mut App, request: &Request) -> String {
        format!("{} {}", app.visits, request.path())
    }
    fn all(app: &mut App, Query(q): Query<Pairs>, Form(f): Form<Pairs>, r: &Request) -> String {
        format!("{} {q:?} {f:?} {}", app.visits, r.path())
    }
    fn extracts(Query(q): Query<Pairs>, Form(f): Form<Pairs>) -> Result<String, std::fmt::Error> {
        Ok(format!("{q:?} {f:?}"))
    }

    #[test]
    fn functions_of_every_shape_are_handlers() {
        check(nothing, "nothing");
        check(state, "7");
        check(request, "/p");
        check(both, "6 /p");
        check(extracts, r#"[("q", "1")] [("f", "2")]"#);
        check(all, r#"6 [("q", "1")] [("f", "2")] /p"#);
        check(|app: &mut App| app.visits.to_string(), "6");
        check(|| "closure", "closure");
    }

    #[test]
    fn a_closure_keeps_what_it_captured() {
        let mut calls = 0;
        let mut handler = IntoHandler::<(), (Plain, fn() -> String)>::into_handler(move || {
            calls += 1;
            calls.to_string()
        });
        Request::get("/").send_to(&mut handler);
        assert_eq!(Request::get("/").send_to(&mut handler).into_text(), "2");
    }
}
