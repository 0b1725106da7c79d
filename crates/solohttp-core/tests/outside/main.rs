//! Tests closures from other threads, timers and event streams over real sockets.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "all of this is tests")]

mod event_stream;
mod remote;
mod running;
