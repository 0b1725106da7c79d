//! The settings that all connections of a server share.

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
    /// The launch token and its sign-ins, if the token is required.
    pub(crate) launch: Option<Rc<Launch>>,
    pub(crate) body_limits: BodyLimits,
    /// The folder for bodies that are too large for memory.
    pub(crate) spool_folder: PathBuf,
    pub(crate) streams: OpenStreams,
    pub(crate) transfers: Transfers,
    /// HTML for the end of every page.
    pub(crate) page_end: Option<Bytes>,
}

/// Counts the responses that are being sent to clients that take their time, such as downloads.
/// Event streams don't count.
#[derive(Debug, Clone, Default)]
pub struct Transfers(Rc<()>);

impl Transfers {
    /// Returns the number of transfers in progress.
    #[must_use]
    pub fn count(&self) -> usize {
        // The rules of the server have one clone, and this is another.
        Rc::strong_count(&self.0).saturating_sub(2)
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
