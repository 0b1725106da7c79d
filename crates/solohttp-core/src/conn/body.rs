//! The body of a request while it arrives.

use std::io;

use http::StatusCode;

use super::Rules;
use crate::body::{Overflow, Received, Spool, Store};
use crate::error::rejection::Rejection;
use crate::language::words::ServerWords;
use crate::wire::chunked::ChunkDecoder;
use crate::wire::framing::Length;

/// Memory is taken for what has arrived, never for what was announced.
const FIRST: u64 = 16 << 10;

#[derive(Debug)]
pub(super) struct IncomingBody {
    spool: Spool,
    rest: Rest,
    /// Bytes that were received.
    len: u64,
    /// Of a form that is larger than what may be kept, or may be.
    overflow: Option<Box<Overflow>>,
}

#[derive(Debug)]
enum Rest {
    Exactly(u64),
    Chunks(ChunkDecoder),
}

impl IncomingBody {
    /// `most` bytes are received, of which `overflow` decides what is kept.
    pub(super) fn new(length: Length, most: u64, overflow: Option<Box<Overflow>>) -> Self {
        let (first, rest) = match length {
            Length::Exactly(length) => (length.min(FIRST), Rest::Exactly(length)),
            Length::Chunked => (0, Rest::Chunks(ChunkDecoder::new(most))),
        };
        let first = usize::try_from(first).expect("16 KiB fit in any usize");
        Self { spool: Spool::with_capacity(first), rest, len: 0, overflow }
    }

    /// Returns how many bytes belonged to the body.
    pub(super) fn receive(&mut self, bytes: &[u8], rules: &Rules) -> Result<usize, Rejection> {
        let Self { spool, rest, len, overflow } = self;
        let mut store = Keeping { spool, rules };
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

    /// Hands over what was received, and what of it was too large.
    pub(super) fn take(&mut self, rules: &Rules) -> Result<Received, Rejection> {
        let oversized = self.overflow.take().map(|overflow| overflow.finish()).transpose()?;
        let spool = std::mem::take(&mut self.spool);
        let kept = spool.into_body().map_err(|error| cannot_keep(&error, rules))?;
        Ok(Received { kept, len: self.len, oversized: oversized.unwrap_or_default() })
    }
}

/// A spool, with the limits that it is held to.
struct Keeping<'a> {
    spool: &'a mut Spool,
    rules: &'a Rules,
}

impl Store for Keeping<'_> {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Rejection> {
        let Rules { limits, spool_folder, .. } = self.rules;
        let kept = self.spool.push(bytes, limits.body_in_memory, spool_folder);
        kept.map_err(|error| cannot_keep(&error, self.rules))
    }

    fn len(&self) -> u64 {
        self.spool.len()
    }

    fn truncate(&mut self, len: u64) -> Result<(), Rejection> {
        self.spool.truncate(len).map_err(|error| cannot_keep(&error, self.rules))
    }
}

/// 507 tells that the request was fine and may be sent again when there is room (RFC 4918
/// section 11.5).
fn cannot_keep(error: &io::Error, rules: &Rules) -> Rejection {
    let folder = rules.spool_folder.display();
    log::error!(target: "solohttp", "cannot keep a body in a file in {folder}: {error}");
    let status = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StatusCode::INSUFFICIENT_STORAGE
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Rejection::say(status, |words: &ServerWords| &words.not_stored, &[("error", error)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_faults() {
        let status = |kind: io::ErrorKind| cannot_keep(&kind.into(), &Rules::default()).status();
        assert_eq!(status(io::ErrorKind::StorageFull), StatusCode::INSUFFICIENT_STORAGE);
        assert_eq!(status(io::ErrorKind::QuotaExceeded), StatusCode::INSUFFICIENT_STORAGE);
        assert_eq!(status(io::ErrorKind::NotFound), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
