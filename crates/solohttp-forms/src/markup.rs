//! Pieces of HTML that the controls are made of.

pub(crate) mod attributes;
pub(crate) mod button;
pub(crate) mod tag;
