//! How many Firefoxes may run at once in this process: each takes some 400 MB and several
//! processes, and tests run on all cores.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Held while one starts, which keeps all cores busy: two at once are no sooner there.
static STARTING: Mutex<()> = Mutex::new(());

static RUNNING: Mutex<usize> = Mutex::new(0);
static LEFT: Condvar = Condvar::new();

/// Waits until no other Firefox is starting.
pub(super) fn wait_to_start() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place for one Firefox.
#[derive(Debug)]
pub(super) struct Room;

impl Room {
    /// Waits until there is room. A test that holds one and wants another may have to wait for a
    /// test like itself, for ever, so there is room for two times two.
    pub(super) fn enter() -> Self {
        let most = thread::available_parallelism().map_or(1, usize::from).max(4);
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = LEFT.wait_while(running, |running| *running >= most);
        *waited.unwrap_or_else(PoisonError::into_inner) += 1;
        Self
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        LEFT.notify_one();
    }
}
