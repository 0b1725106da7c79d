//! Routes requests to functions, servlets and folders.

mod calls;
mod embedded_folder;
mod file;
mod folder;
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

pub use calls::{Action, Constructor};
pub use embedded_folder::EmbeddedFolder;
pub use path::Path;
pub use paths::Paths;
pub use router::Router;
pub use service::{Found, Service};
pub use static_folder::StaticFolder;
