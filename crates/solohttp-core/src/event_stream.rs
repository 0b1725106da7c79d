//! Server-sent events (WHATWG HTML section 9.2): a response that stays open, and says something
//! whenever the application publishes it.
//!
//! `event` encodes, `channel` publishes, `listener` queues; `conn` writes what is queued.

mod channel;
mod event;
mod listener;

pub use self::channel::EventChannel;
pub use self::event::Event;
pub(crate) use self::listener::{Listener, Wakeups};
