//! From any `Serialize` value into the slots of a page, without a tree of values in between.
//!
//! Three serializers share the work. `record` runs over the fields of a struct or the entries of a
//! map and hands each to the steps that want it; `rows` runs over a sequence; `value` writes one
//! value. Fields that come in the order of the template are written in a single pass; otherwise
//! the record is visited again, which is cheaper than keeping copies.

mod key;
pub(crate) mod plan;
mod record;
mod refuse;
mod render;
mod rows;
mod skip;
mod value;

pub(crate) use render::{RowPlace, Run, render, within};
