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

mod calls;
mod date;
mod embedded_folder;
mod file;
mod folder;
mod links;
mod literals;
mod methods;
mod path;
mod paths;
mod pattern;
mod redirect;
mod router;
mod service;
mod servlets;
mod shape;
mod static_folder;
mod table;
mod tree;
mod words;

pub use calls::{Action, Constructor};
pub use embedded_folder::EmbeddedFolder;
pub use links::{PathValues, path_to, query_of};
pub use path::Path;
pub use paths::Paths;
pub use router::Router;
pub use service::{Found, Service};
pub use static_folder::StaticFolder;
pub use words::RouterWords;

/// What introduces the crate elsewhere is checked too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
