//! Receives the body of a request.

use std::io;

use http::StatusCode;

use super::Rules;
use crate::body::{Overflow, Received, Spool, Store};
use crate::error::Rejection;
use crate::language::ServerWords;
use crate::wire::chunked::ChunkDecoder;
use crate::wire::framing::Length;

/// Maximum size to allocate in advance. Beyond it, memory is allocated as bytes arrive, whatever
/// length the client has announced.
const INITIAL_CAPACITY: u64 = 16 << 10;

#[derive(Debug)]
pub(super) struct IncomingBody {
    spool: Spool,
    rest: Rest,
    /// The number of bytes received.
    len: u64,
    /// Set for a form that exceeds its limit or might do so.
    overflow: Option<Box<Overflow>>,
}

#[derive(Debug)]
enum Rest {
    Exactly(u64),
    Chunks(ChunkDecoder),
}

impl IncomingBody {
    /// Prepares to receive up to `max` bytes. If `overflow` is set, it decides which bytes to keep.
    pub(super) fn new(length: Length, max: u64, overflow: Option<Box<Overflow>>) -> Self {
        let (capacity, rest) = match length {
            Length::Exactly(length) => (length.min(INITIAL_CAPACITY), Rest::Exactly(length)),
            Length::Chunked => (0, Rest::Chunks(ChunkDecoder::new(max))),
        };
        let capacity = usize::try_from(capacity).expect("16 KiB fit in any usize");
        Self { spool: Spool::with_capacity(capacity), rest, len: 0, overflow }
    }

    /// Receives bytes. Returns how many of them belong to the body.
    pub(super) fn receive(&mut self, bytes: &[u8], rules: &Rules) -> Result<usize, Rejection> {
        let Self { spool, rest, len, overflow } = self;
        let mut store = LimitedSpool { spool, rules };
        let mut keep = |bytes: &[u8]| {
            *len += u64::try_from(bytes.len()).expect("a length fits in 64 bits");
            match overflow {
                Some(overflow) => overflow.feed(bytes, &mut store),
                None => store.push(bytes),
            }
        };
        match rest {
            Rest::Exactly(left) => {
                let used = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                keep(&bytes[..used])?;
                *left -= u64::try_from(used).expect("a length fits in 64 bits");
                Ok(used)
            }
            Rest::Chunks(decoder) => decoder.decode(bytes, keep),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        match &self.rest {
            Rest::Exactly(left) => *left == 0,
            Rest::Chunks(decoder) => decoder.is_done(),
        }
    }

    /// Takes the received body and the list of files that were too large.
    pub(super) fn take(&mut self, rules: &Rules) -> Result<Received, Rejection> {
        let oversized = self.overflow.take().map(|overflow| overflow.finish()).transpose()?;
        let spool = std::mem::take(&mut self.spool);
        let body = spool.into_body().map_err(|error| cannot_store(&error, rules))?;
        Ok(Received { body, len: self.len, oversized: oversized.unwrap_or_default() })
    }
}

/// A spool that applies the server's settings.
struct LimitedSpool<'a> {
    spool: &'a mut Spool,
    rules: &'a Rules,
}

impl Store for LimitedSpool<'_> {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        let Rules { limits, spool_folder, .. } = self.rules;
        let pushed = self.spool.push(bytes, limits.body_in_memory, spool_folder);
        pushed.map_err(|error| cannot_store(&error, self.rules))
    }

    fn len(&self) -> u64 {
        self.spool.len()
    }

    fn truncate(&mut self, len: u64) -> Result<(), Rejection> {
        self.spool.truncate(len).map_err(|error| cannot_store(&error, self.rules))
    }
}

/// Rejects a body that can't be stored. A 507 means that the request was valid and can be repeated
/// once there is space (RFC 4918 section 11.5).
fn cannot_store(error: &io::Error, rules: &Rules) -> Rejection {
    let folder = rules.spool_folder.display();
    log::error!(target: "solohttp", "cannot store a request body in {folder}: {error}");
    let status = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StatusCode::INSUFFICIENT_STORAGE
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Rejection::localized(status, |words: &ServerWords| &words.not_stored, &[("error", error)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_has_its_own_status() {
        let status = |kind: io::ErrorKind| cannot_store(&kind.into(), &Rules::default()).status();
        assert_eq!(status(io::ErrorKind::StorageFull), StatusCode::INSUFFICIENT_STORAGE);
        assert_eq!(status(io::ErrorKind::QuotaExceeded), StatusCode::INSUFFICIENT_STORAGE);
        assert_eq!(status(io::ErrorKind::NotFound), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
