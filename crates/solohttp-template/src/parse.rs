//! The parser, which turns source text into a tree of sections, slots and directives.

pub(crate) mod blank;
mod directive;
mod file;
mod nodes;
mod sections;
mod slot;
pub(crate) mod tree;

pub(crate) use file::parse_file;
pub(crate) use nodes::parse_inline;
