//! The way back: from a route to its path.

pub(crate) mod path;
pub(crate) mod path_to;
pub(crate) mod paths;
pub(crate) mod redirect;
