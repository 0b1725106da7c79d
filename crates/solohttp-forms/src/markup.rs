//! HTML tags, attributes and buttons.

pub(crate) mod attributes;
pub(crate) mod button;
pub(crate) mod tag;
pub(crate) mod writer;
