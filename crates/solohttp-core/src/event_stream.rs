//! Server-sent events (WHATWG HTML section 9.2): a response that stays open, and says something
//! whenever the application publishes it.
//!
//! `event` encodes, `channel` hands out; `conn` writes what a [`Listener`] has queued.

mod channel;
mod event;

pub use channel::EventChannel;
pub(crate) use channel::{Listener, Wakeups};
pub use event::Event;
