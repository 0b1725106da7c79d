//! What all connections of a server are held to, set up once.

use std::path::PathBuf;
use std::rc::Rc;

use crate::access::Access;
use crate::access::launch::Launch;
use crate::body::Allowances;
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
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            access: Access::default(),
            launch: None,
            allowances: Allowances::default(),
            spool_folder: std::env::temp_dir(),
        }
    }
}
