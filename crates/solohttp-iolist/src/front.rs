//! A gather buffer that grows towards its front, so that prepending is as cheap as appending.
//! Knows bytes only, nothing of lists.

/// Bytes at the end of a buffer, with room before them.
#[derive(Default, Clone)]
pub(crate) struct Front {
    buffer: Vec<u8>,
    start: usize,
}

/// The first allocation, in bytes.
const FIRST_ROOM: usize = 64;

impl Front {
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    pub(crate) fn len(&self) -> usize {
        self.buffer.len() - self.start
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn prepend(&mut self, bytes: &[u8]) {
        if self.start < bytes.len() {
            self.grow(bytes.len());
        }
        let end = self.start;
        self.start -= bytes.len();
        self.buffer[self.start..end].copy_from_slice(bytes);
    }

    /// Doubles, so that a million prepends copy each byte about twice.
    #[cold]
    fn grow(&mut self, wanted: usize) {
        let used = self.len();
        let size = (2 * self.buffer.len()).max(used + wanted).max(FIRST_ROOM);
        let mut buffer = vec![0; size];
        buffer[size - used..].copy_from_slice(self.as_slice());
        self.start = size - used;
        self.buffer = buffer;
    }

    pub(crate) fn advance(&mut self, count: usize) {
        self.start += count;
    }

    pub(crate) fn into_vec(mut self) -> Vec<u8> {
        self.buffer.drain(..self.start);
        self.buffer
    }

    pub(crate) fn into_shared(self) -> bytes::Bytes {
        bytes::Bytes::from(self.buffer).slice(self.start..)
    }
}
