//! HTTP as bytes: reading a head, where a body ends, chunks; writing a response.

pub(crate) mod chunked;
pub(crate) mod encode;
pub(crate) mod framing;
pub(crate) mod head;
