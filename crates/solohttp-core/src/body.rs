//! The body of a request: so far, what multi-part forms are made of.

pub mod multipart;
