//! The settings that all connections of a server share.

use std::path::PathBuf;
use std::rc::Rc;

use bytes::Bytes;
use http::StatusCode;

use super::body_limits::BodyLimits;
use crate::access::Access;
use crate::access::launch::Launch;
use crate::error::Rejection;
use crate::language::ServerWords;
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
    pub(crate) streams: OpenStream,
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
        // The rules of the server have one clone, this is another.
        Rc::strong_count(&self.0).saturating_sub(2)
    }
}

/// Counts the open event streams: each stream holds one clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenStream(Rc<()>);

impl Rules {
    pub(super) fn open_stream(&self) -> Result<OpenStream, Rejection> {
        let limit = self.limits.streams;
        if Rc::strong_count(&self.streams.0) <= limit {
            return Ok(self.streams.clone());
        }
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let limit = limit.to_string();
        Err(Rejection::localized(
            status,
            |words: &ServerWords| &words.streams,
            &[("limit", &limit)],
        ))
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
            streams: OpenStream::default(),
            transfers: Transfers::default(),
            page_end: None,
        }
    }
}
