//! Functions that make a value from the request, and methods that answer on it, in any mix of
//! arguments: state, extractors, the request.
//!
//! Core's `IntoHandler` does the same for handlers; these differ in what comes first and last.

use solohttp_core::{Extract, IntoResponse, Rejection, Request, Response};

/// A function that makes a value for one request: arguments, each optional and in this order,
/// are `&mut S`, up to four extractors, `&Request`.
///
/// `Marker` tells the shapes apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot make a value for a request with a state of type `{S}`",
    label = "not a constructor",
    note = "a constructor is a function whose arguments are, each optional and in this order: \
            `&mut {S}`, extractors such as `Path<T>`, `&Request`"
)]
pub trait Constructor<S, Marker> {
    /// What it makes.
    type Made;

    /// Makes the value.
    ///
    /// # Errors
    /// When an argument cannot be read from the request.
    fn make(&mut self, state: &mut S, request: &mut Request) -> Result<Self::Made, Rejection>;

    /// Do its arguments fit a path with these wildcards?
    ///
    /// # Errors
    /// What does not fit.
    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String>;
}

/// A method of `T`, by value, that answers one request: further arguments, each optional and in
/// this order, are `&mut S`, up to four extractors, `&Request`.
///
/// `Marker` tells the shapes apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no method of `{T}` that answers requests with a state of type `{S}`",
    label = "not an action",
    note = "an action takes `{T}` by value, then, each optional and in this order: `&mut {S}`, \
            extractors such as `Form<T>`, `&Request`"
)]
pub trait Action<T, S, Marker> {
    /// Answers the request.
    fn act(&mut self, thing: T, state: &mut S, request: &mut Request) -> Response;

    /// Do its arguments fit a path with these wildcards?
    ///
    /// # Errors
    /// What does not fit.
    fn check_wildcards(names: &[Option<&str>]) -> Result<(), String>;
}

/// The shapes, as in core.
#[derive(Debug)]
pub struct Plain;
#[derive(Debug)]
pub struct TakesState;
#[derive(Debug)]
pub struct TakesRequest;
#[derive(Debug)]
pub struct TakesBoth;

macro_rules! call {
    ($shape:ident, ($($state:ident)?), ($($extractor:ident)*), ($($request:ident)?)) => {
        #[allow(
            non_snake_case,
            unused_variables,
            reason = "values are named like their types, and not every shape uses every argument"
        )]
        impl<S: 'static, F, R, $($extractor),*> Constructor<S, ($shape, fn($($extractor),*) -> R)> for F
        where
            F: FnMut($(call!(@type $state S),)? $($extractor,)* $(call!(@type $request S))?) -> R,
            $($extractor: Extract<S>,)*
        {
            type Made = R;

            fn make(&mut self, state: &mut S, request: &mut Request) -> Result<R, Rejection> {
                $(let $extractor = <$extractor as Extract<S>>::extract(request)?;)*
                Ok(self($(call!(@pass $state state),)? $($extractor,)* $(call!(@pass $request request))?))
            }

            fn check_wildcards(names: &[Option<&str>]) -> Result<(), String> {
                $(<$extractor as Extract<S>>::check_wildcards(names)?;)*
                Ok(())
            }
        }

        #[allow(
            non_snake_case,
            unused_variables,
            reason = "values are named like their types, and not every shape uses every argument"
        )]
        impl<T, S: 'static, F, R, $($extractor),*> Action<T, S, ($shape, fn($($extractor),*) -> R)> for F
        where
            F: FnMut(T, $(call!(@type $state S),)? $($extractor,)* $(call!(@type $request S))?) -> R,
            R: IntoResponse,
            $($extractor: Extract<S>,)*
        {
            fn act(&mut self, thing: T, state: &mut S, request: &mut Request) -> Response {
                $(
                    let $extractor = match <$extractor as Extract<S>>::extract(request) {
                        Ok(value) => value,
                        Err(rejection) => return rejection.into_response(),
                    };
                )*
                self(thing, $(call!(@pass $state state),)? $($extractor,)* $(call!(@pass $request request))?)
                    .into_response()
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

macro_rules! calls {
    ($(($($extractor:ident)*))*) => {
        $(
            call!(Plain, (), ($($extractor)*), ());
            call!(TakesState, (state), ($($extractor)*), ());
            call!(TakesRequest, (), ($($extractor)*), (request));
            call!(TakesBoth, (state), ($($extractor)*), (request));
        )*
    };
}

calls! { () (A) (A B) (A B C) (A B C D) }
