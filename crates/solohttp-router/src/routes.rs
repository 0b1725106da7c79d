//! Finds the route for a path.

pub(crate) mod methods;
pub(crate) mod pattern;
pub(crate) mod shape;
pub(crate) mod table;
pub(crate) mod tree;
