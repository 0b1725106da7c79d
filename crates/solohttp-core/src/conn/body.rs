//! The body of a request while it arrives.

use bytes::Bytes;

use crate::chunked::ChunkDecoder;
use crate::framing::Length;
use crate::rejection::Rejection;

/// Memory is taken for what has arrived, never for what was announced.
const FIRST: u64 = 16 << 10;

#[derive(Debug)]
pub(super) struct BodyReader {
    bytes: Vec<u8>,
    rest: Rest,
}

#[derive(Debug)]
enum Rest {
    Exactly(u64),
    Chunks(ChunkDecoder),
}

impl BodyReader {
    pub(super) fn new(length: Length, most: u64) -> Self {
        let (first, rest) = match length {
            Length::Exactly(length) => (length.min(FIRST), Rest::Exactly(length)),
            Length::Chunked => (0, Rest::Chunks(ChunkDecoder::new(most))),
        };
        let first = usize::try_from(first).expect("16 KiB fit in any usize");
        Self { bytes: Vec::with_capacity(first), rest }
    }

    /// Returns how many bytes belonged to the body.
    pub(super) fn receive(&mut self, bytes: &[u8]) -> Result<usize, Rejection> {
        match &mut self.rest {
            Rest::Exactly(left) => {
                let used = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                self.bytes.extend_from_slice(&bytes[..used]);
                *left -= u64::try_from(used).expect("a length fits in 64 bits");
                Ok(used)
            }
            Rest::Chunks(decoder) => decoder.decode(bytes, &mut self.bytes),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        match &self.rest {
            Rest::Exactly(left) => *left == 0,
            Rest::Chunks(decoder) => decoder.is_done(),
        }
    }

    pub(super) fn into_bytes(self) -> Bytes {
        self.bytes.into()
    }
}
