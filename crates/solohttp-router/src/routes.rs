//! Which route a path leads to.

pub(crate) mod literals;
pub(crate) mod methods;
pub(crate) mod pattern;
pub(crate) mod shape;
pub(crate) mod table;
pub(crate) mod tree;
