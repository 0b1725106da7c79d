//! The parser, which turns source text into a tree of sections, slots and directives.

pub(crate) mod blank;
mod directive;
mod file;
mod nodes;
mod sections;
mod slot;
pub(crate) mod tree;

pub(crate) use file::{parse_file, parse_inline_file};
pub(crate) use nodes::{parse_inline, parse_partial};

use self::tree::Node;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::source::Place;

/// Finds and parses an included template by its name.
pub(crate) type Include<'i> = &'i dyn Fn(&Place, Surroundings) -> Result<Vec<Node>, Error>;

/// What the parser needs besides the source.
#[derive(Clone, Copy)]
pub(crate) struct Settings<'s> {
    pub(crate) dialect: &'s Dialect,
    pub(crate) include: Include<'s>,
}

/// The blocks around a source, which another template may contain.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Surroundings {
    /// Whether `@index` and similar names are defined, as in the body of a loop.
    pub(crate) is_row: bool,
    /// The nesting depth.
    pub(crate) depth: usize,
}

impl Surroundings {
    pub(crate) const ROW: Self = Self { is_row: true, depth: 0 };
    pub(crate) const PAGE: Self = Self { is_row: false, depth: 0 };
}
