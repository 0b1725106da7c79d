//! Server-sent events (WHATWG HTML section 9.2): a response that stays open and sends each event
//! that the application publishes.
//!
//! `event` encodes events, `channel` publishes them, `listener` queues them, and `conn` writes
//! them.

mod channel;
mod event;
mod listener;

pub use self::channel::EventChannel;
pub use self::event::Event;
pub(crate) use self::listener::{Listener, Wakeups};
