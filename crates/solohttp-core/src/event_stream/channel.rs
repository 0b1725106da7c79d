//! Publishes events to all listeners, on the event loop's thread.

use std::fmt;
use std::rc::Rc;

use bytes::Bytes;
use solohttp_iolist::IoList;

use super::event::Event;
use super::listener::{Listener, Listeners};
use super::stream::response_of;
use crate::handler::catch_panic;
use crate::log_line::Indented;
use crate::response::Response;

/// Streams [`Event`]s to every page that listens. A channel is a plain value in the application's
/// state. Clones refer to the same channel.
///
/// Events published while a page isn't connected are lost for that page. An event should therefore
/// say only *what* has changed. The page then requests the changed part again, and does the same
/// after each reconnect.
///
/// ```
/// use solohttp_core::{Event, EventChannel, Response};
///
/// struct App {
///     tasks: Vec<String>,
///     changes: EventChannel,
/// }
///
/// /// For `new EventSource("/changes")` in a page.
/// fn changes(app: &mut App) -> Response {
///     app.changes.stream()
/// }
///
/// fn add(app: &mut App) -> Response {
///     app.tasks.push("Water the plants".to_owned());
///     app.changes.publish(Event::named("changed").data("tasks"));
///     Response::redirect("/")
/// }
/// ```
///
/// At most [`Limits::streams`](crate::Limits::streams) streams are open at a time. Browsers open no
/// more than six connections to a host, so a seventh tab with its own stream never loads.
#[derive(Clone, Default)]
pub struct EventChannel(Rc<Listeners>);

impl EventChannel {
    /// Creates a channel without listeners.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a response that stays open and sends all later events.
    #[must_use = "send the response"]
    pub fn stream(&self) -> Response {
        response_of(IoList::new()).with_events(Box::new(Listener::new(&self.0)))
    }

    /// Sends an event to all listeners. They share the encoded event, so it isn't copied for each.
    #[expect(clippy::needless_pass_by_value, reason = "an event is made to be published")]
    pub fn publish(&self, event: Event) {
        if self.0.len() > 0 {
            self.0.push(&Bytes::from(event.to_string()));
        }
    }

    /// Returns the number of open streams. The number decreases as soon as the user closes a tab or
    /// leaves the page.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.0.len()
    }

    /// Calls `closure` with the number of streams still open whenever a stream has been closed.
    /// Replaces any earlier closure. To access the state from the closure, use a
    /// [`Remote`](crate::Remote).
    pub fn on_close(&self, mut closure: impl FnMut(usize) + 'static) {
        // The closure runs when the event loop drops a connection, so a panic must be caught here.
        self.0.on_close(Box::new(move |left| {
            if let Err(panic) = catch_panic::catch_unwind(|| closure(left)) {
                log::error!(target: "solohttp", "error in an `on_close` callback: {}", Indented(&panic));
            }
        }));
    }
}

impl fmt::Debug for EventChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventChannel").field("listeners", &self.listeners()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn all_listeners_get_what_is_published_from_then_on() {
        let channel = EventChannel::new();
        channel.publish(Event::message("to nobody"));
        let first = channel.stream();
        channel.publish(Event::message(1));
        let second = channel.stream();
        channel.publish(Event::message(2));
        assert_eq!(first.header("content-type"), Some("text/event-stream"));
        assert_eq!(first.header("cache-control"), Some("no-store"));
        assert_eq!(channel.listeners(), 2);
        assert_eq!(first.into_text(), "data: 1\n\ndata: 2\n\n");
        assert_eq!(second.into_text(), "data: 2\n\n");
        assert_eq!(channel.listeners(), 0);
    }

    #[test]
    fn a_stream_that_ends_is_told() {
        let channel = EventChannel::new();
        let left = Rc::new(RefCell::new(Vec::new()));
        channel.on_close({
            let left = Rc::clone(&left);
            move |count| left.borrow_mut().push(count)
        });
        let streams = [channel.stream(), channel.stream()];
        drop(streams);
        assert_eq!(*left.borrow(), [1, 0]);
    }

    #[test]
    fn a_callback_that_panics_ends_nothing() {
        let channel = EventChannel::new();
        channel.on_close(|_| panic!("in a callback"));
        drop(channel.stream());
        drop(channel.stream());
        assert_eq!(channel.listeners(), 0);
    }

    #[test]
    fn a_listener_that_does_not_read_costs_a_bounded_queue() {
        let channel = EventChannel::new();
        let stream = channel.stream();
        for _ in 0..100 {
            channel.publish(Event::message("x".repeat(10_000)));
        }
        assert!(stream.into_text().len() <= 256 << 10);
    }
}
