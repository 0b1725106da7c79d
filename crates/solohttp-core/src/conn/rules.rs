//! The settings that all connections of a server share.

use std::cell::Cell;
use std::path::PathBuf;
use std::rc::Rc;

use bytes::Bytes;

use super::body_limits::BodyLimits;
use crate::access::Access;
use crate::access::launch::Launch;
use crate::event_stream::OpenStreams;
use crate::limits::Limits;

#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) limits: Limits,
    pub(crate) access: Access,
    /// Set if the launch token is required.
    pub(crate) launch: Option<Rc<Launch>>,
    pub(crate) body_limits: BodyLimits,
    /// The folder for bodies that are too large for memory.
    pub(crate) spool_folder: PathBuf,
    pub(crate) streams: OpenStreams,
    pub(crate) transfers: Transfers,
    /// HTML to insert at the end of every page.
    pub(crate) page_end: Option<Bytes>,
}

/// Counts the responses, such as downloads, that are still being sent to slow clients. Event
/// streams don't count.
#[derive(Debug, Clone, Default)]
pub struct Transfers(Rc<Cell<usize>>);

impl Transfers {
    /// Returns the number of transfers in progress.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.get()
    }

    /// Counts one more transfer until the returned value is dropped.
    pub(super) fn add(&self) -> Transfer {
        self.0.update(|count| count + 1);
        Transfer(Rc::clone(&self.0))
    }
}

/// A transfer in progress.
#[derive(Debug)]
pub(super) struct Transfer(Rc<Cell<usize>>);

impl Drop for Transfer {
    fn drop(&mut self) {
        self.0.update(|count| count - 1);
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            access: Access::default(),
            launch: None,
            body_limits: BodyLimits::default(),
            spool_folder: std::env::temp_dir(),
            streams: OpenStreams::default(),
            transfers: Transfers::default(),
            page_end: None,
        }
    }
}
