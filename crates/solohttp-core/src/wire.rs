//! The wire format of HTTP: request heads, framing, chunks and response heads.

pub(crate) mod chunked;
pub(crate) mod encode;
pub(crate) mod framing;
pub(crate) mod head;
