//! Functions as handlers: one impl per argument list, distinguished by marker types.
//!
//! Only this module defines which arguments a function may take. `solohttp-router` builds on it.

use std::fmt;
use std::marker::PhantomData;

use http::StatusCode;

use super::{Handler, IntoHandler};
use crate::error::Rejection;
use crate::extract::Extract;
use crate::request::Request;
use crate::response::{IntoResponse, Response};

/// A function that handles requests. Its arguments are `&mut S`, up to six extractors, and
/// `&Request`, in this order. Each of them is optional.
///
/// `Marker` distinguishes the argument lists and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function that handles requests with the state `{S}`",
    label = "not a function with these arguments",
    note = "its arguments must be `&mut {S}`, extractors such as `Path<T>`, and `&Request`, in \
            this order (each is optional)"
)]
pub trait RequestFn<S, Marker> {
    /// The return type.
    type Output;

    /// Extracts the arguments and calls the function.
    ///
    /// # Errors
    /// If an argument can't be extracted from the request.
    fn call(&mut self, state: &mut S, request: &mut Request) -> Result<Self::Output, Rejection>;

    /// Checks that the extractors fit a path with these wildcards.
    ///
    /// # Errors
    /// Returns a message for the programmer.
    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String>;
}

/// A method of `T` that takes `self` by value. Its other arguments are the same as for a
/// [`RequestFn`].
///
/// `Marker` distinguishes the argument lists and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a method of `{T}` for requests with the state `{S}`",
    label = "not a method with these arguments",
    note = "its arguments must be `{T}` by value, `&mut {S}`, extractors such as `Form<T>`, and \
            `&Request`, in this order (all but the first are optional)"
)]
pub trait RequestMethod<T, S, Marker> {
    /// The return type.
    type Output;

    /// Extracts the arguments and calls the method.
    ///
    /// # Errors
    /// If an argument can't be extracted from the request.
    fn call(
        &mut self,
        value: T,
        state: &mut S,
        request: &mut Request,
    ) -> Result<Self::Output, Rejection>;

    /// Checks that the extractors fit a path with these wildcards.
    ///
    /// # Errors
    /// Returns a message for the programmer.
    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String>;
}

/// A function used as a [`Handler`].
pub struct FunctionHandler<F, Marker> {
    function: F,
    marker: PhantomData<fn() -> Marker>,
}

impl<F, Marker> fmt::Debug for FunctionHandler<F, Marker> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FunctionHandler").field(&std::any::type_name::<F>()).finish()
    }
}

/// The [`IntoHandler`] marker for functions.
#[derive(Debug)]
pub struct IsFunction<Marker>(PhantomData<Marker>);

impl<S, M, F> IntoHandler<S, IsFunction<M>> for F
where
    S: 'static,
    F: RequestFn<S, M, Output: IntoResponse>,
{
    type Handler = FunctionHandler<F, M>;

    fn into_handler(self) -> Self::Handler {
        FunctionHandler { function: self, marker: PhantomData }
    }
}

impl<S, M, F> Handler<S> for FunctionHandler<F, M>
where
    S: 'static,
    F: RequestFn<S, M, Output: IntoResponse>,
{
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        if request.is_call() {
            let ran = request.run_call(state);
            return ran.unwrap_or_else(|| Response::empty(StatusCode::NOT_FOUND));
        }
        match self.function.call(state, request) {
            Ok(output) => output.into_response(),
            Err(rejection) => rejection.into_response(),
        }
    }

    fn check_wildcards(&self, names: &[Option<&str>]) -> Result<(), String> {
        F::check_wildcards(names)
    }
}

/// Markers for the arguments that surround the extractors.
#[derive(Debug)]
pub struct Plain;
#[derive(Debug)]
pub struct TakesState;
#[derive(Debug)]
pub struct TakesRequest;
#[derive(Debug)]
pub struct TakesBoth;

/// Implements one of the two traits for one argument list.
macro_rules! function {
    (
        [$($T:ident: $value:ident)?] $Trait:ident,
        $Marker:ident, ($($state:ident)?), ($($extractor:ident)*), ($($request:ident)?)
    ) => {
        #[allow(
            non_snake_case,
            unused_variables,
            reason = "values are named like their types, and not every list has every argument"
        )]
        impl<$($T,)? S, F, R, $($extractor),*>
            $Trait<$($T,)? S, ($Marker, fn($($extractor),*) -> R)> for F
        where
            F: FnMut(
                $($T,)?
                $(function!(@type $state S),)?
                $($extractor,)*
                $(function!(@type $request S))?
            ) -> R,
            $($extractor: Extract<S>,)*
        {
            type Output = R;

            fn call(
                &mut self,
                $($value: $T,)?
                state: &mut S,
                request: &mut Request,
            ) -> Result<R, Rejection> {
                $(let $extractor = <$extractor as Extract<S>>::extract(request)?;)*
                Ok(self(
                    $($value,)?
                    $(function!(@pass $state state),)?
                    $($extractor,)*
                    $(function!(@pass $request request))?
                ))
            }

            fn check_wildcards(names: &[Option<&str>]) -> Result<(), String> {
                $(<$extractor as Extract<S>>::check_wildcards(names)?;)*
                Ok(())
            }
        }
    };
    (@type state $S:ident) => { &mut $S };
    (@type request $S:ident) => { &Request };
    (@pass state $value:ident) => { $value };
    (@pass request $value:ident) => { $value };
}

macro_rules! functions {
    ($(($($extractor:ident)*))*) => {
        $(
            functions!([] RequestFn, $($extractor)*);
            functions!([T: value] RequestMethod, $($extractor)*);
        )*
    };
    ([$($value:tt)*] $Trait:ident, $($extractor:ident)*) => {
        function!([$($value)*] $Trait, Plain, (), ($($extractor)*), ());
        function!([$($value)*] $Trait, TakesState, (state), ($($extractor)*), ());
        function!([$($value)*] $Trait, TakesRequest, (), ($($extractor)*), (request));
        function!([$($value)*] $Trait, TakesBoth, (state), ($($extractor)*), (request));
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
    fn functions_with_any_arguments_are_handlers() {
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
    fn a_closure_keeps_its_captures() {
        let mut calls = 0;
        let mut handler =
            IntoHandler::<(), IsFunction<(Plain, fn() -> String)>>::into_handler(move || {
                calls += 1;
                calls.to_string()
            });
        Request::get("/").send_to(&mut handler);
        assert_eq!(Request::get("/").send_to(&mut handler).into_text(), "2");
    }
}
