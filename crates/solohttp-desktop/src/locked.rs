//! The lock for values that other threads share with the server's thread. Only the list of work has
//! its own lock, because threads also wait for that list to change.
#![expect(
    clippy::disallowed_types,
    reason = "other threads use the list of work, the log and the opening page"
)]

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A value shared by threads. A closure passed to `with` must be short, and must not lock another
/// value.
#[derive(Default)]
pub(crate) struct Locked<T>(Mutex<T>);

impl<T> Locked<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn with<R>(&self, call: impl FnOnce(&mut T) -> R) -> R {
        // The value is still usable after a panic in `call`.
        call(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: fmt::Debug> fmt::Debug for Locked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
