//! Routes requests to functions, servlets and folders.

mod calls;
mod methods;
mod path;
mod paths;
mod pattern;
mod router;
mod service;
mod servlets;
mod shape;
mod table;
mod tree;

pub use calls::{Action, Constructor};
pub use path::Path;
pub use paths::Paths;
pub use router::Router;
pub use service::{Found, Service};
