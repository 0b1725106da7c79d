//! Routes requests to functions, servlets and folders.

mod methods;
mod path;
mod paths;
mod pattern;
mod router;
mod tree;

pub use path::Path;
pub use paths::Paths;
pub use router::Router;
