//! Server-sent events (WHATWG HTML section 9.2). A response stays open and sends each event that
//! the application publishes.
//!
//! `event` encodes events, `channel` publishes them, `listener` queues them, and `conn` writes
//! them. `conn` uses listeners only as trait objects, so that this code isn't linked into programs
//! without event streams.

mod channel;
mod event;
mod listener;
mod open_streams;
mod stream;

pub use self::channel::EventChannel;
pub use self::event::Event;
pub(crate) use self::listener::Wakeups;
pub(crate) use self::open_streams::OpenStreams;
pub(crate) use self::stream::EventStream;
