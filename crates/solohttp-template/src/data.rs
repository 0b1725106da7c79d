//! Renders any `Serialize` value into the slots of a page, without an intermediate value tree.
//!
//! Three serializers share the work: `fields` visits the fields of a struct or map, `rows` iterates
//! over a sequence, and `value` writes a single value. The visits are `record`, which passes fields
//! to the steps that need them, and `slots`, a faster one for rows that consist of slots. If the
//! fields are in the order in which the template uses them, one pass writes them all. Otherwise,
//! the record is visited again, which is cheaper than keeping copies.
//!
//! `render`, `record` and `rows` call each other, because rows contain records and records contain
//! rows.

mod error;
mod fields;
mod key;
pub(crate) mod plan;
mod record;
mod render;
mod rows;
mod scope;
mod skip;
mod slots;
mod value;

pub(crate) use render::{Renderer, render};
pub(crate) use scope::{Levels, RowPosition, Scope, with_scope};
