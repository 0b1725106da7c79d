//! Text to tree: the sort of a file, its sections, its slots and directives.
//!
//! Knows the language and nothing of data, folders or HTML.

pub(crate) mod blank;
mod directive;
mod file;
mod nodes;
mod sections;
mod slot;
pub(crate) mod tree;

pub(crate) use file::parse_file;
pub(crate) use nodes::parse_inline;
