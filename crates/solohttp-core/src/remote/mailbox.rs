//! Holds a server's closures and timers, if the program has any.
//!
//! Opening the mailbox creates the `Calls`, which implement its `OutsideWork`, so this file and
//! `calls.rs` import each other.

use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Instant;

use super::calls::Calls;
use super::queue::Queue;
use crate::event_loop::{Application, Wake};
use crate::response::Response;

/// The event loop's interface to closures and timers.
pub(crate) trait OutsideWork {
    fn queue(&self) -> &Arc<Queue>;

    /// Sets the timers of all states. Checks that there is a handler for each state for which
    /// [`Listening::remote`](crate::Listening::remote) was called.
    fn start(&self, app: &mut dyn Application);

    /// Whether any closures are still waiting.
    fn is_waiting(&self) -> bool;

    /// Makes the next closure wake the loop. Returns `false` if a closure has already arrived, in
    /// which case the loop must not wait.
    fn prepare_to_wait(&self) -> bool;

    fn end_wait(&self);

    fn next_due(&self) -> Option<Instant>;

    /// Runs due timers and waiting closures for one turn. Returns whether one of them shuts the
    /// server down.
    fn run_turn(&self, app: &mut dyn Application) -> bool;

    /// Runs a timer that is due at `now` or, if there is none, the next closure. Returns its
    /// response.
    fn run_next(&self, app: &mut dyn Application, now: Instant) -> Option<Response>;

    /// Stops accepting closures and drops all timers. Closures that were accepted earlier stay in
    /// the queue.
    fn close(&self);
}

/// A server's closures and timers. Empty until the first [`Remote`](crate::Remote) or timer. A
/// program that has neither doesn't even contain the code for them, because only [`Mailbox::open`]
/// refers to it.
pub(crate) struct Mailbox(Rc<Inner>);

struct Inner {
    /// `None` in tests without an event loop, where there is nothing to wake.
    wake: Option<Wake>,
    work: OnceCell<Box<dyn OutsideWork>>,
}

thread_local! {
    static CURRENT: RefCell<Weak<Inner>> = const { RefCell::new(Weak::new()) };
    /// Set to [`Mailbox::open`] when a handler on this thread is given a timer. A handler with
    /// timers is not `Send`, so it also runs on this thread.
    static OPEN: RefCell<Option<fn(&Mailbox)>> = const { RefCell::new(None) };
}

impl Mailbox {
    pub(crate) fn new(wake: Option<Wake>) -> Self {
        Self(Rc::new(Inner { wake, work: OnceCell::new() }))
    }

    /// Returns the mailbox of the server that runs on this thread.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.with_borrow(Weak::upgrade).map(Self)
    }

    /// Makes this the thread's current mailbox until the returned value is dropped.
    pub(crate) fn enter(&self) -> Entered {
        Entered { before: CURRENT.replace(Rc::downgrade(&self.0)) }
    }

    /// Makes [`start`](Self::start) look for timers.
    pub(crate) fn expect_timers() {
        OPEN.set(Some(|mailbox| {
            mailbox.open();
        }));
    }

    /// Prepares for running `app`: sets its timers and checks its states.
    pub(crate) fn start(&self, app: &mut dyn Application) {
        if let Some(open) = OPEN.with_borrow(Clone::clone) {
            open(self);
        }
        if let Some(work) = self.work() {
            work.start(app);
        }
    }

    pub(crate) fn queue(&self) -> Arc<Queue> {
        Arc::clone(self.open().queue())
    }

    /// The closures and timers, if the program has any.
    pub(crate) fn work(&self) -> Option<&dyn OutsideWork> {
        self.0.work.get().map(|work| &**work)
    }

    pub(crate) fn open(&self) -> &dyn OutsideWork {
        &**self.0.work.get_or_init(|| Box::new(Calls::new(Queue::new(self.0.wake.clone()))))
    }
}

/// See [`Mailbox::enter`].
pub(crate) struct Entered {
    before: Weak<Inner>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(std::mem::take(&mut self.before));
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailbox").field("is_open", &self.work().is_some()).finish()
    }
}
