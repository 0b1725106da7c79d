//! Routes requests to functions, servlets and folders, by path and method.
//!
//! ```
//! use solohttp_core::{Handler, Request, Response, iolist};
//! use solohttp_router::{Path, Router};
//!
//! fn app() -> impl Handler {
//!     let mut router = Router::<()>::new();
//!     router.get("/add/*/*", add);
//!     router
//! }
//!
//! fn add(Path((a, b)): Path<(f64, f64)>) -> Response {
//!     Response::text(iolist!["The sum is ", a + b, "."])
//! }
//! # assert_eq!(Request::get("/add/5/7").send_to(app()).into_text(), "The sum is 12.");
//! ```
//!
//! **In scope:** routes by path and method with typed wildcards; nested routers; servlets and
//! services, which are values created for each request; static files, from disk or embedded in the
//! program; links built from patterns and values.
//!
//! **Out of scope:** connections, parsing and error pages (solohttp-core); page content; wildcards
//! for parts of a segment; middleware (a handler can wrap another one).
//!
//! **Map:** a [`Router`] routes to handlers, which extract wildcards with [`Path`], to `Servlet`s,
//! to a [`Service`] with named actions, and to a [`StaticFolder`] or [`EmbeddedFolder`].
//! [`path_to`] and [`query_of`] build links.

mod files;
mod handlers;
mod links;
mod router;
mod routes;
mod words;

pub use files::embedded_folder::EmbeddedFolder;
pub use files::static_folder::StaticFolder;
pub use handlers::service::{Found, Service};
pub use links::path::Path;
pub use links::path_to::{PathValues, path_to, query_of};
pub use links::paths::Paths;
pub use router::Router;
pub use words::RouterWords;

/// Runs the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
