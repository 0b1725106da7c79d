#![doc = include_str!("../../../README.md")]

pub use solohttp_core::*;
pub use solohttp_router::*;
