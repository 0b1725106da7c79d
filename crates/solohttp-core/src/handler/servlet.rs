//! Servlets: values that handle a single request, with a Rust method for each HTTP method.
//!
//! This module doesn't depend on paths. Routers create servlets from wildcards.

use http::Method;

use crate::error::Failure;
use crate::handler::Allow;
use crate::request::Request;
use crate::response::Response;
use crate::response::into_response::IntoResponse;

/// A value created for one request, with a method for each HTTP method that it supports.
///
/// Implement the supported methods and keep their return type `Result<impl IntoResponse>`. Requests
/// with other methods get a 405 response with a correct `Allow` header field. `get` also handles
/// HEAD, and OPTIONS is handled automatically. An `Option` or `Result` that contains a servlet is
/// also a servlet: `None` results in a 404, and an error becomes an error page.
///
/// ```
/// use solohttp_core::{IntoResponse, Method, Request, Response, Result, Servlet, respond};
///
/// struct NewTask;
///
/// impl Servlet<Vec<String>> for NewTask {
///     fn get(self, _: &mut Vec<String>, _: &mut Request) -> Result<impl IntoResponse> {
///         Ok("<form method=post><input name=text></form>")
///     }
///     fn post(self, tasks: &mut Vec<String>, request: &mut Request) -> Result<impl IntoResponse> {
///         let text = request.form()?.get("text").unwrap_or_default();
///         tasks.push(text.to_owned());
///         Ok(Response::redirect("/"))
///     }
/// }
///
/// let mut tasks = Vec::new();
/// let mut request = Request::post("/new").form([("text", "Tea")]).build();
/// assert_eq!(respond(NewTask, &mut tasks, &mut request).status(), 303);
/// assert_eq!(tasks, ["Tea"]);
/// let mut request = Request::with_method(Method::PUT, "/new").build();
/// assert_eq!(respond(NewTask, &mut tasks, &mut request).status(), 405);
/// ```
pub trait Servlet<S = ()>: Sized {
    /// Handles GET and HEAD. The response to HEAD is sent without its body.
    ///
    /// # Errors
    /// Any error becomes an error page.
    fn get(self, state: &mut S, request: &mut Request) -> Result<impl IntoResponse, Failure> {
        let _ = (state, request);
        Ok(Missing)
    }

    /// Handles POST.
    ///
    /// # Errors
    /// Any error becomes an error page.
    fn post(self, state: &mut S, request: &mut Request) -> Result<impl IntoResponse, Failure> {
        let _ = (state, request);
        Ok(Missing)
    }

    /// Handles PUT.
    ///
    /// # Errors
    /// Any error becomes an error page.
    fn put(self, state: &mut S, request: &mut Request) -> Result<impl IntoResponse, Failure> {
        let _ = (state, request);
        Ok(Missing)
    }

    /// Handles PATCH.
    ///
    /// # Errors
    /// Any error becomes an error page.
    fn patch(self, state: &mut S, request: &mut Request) -> Result<impl IntoResponse, Failure> {
        let _ = (state, request);
        Ok(Missing)
    }

    /// Handles DELETE.
    ///
    /// # Errors
    /// Any error becomes an error page.
    fn delete(self, state: &mut S, request: &mut Request) -> Result<impl IntoResponse, Failure> {
        let _ = (state, request);
        Ok(Missing)
    }
}

/// The response type of methods that aren't implemented. Checking for this type shows which methods
/// those are, without calling them.
struct Missing;

impl IntoResponse for Missing {
    const IS_MISSING: bool = true;

    fn into_response(self) -> Response {
        http::StatusCode::METHOD_NOT_ALLOWED.into_response()
    }
}

/// Calls the servlet's method for the request. Rejects the request if there is no such method.
pub fn respond<S, T: Servlet<S>>(servlet: T, state: &mut S, request: &mut Request) -> Response {
    let method = match request.method().clone() {
        Method::HEAD => Method::GET,
        method => method,
    };
    match method {
        _ if !implemented::<S, T>().contains(&method) => {
            Allow::new(implemented::<S, T>()).respond(request)
        }
        Method::GET => servlet.get(state, request).into_response(),
        Method::POST => servlet.post(state, request).into_response(),
        Method::PUT => servlet.put(state, request).into_response(),
        Method::PATCH => servlet.patch(state, request).into_response(),
        _ => servlet.delete(state, request).into_response(),
    }
}

