//! The events queued for each listener of a channel, and the connections that must write them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::{Rc, Weak};

use bytes::Bytes;
use solohttp_iolist::IoList;

use super::open_streams::{self, OpenStreams};
use super::stream::EventStream;
use crate::request::Request;
use crate::response::Response;

/// Maximum size of the events queued for a listener. Beyond it, the stream ends, so the browser
/// reconnects and requests everything again.
const MAX_QUEUED: usize = 256 << 10;

/// The fixed cost of a queued event, in bytes.
const EACH: usize = size_of::<Bytes>();

/// Called with the number of streams that are still open.
pub(super) type OnClose = Box<dyn FnMut(usize)>;

/// The open streams of a channel.
#[derive(Default)]
pub(super) struct Listeners {
    outboxes: RefCell<Vec<Rc<Outbox>>>,
    on_close: RefCell<Option<OnClose>>,
}

/// The events queued for one listener.
#[derive(Default)]
struct Outbox {
    events: RefCell<VecDeque<Bytes>>,
    len: Cell<usize>,
    /// Whether the channel has been dropped or the listener is too slow.
    is_closed: Cell<bool>,
    wakeup: RefCell<Option<Wakeup>>,
}

/// The numbers of the connections that have events to write.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wakeups(Rc<RefCell<Vec<usize>>>);

struct Wakeup {
    connection: usize,
    list: Wakeups,
    is_listed: bool,
}

impl Listeners {
    pub(super) fn len(&self) -> usize {
        self.outboxes.borrow().len()
    }

    pub(super) fn push(&self, event: &Bytes) {
        self.outboxes.borrow().iter().for_each(|outbox| outbox.push(event));
    }

    pub(super) fn on_close(&self, closure: OnClose) {
        *self.on_close.borrow_mut() = Some(closure);
    }
}

impl Drop for Listeners {
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
pub(super) struct Listener {
    outbox: Rc<Outbox>,
    channel: Weak<Listeners>,
    open: Option<OpenStreams>,
}

impl Listener {
    pub(super) fn new(channel: &Rc<Listeners>) -> Self {
        let outbox = Rc::new(Outbox::default());
        channel.outboxes.borrow_mut().push(Rc::clone(&outbox));
        Self { outbox, channel: Rc::downgrade(channel), open: None }
    }
}

impl EventStream for Listener {
    fn open(&mut self, streams: &OpenStreams, limit: usize, request: &Request) -> Option<Response> {
        self.open = streams.add(limit);
        self.open.is_none().then(|| open_streams::reject(limit, request))
    }

    fn wake_by(&self, connection: usize, list: &Wakeups) {
        let mut wakeup = self.outbox.wakeup.borrow_mut();
        match &mut *wakeup {
            Some(wakeup) => wakeup.is_listed = false,
            None => *wakeup = Some(Wakeup { connection, list: list.clone(), is_listed: false }),
        }
    }

    fn has_events(&self) -> bool {
        !self.outbox.events.borrow().is_empty()
    }

    fn is_closed(&self) -> bool {
        self.outbox.is_closed.get()
    }

    fn take(&self) -> IoList {
        self.outbox.len.set(0);
        self.outbox.events.take().into_iter().collect()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let Some(channel) = self.channel.upgrade() else { return };
        channel.outboxes.borrow_mut().retain(|outbox| !Rc::ptr_eq(outbox, &self.outbox));
        // The closure is taken out while it runs, because it may replace itself.
        let on_close = channel.on_close.take();
        if let Some(mut on_close) = on_close {
            on_close(channel.outboxes.borrow().len());
            channel.on_close.borrow_mut().get_or_insert(on_close);
        }
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
    fn streams_end_with_their_channel() {
        let channel = Rc::new(Listeners::default());
        let listener = Listener::new(&channel);
        assert!(!listener.is_closed());
        drop(channel);
        assert!(listener.is_closed());
    }
}
