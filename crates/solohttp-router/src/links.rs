//! Paths as typed values, and links to routes.

pub(crate) mod path;
pub(crate) mod path_to;
pub(crate) mod paths;
pub(crate) mod redirect;