/// The HTTP methods that a servlet implements.
fn implemented<S, T: Servlet<S>>() -> Vec<Method> {
    fn is_implemented<'a, S, T, R: IntoResponse>(
        _method: fn(T, &'a mut S, &'a mut Request) -> Result<R, Failure>,
    ) -> bool {
        !R::IS_MISSING
    }
    let verbs = [
        (Method::GET, is_implemented(T::get)),
        (Method::POST, is_implemented(T::post)),
        (Method::PUT, is_implemented(T::put)),
        (Method::PATCH, is_implemented(T::patch)),
        (Method::DELETE, is_implemented(T::delete)),
    ];
    verbs
        .into_iter()
        .filter(|(_, is_implemented)| *is_implemented)
        .map(|(method, _)| method)
        .collect()
}

macro_rules! forward {
    ($(($verb:ident, $servlet:ident => $found:expr))*) => {
        $(fn $verb(
            self,
            state: &mut S,
            request: &mut Request,
        ) -> Result<impl IntoResponse, Failure> {
            let $servlet = self;
            $found.map(|servlet| servlet.$verb(state, request)).transpose()
        })*
    };
}

impl<S, T: Servlet<S>> Servlet<S> for Option<T> {
    forward! {
        (get, found => found)
        (post, found => found)
        (put, found => found)
        (patch, found => found)
        (delete, found => found)
    }
}

impl<S, T: Servlet<S>, E: Into<Failure>> Servlet<S> for Result<T, E> {
    forward! {
        (get, made => Some(made.map_err(Into::into)?))
        (post, made => Some(made.map_err(Into::into)?))
        (put, made => Some(made.map_err(Into::into)?))
        (patch, made => Some(made.map_err(Into::into)?))
        (delete, made => Some(made.map_err(Into::into)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Rejection;

    #[derive(Debug)]
    struct Task(u32);

    impl Servlet<Vec<u32>> for Task {
        fn get(self, done: &mut Vec<u32>, _: &mut Request) -> Result<impl IntoResponse, Failure> {
            Ok(format!("{} {done:?}", self.0))
        }
        fn delete(
            self,
            done: &mut Vec<u32>,
            _: &mut Request,
        ) -> Result<impl IntoResponse, Failure> {
            done.push(self.0);
            Ok(())
        }
    }

    fn check<T: Servlet<Vec<u32>>>(servlet: T, method: &str, status: u16, allow: Option<&str>) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = Request::with_method(method, "/").build();
        let response = respond(servlet, &mut Vec::new(), &mut request);
        let status_shown = response.failure().map_or(response.status(), Failure::status);
        assert_eq!(status_shown, status);
        let rejection = response.failure().and_then(Failure::rejection);
        let given = rejection.and_then(Rejection::header).map(|(_, value)| value.to_str().unwrap());
        assert_eq!(response.header("allow").or(given), allow);
    }

    const ALLOW: Option<&str> = Some("GET, HEAD, DELETE, OPTIONS");

    #[test]
    fn other_methods_are_rejected() {
        check(Task(7), "GET", 200, None);
        check(Task(7), "HEAD", 200, None);
        check(Task(7), "DELETE", 204, None);
        check(Task(7), "OPTIONS", 204, ALLOW);
        check(Task(7), "POST", 405, ALLOW);
        check(Task(7), "BREW", 501, ALLOW);
    }

    #[test]
    fn none_is_404_and_an_error_becomes_its_page() {
        check(Some(Task(7)), "GET", 200, None);
        check(None::<Task>, "GET", 404, None);
        check(None::<Task>, "POST", 405, ALLOW);
        check(Ok::<_, std::fmt::Error>(Task(7)), "DELETE", 204, None);
        check(Err::<Task, _>(std::fmt::Error), "GET", 500, None);
        check(Err::<Task, _>(std::fmt::Error), "POST", 405, ALLOW);
    }
}
