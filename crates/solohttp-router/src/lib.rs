//! Chooses which function, servlet or folder answers a request, by its path and method.
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
//! **In scope:** routes by path and method with typed values; routers within routers; servlets
//! and services, which are values made for one request; folders of files, on the disk and in the
//! program; links from patterns and values.
//!
//! **Out of scope:** connections, parsing and pages for errors (solohttp-core); what a page shows;
//! wildcards that are parts of segments; middleware, because a handler can hold a handler.
//!
//! **Map:** a [`Router`] has routes to handlers, which take the values of a path by [`Path`]; to a
//! `Servlet` of core; to a [`Service`] of named actions; to a [`StaticFolder`] or
//! [`EmbeddedFolder`]. [`path_to`] and [`query_of`] make links.

mod files;
mod handlers;
mod links;
mod router;
mod routes;
mod words;

pub use files::embedded_folder::EmbeddedFolder;
pub use files::static_folder::StaticFolder;
pub use handlers::calls::{Action, Constructor};
pub use handlers::service::{Found, Service};
pub use links::path::Path;
pub use links::path_to::{PathValues, path_to, query_of};
pub use links::paths::Paths;
pub use router::Router;
pub use words::RouterWords;

/// What introduces the crate elsewhere is checked too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
