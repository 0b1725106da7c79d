//! From one publisher to all who listen, on the event loop's thread.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::{Rc, Weak};

use bytes::Bytes;

use super::event::Event;
use crate::response::Response;

/// Bytes that wait for a listener before its stream ends. The browser reconnects, and asks for
/// everything anew.
const MAX_QUEUED: usize = 256 << 10;

/// What an event in a queue costs beside its bytes.
const EACH: usize = size_of::<Bytes>();

/// Streams of [`Event`]s to every page that listens. A plain value in the application's state;
/// clones are the same channel.
///
/// Events that are published while nobody listens are gone. So let an event say only *what* has
/// changed, and the page ask for it again, also after each reconnect.
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
/// At most [`Limits::streams`](crate::Limits::streams) are open at a time. Browsers open no more
/// than six connections to a host, so that a seventh tab with a stream of its own never loads.
#[derive(Clone, Default)]
pub struct EventChannel(Rc<Shared>);

#[derive(Default)]
struct Shared {
    outboxes: RefCell<Vec<Rc<Outbox>>>,
    on_close: RefCell<Option<Box<dyn FnMut(usize)>>>,
}

/// What waits for one listener.
#[derive(Default)]
struct Outbox {
    events: RefCell<VecDeque<Bytes>>,
    len: Cell<usize>,
    /// The channel is gone, or the listener is too slow.
    is_closed: Cell<bool>,
    wakeup: RefCell<Option<Wakeup>>,
}

/// The connections that have events to write, by their numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wakeups(Rc<RefCell<Vec<usize>>>);

struct Wakeup {
    connection: usize,
    list: Wakeups,
    is_listed: bool,
}

impl EventChannel {
    /// A channel that nobody listens to yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a request with a stream that stays open and sends all events published from now
    /// on.
    #[must_use = "send the response"]
    pub fn stream(&self) -> Response {
        let outbox = Rc::new(Outbox::default());
        self.0.outboxes.borrow_mut().push(Rc::clone(&outbox));
        Response::event_stream(Listener { outbox, channel: Rc::downgrade(&self.0) })
    }

    /// Sends an event to all listeners. Its text is shared, not copied for each.
    #[expect(clippy::needless_pass_by_value, reason = "an event is made to be published")]
    pub fn publish(&self, event: Event) {
        let outboxes = self.0.outboxes.borrow();
        if outboxes.is_empty() {
            return;
        }
        let bytes = Bytes::from(event.to_string());
        outboxes.iter().for_each(|outbox| outbox.push(&bytes));
    }

    /// The number of open streams. It falls as soon as a tab is closed or its page is left.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.0.outboxes.borrow().len()
    }

    /// Calls `closure` whenever a stream has ended, with the number that are left; replaces the
    /// closure that was set before. To get at the state from there, use a
    /// [`Remote`](crate::Remote).
    pub fn on_close(&self, closure: impl FnMut(usize) + 'static) {
        *self.0.on_close.borrow_mut() = Some(Box::new(closure));
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.outboxes.borrow().iter().for_each(|outbox| outbox.close());
    }
}

impl Outbox {
    fn push(&self, event: &Bytes) {
        if self.is_closed.get() {
            return;
        }
        let len = self.len.get() + event.len() + EACH;
        if len > MAX_QUEUED {
            log::debug!(target: "solohttp", "an event stream ended: its client reads too slowly");
            self.close();
            return;
        }
        self.len.set(len);
        self.events.borrow_mut().push_back(event.clone());
        self.wake();
    }

    fn close(&self) {
        self.is_closed.set(true);
        self.wake();
    }

    fn wake(&self) {
        if let Some(wakeup) = &mut *self.wakeup.borrow_mut()
            && !std::mem::replace(&mut wakeup.is_listed, true)
        {
            wakeup.list.0.borrow_mut().push(wakeup.connection);
        }
    }
}

impl Wakeups {
    pub(crate) fn take(&self, numbers: &mut Vec<usize>) {
        std::mem::swap(&mut *self.0.borrow_mut(), numbers);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}

/// One open stream.
pub(crate) struct Listener {
    outbox: Rc<Outbox>,
    channel: Weak<Shared>,
}

impl Listener {
    /// Adds the connection to `list` when something is there for it.
    pub(crate) fn wake_by(&self, connection: usize, list: &Wakeups) {
        let mut wakeup = self.outbox.wakeup.borrow_mut();
        match &mut *wakeup {
            Some(wakeup) => wakeup.is_listed = false,
            None => *wakeup = Some(Wakeup { connection, list: list.clone(), is_listed: false }),
        }
    }

    pub(crate) fn has_events(&self) -> bool {
        !self.outbox.events.borrow().is_empty()
    }

    /// Whether it has to end: the channel is gone, or too much has queued up.
    pub(crate) fn is_closed(&self) -> bool {
        self.outbox.is_closed.get()
    }

    pub(crate) fn take(&self) -> VecDeque<Bytes> {
        self.outbox.len.set(0);
        self.outbox.events.take()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let Some(channel) = self.channel.upgrade() else { return };
        channel.outboxes.borrow_mut().retain(|outbox| !Rc::ptr_eq(outbox, &self.outbox));
        // Taken out while it runs, because it may set another.
        let on_close = channel.on_close.take();
        if let Some(mut on_close) = on_close {
            on_close(channel.outboxes.borrow().len());
            channel.on_close.borrow_mut().get_or_insert(on_close);
        }
    }
}

impl fmt::Debug for EventChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventChannel").field("listeners", &self.listeners()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("queued", &self.outbox.len.get()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
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
    fn a_listener_that_does_not_read_costs_a_bounded_queue() {
        let channel = EventChannel::new();
        let stream = channel.stream();
        for _ in 0..100 {
            channel.publish(Event::message("x".repeat(10_000)));
        }
        assert!(stream.into_text().len() <= MAX_QUEUED);
    }

    #[test]
    fn streams_end_with_their_channel() {
        let channel = EventChannel::new();
        let outbox = Rc::new(Outbox::default());
        channel.0.outboxes.borrow_mut().push(Rc::clone(&outbox));
        drop(channel);
        assert!(outbox.is_closed.get());
    }
}
