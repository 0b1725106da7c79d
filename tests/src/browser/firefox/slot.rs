//! Limits how many instances of Firefox this process runs at once, in addition to those in the
//! pool. Each instance takes about 400 MB and several processes, and tests run on all cores.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Held while Firefox starts. A single start keeps all cores busy, so two at the same time aren't
/// faster.
static STARTING: Mutex<()> = Mutex::new(());

static RUNNING: Mutex<usize> = Mutex::new(0);
static LEFT: Condvar = Condvar::new();

/// Waits until no other Firefox is starting.
pub(super) fn wait_to_start() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A slot for one Firefox.
#[derive(Debug)]
pub(super) struct Slot;

impl Slot {
    /// Waits for a free slot. There are at least four. With fewer, two tests that each hold a slot
    /// and need another could deadlock.
    pub(super) fn acquire() -> Self {
        let most = thread::available_parallelism().map_or(1, usize::from).max(4);
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = LEFT.wait_while(running, |running| *running >= most);
        *waited.unwrap_or_else(PoisonError::into_inner) += 1;
        Self
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        LEFT.notify_one();
    }
}
