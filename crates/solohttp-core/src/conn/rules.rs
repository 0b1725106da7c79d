//! What all connections of a server are held to, set up once.

use std::path::PathBuf;
use std::rc::Rc;

use http::StatusCode;

use crate::access::Access;
use crate::access::launch::Launch;
use crate::body::Allowances;
use crate::error::rejection::Rejection;
use crate::language::words::ServerWords;
use crate::limits::Limits;

/// What all connections of a server are held to.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) limits: Limits,
    pub(crate) access: Access,
    /// Who was let in, if that matters.
    pub(crate) launch: Option<Rc<Launch>>,
    pub(crate) allowances: Allowances,
    /// Where bodies go that are too large for memory.
    pub(crate) spool_folder: PathBuf,
    /// One clone for each open event stream.
    pub(crate) streams: OpenStream,
}

/// Counts an event stream for as long as it exists.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenStream(Rc<()>);

impl Rules {
    pub(super) fn open_stream(&self) -> Result<OpenStream, Rejection> {
        if Rc::strong_count(&self.streams.0) <= self.limits.streams {
            return Ok(self.streams.clone());
        }
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let limit = self.limits.streams.to_string();
        Err(Rejection::say(status, |words: &ServerWords| &words.streams, &[("limit", &limit)]))
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            access: Access::default(),
            launch: None,
            allowances: Allowances::default(),
            spool_folder: std::env::temp_dir(),
            streams: OpenStream::default(),
        }
    }
}
