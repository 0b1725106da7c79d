//! The target of a request, decoded.

use crate::body::FormLimits;
use crate::error::Rejection;
use crate::url::{Fields, Path, Target};

/// The decoded parts of a target.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(super) path: Path,
    pub(super) query: Fields,
}

impl Decoded {
    /// Decodes a target. `*` has neither path nor query (RFC 9112 section 3.2.4).
    pub(crate) fn read(target: &Target, limits: &FormLimits) -> Result<Self, Rejection> {
        let path = match target.path() {
            "*" => Path::default(),
            path => Path::parse(path)?,
        };
        let query = match target.query() {
            Some(query) => Fields::parse(query.as_bytes(), limits.fields)?,
            None => Fields::new(),
        };
        Ok(Self { path, query })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}
