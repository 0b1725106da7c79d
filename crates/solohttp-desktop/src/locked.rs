//! The lock for what other threads share with the server's. Only the list of work has one of its own,
//! because it is also waited for.
#![expect(clippy::disallowed_types, reason = "work, the log and the opening page have threads")]

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A value that threads take turns to use. No call may take long or lock another one.
#[derive(Default)]
pub(crate) struct Locked<T>(Mutex<T>);

impl<T> Locked<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn with<R>(&self, call: impl FnOnce(&mut T) -> R) -> R {
        // A panic in `call` leaves a value that is still of use.
        call(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: fmt::Debug> fmt::Debug for Locked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
