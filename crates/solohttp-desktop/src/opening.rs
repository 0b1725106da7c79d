//! What is shown while the program's data is being opened.

use std::sync::{Arc, Mutex, PoisonError};

/// What the program is doing, for the page that is shown meanwhile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Status(Arc<Mutex<String>>);

impl Status {
    pub(crate) fn set(&self, what: &str) {
        what.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn get(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
