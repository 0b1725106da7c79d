//! The queue through which other threads send closures to the event loop. Its lock is held while
//! messages are pushed or taken, but never while a closure runs.

#![allow(clippy::disallowed_types, reason = "shared with the threads that send closures")]

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use super::call::Call;
use super::ended::Ended;
use super::target::{SendRepeated, Target};
use super::timers::NewTimer;
use crate::event_loop::Wake;

/// The number of closures that may wait in the queue before `push` blocks.
const CAPACITY: usize = 1_024;

pub(crate) enum Message {
    Call(Call),
    Timer(NewTimer<SendRepeated>),
}

pub(crate) struct Queue {
    inner: Mutex<Inner>,
    has_room: Condvar,
    /// Lets the loop check for messages without taking the lock.
    has_messages: AtomicBool,
    /// Whether the loop is waiting or about to wait. Otherwise, waking it would waste a system
    /// call.
    is_waiting: AtomicBool,
    wake: Option<Wake>,
    /// The event loop's own thread, on which `push` never blocks.
    loop_thread: ThreadId,
}

struct Inner {
    messages: VecDeque<Message>,
    is_closed: bool,
    /// The states for which a `Remote` was created before there was a handler. They are checked
    /// when the server starts.
    promised: Vec<Target>,
}

impl Queue {
    /// Creates a queue for the event loop on this thread.
    pub(crate) fn new(wake: Option<Wake>) -> Self {
        let inner = Inner { messages: VecDeque::new(), is_closed: false, promised: Vec::new() };
        let (has_messages, is_waiting) = (AtomicBool::new(false), AtomicBool::new(false));
        let (has_room, loop_thread) = (Condvar::new(), thread::current().id());
        Self { inner: Mutex::new(inner), has_room, has_messages, is_waiting, wake, loop_thread }
    }

    pub(crate) fn push(&self, message: Message) -> Result<(), Ended> {
        let mut inner = self.lock();
        if !self.is_on_loop_thread() {
            let is_full = |inner: &mut Inner| inner.messages.len() >= CAPACITY && !inner.is_closed;
            let waited = self.has_room.wait_while(inner, is_full);
            inner = waited.unwrap_or_else(PoisonError::into_inner);
        }
        if inner.is_closed {
            return Err(Ended);
        }
        inner.messages.push_back(message);
        // Sequentially consistent, as in `prepare_to_wait`: either the loop sees the message, or
        // this code sees that the loop is waiting.
        self.has_messages.store(true, Ordering::SeqCst);
        drop(inner);
        if self.is_waiting.swap(false, Ordering::SeqCst)
            && let Some(wake) = &self.wake
        {
            wake.wake();
        }
        Ok(())
    }

    pub(crate) fn has_messages(&self) -> bool {
        self.has_messages.load(Ordering::Acquire)
    }

    /// Makes the next message wake the loop. Returns whether the queue is still empty.
    pub(crate) fn prepare_to_wait(&self) -> bool {
        self.is_waiting.store(true, Ordering::SeqCst);
        !self.has_messages.load(Ordering::SeqCst)
    }

    pub(crate) fn end_wait(&self) {
        self.is_waiting.store(false, Ordering::SeqCst);
    }

    /// Swaps the messages with `empty`, which makes room for threads that are blocked.
    pub(crate) fn take(&self, empty: &mut VecDeque<Message>) {
        let mut inner = self.lock();
        std::mem::swap(&mut inner.messages, empty);
        self.has_messages.store(false, Ordering::Release);
        drop(inner);
        self.has_room.notify_all();
    }

    /// Stops accepting messages. Those in the queue may still be taken.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.has_room.notify_all();
    }

    pub(crate) fn is_on_loop_thread(&self) -> bool {
        self.loop_thread == thread::current().id()
    }

    pub(crate) fn promise(&self, target: Target) {
        self.lock().promised.push(target);
    }

    pub(crate) fn take_promised(&self) -> Vec<Target> {
        std::mem::take(&mut self.lock().promised)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing that can panic runs while the lock is held.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}
