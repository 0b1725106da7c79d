//! A byte buffer that grows at both ends, into which short pieces are copied.

use bytes::Bytes;

/// Bytes at the end of a buffer, with optional spare space before them.
#[derive(Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
}

/// The first allocation, in bytes. Most lists need no more. Growing from the 8 bytes that `Vec`
/// allocates first would take three more allocations.
const MIN_CAPACITY: usize = 64;

/// A buffer of this size no longer grows; later pieces go into a new one, which avoids copying. A
/// page of 1 MiB has sixteen buffers.
pub(crate) const MAX_CAPACITY: usize = 64 << 10;

/// A list that outgrows this is probably a whole page.
const PAGE_CAPACITY: usize = 4 << 10;

impl Buffer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), start: 0 }
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() - self.start
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the buffer has no room for `count` more bytes and is too large to grow.
    #[inline]
    pub(crate) fn is_full_for(&self, count: usize) -> bool {
        self.bytes.capacity() - self.bytes.len() < count && self.bytes.len() >= MAX_CAPACITY
    }

    pub(crate) fn is_unallocated(&self) -> bool {
        self.bytes.capacity() == 0
    }

    #[inline]
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        // This form lets the compiler see that the second branch needs no capacity check.
        if self.bytes.capacity() - self.bytes.len() < bytes.len() {
            self.grow_and_append(bytes);
        } else {
            copy(bytes, &mut self.bytes);
        }
    }

    /// Quadruples the capacity at first, then jumps to the maximum, so that growing copies little.
    /// Unused capacity only costs address space.
    #[cold]
    #[inline(never)]
    fn grow_and_append(&mut self, bytes: &[u8]) {
        let (len, capacity) = (self.bytes.len(), self.bytes.capacity());
        let next = if capacity < PAGE_CAPACITY { 4 * capacity } else { MAX_CAPACITY };
        let wanted = next.max(MIN_CAPACITY).max(len.saturating_add(bytes.len()));
        self.bytes.reserve_exact(wanted - len);
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn prepend(&mut self, bytes: &[u8]) {
        if self.start < bytes.len() {
            self.grow_front(bytes.len());
        }
        let end = self.start;
        self.start -= bytes.len();
        self.bytes[self.start..end].copy_from_slice(bytes);
    }

    /// Doubles the size, so that a million prepends copy each byte about twice.
    #[cold]
    fn grow_front(&mut self, additional: usize) {
        let used = self.len();
        let size = (2 * used).max(used + additional).max(MIN_CAPACITY);
        let mut buffer = vec![0; size];
        self.start = size - used;
        buffer[self.start..].copy_from_slice(&self.bytes[self.bytes.len() - used..]);
        self.bytes = buffer;
    }

    /// Drops the first `count` bytes. The buffer must have at least that many.
    pub(crate) fn advance(&mut self, count: usize) {
        self.start += count;
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.start = 0;
    }

    pub(crate) fn into_vec(mut self) -> Vec<u8> {
        if self.start > 0 {
            self.bytes.drain(..self.start);
        }
        self.bytes
    }

    pub(crate) fn into_shared(self) -> Bytes {
        Bytes::from(self.bytes).slice(self.start..)
    }
}

/// Appends bytes that fit into the capacity. Most pieces of a page are short, and calling a general
/// copy function would cost more than the copying itself.
#[inline]
fn copy(bytes: &[u8], to: &mut Vec<u8>) {
    match bytes.len() {
        0..4 => bytes.iter().for_each(|&byte| to.push(byte)),
        4..8 => copy_twice::<4>(bytes, to),
        8..16 => copy_twice::<8>(bytes, to),
        16..32 => copy_twice::<16>(bytes, to),
        32..=64 => copy_twice::<32>(bytes, to),
        _ => to.extend_from_slice(bytes),
    }
}

/// Appends `N` to `2 * N` bytes: the first `N`, then the last `N`, which may overlap.
#[inline]
fn copy_twice<const N: usize>(bytes: &[u8], to: &mut Vec<u8>) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        let end = to.len() + bytes.len();
        to.extend_from_slice(first);
        to.truncate(end - N);
        to.extend_from_slice(last);
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, start: 0 }
    }
}

/// Copies only the bytes, not the spare capacity.
impl Clone for Buffer {
    fn clone(&self) -> Self {
        Self { bytes: self.as_slice().to_vec(), start: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_at_both_ends() {
        let mut buffer = Buffer::default();
        let mut expected = Vec::new();
        for byte in 0..200 {
            buffer.append(&[byte]);
            buffer.prepend(&[byte; 3]);
            expected = [vec![byte; 3], expected, vec![byte]].concat();
            assert_eq!(buffer.as_slice(), expected);
        }
        buffer.advance(7);
        assert_eq!(buffer.len(), expected.len() - 7);
        assert_eq!(buffer.clone().into_shared(), expected[7..]);
        assert_eq!(buffer.into_vec(), expected[7..]);
    }

    #[test]
    fn appends_pieces_of_every_length() {
        let bytes: Vec<u8> = (0..200).collect();
        let (mut buffer, mut expected) = (Buffer::with_capacity(30_000), Vec::new());
        for len in 0..200 {
            buffer.append(&bytes[..len]);
            expected.extend_from_slice(&bytes[..len]);
        }
        assert_eq!(buffer.as_slice(), expected);
    }

    #[test]
    fn prepending_seldom_allocates() {
        let mut buffer = Buffer::default();
        let mut allocations = 0;
        for _ in 0..100_000 {
            let end = buffer.bytes.as_ptr_range().end;
            buffer.prepend(b"x");
            allocations += u32::from(buffer.bytes.as_ptr_range().end != end);
        }
        assert!((1..20).contains(&allocations), "{allocations} allocations");
    }
}
