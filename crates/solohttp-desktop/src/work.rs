//! Work that takes long, on threads.

use solohttp_core::{Request, Response};

use crate::live::Live;

/// Long work of the program.
#[derive(Debug, Clone, Default)]
pub struct Work {}

impl Work {
    pub(crate) fn new(_: Live) -> Self {
        Self {}
    }

    pub(crate) fn handle(&self, _: &mut Request) -> Option<Response> {
        None
    }

    /// Whether any work is going on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        false
    }

    pub(crate) fn end(&self) {}
}

/// One piece of work, as its thread sees it.
#[derive(Debug, Clone)]
pub struct Job {}
