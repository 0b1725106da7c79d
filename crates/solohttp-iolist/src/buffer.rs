//! A byte buffer that grows at both ends, into which short pieces are copied.

use bytes::Bytes;

/// The bytes from `start` to `end`, with optional spare space before and after them.
///
/// The spare bytes are initialized, so that copying a short piece over them takes a single check.
/// `Vec` would check its capacity for each part of the piece.
#[derive(Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

/// The first allocation, in bytes. Most lists need no more. Growing from the 8 bytes that `Vec`
/// allocates first would take three more allocations.
const MIN_CAPACITY: usize = 64;

/// A buffer of this size no longer grows; later pieces go into a new one, which avoids copying. A
/// page of 1 MiB has sixteen buffers.
pub(crate) const MAX_CAPACITY: usize = 64 << 10;

/// A list that outgrows this is probably a whole page.
const PAGE_CAPACITY: usize = 4 << 10;

/// How many bytes to initialize at once: so few that they are still in the processor's cache when
/// they are overwritten.
const STEP: usize = 2 << 10;

impl Buffer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Vec::with_capacity(bytes).into()
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.end - self.start
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the buffer has no room for `count` more bytes and is too large to grow.
    pub(crate) fn is_full_for(&self, count: usize) -> bool {
        self.bytes.capacity() - self.end < count && self.end >= MAX_CAPACITY
    }

    pub(crate) fn is_unallocated(&self) -> bool {
        self.bytes.capacity() == 0
    }

    /// Appends the bytes if there is initialized space for them.
    #[inline]
    pub(crate) fn try_append(&mut self, bytes: &[u8]) -> bool {
        let space = self.bytes.get_mut(self.end..).and_then(|space| space.get_mut(..bytes.len()));
        let Some(space) = space else { return false };
        copy(bytes, space);
        self.end += bytes.len();
        true
    }

    /// Appends the bytes, and initializes or allocates more space.
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        if self.bytes.capacity() - self.end < bytes.len() {
            self.grow(bytes.len());
        }
        self.bytes.truncate(self.end);
        self.bytes.extend_from_slice(bytes);
        self.end = self.bytes.len();
        let initialized = self.bytes.capacity().min(self.end + STEP);
        self.bytes.resize(initialized, 0);
    }

    /// Quadruples the capacity at first, then jumps to the maximum, so that growing copies little.
    /// Unused capacity only costs address space.
    fn grow(&mut self, additional: usize) {
        let capacity = self.bytes.capacity();
        let next = if capacity < PAGE_CAPACITY { 4 * capacity } else { MAX_CAPACITY };
        let wanted = next.max(MIN_CAPACITY).max(self.end.saturating_add(additional));
        self.bytes.truncate(self.end);
        self.bytes.reserve_exact(wanted - self.end);
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
        buffer[size - used..].copy_from_slice(self.as_slice());
        *self = Self { bytes: buffer, start: size - used, end: size };
    }

    /// Drops the first `count` bytes. The buffer must have at least that many.
    pub(crate) fn advance(&mut self, count: usize) {
        self.start += count;
    }

    pub(crate) fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    pub(crate) fn into_vec(mut self) -> Vec<u8> {
        self.bytes.truncate(self.end);
        if self.start > 0 {
            self.bytes.drain(..self.start);
        }
        self.bytes
    }

    pub(crate) fn into_shared(mut self) -> Bytes {
        self.bytes.truncate(self.end);
        Bytes::from(self.bytes).slice(self.start..)
    }
}

/// Copies bytes to space of the same length. Most pieces of a page are short, and calling a general
/// copy function would cost more than the copying itself.
#[inline]
fn copy(bytes: &[u8], to: &mut [u8]) {
    match bytes.len() {
        0..4 => to.iter_mut().zip(bytes).for_each(|(to, byte)| *to = *byte),
        4..8 => copy_twice::<4>(bytes, to),
        8..16 => copy_twice::<8>(bytes, to),
        16..32 => copy_twice::<16>(bytes, to),
        32..=64 => copy_twice::<32>(bytes, to),
        _ => to.copy_from_slice(bytes),
    }
}

/// Copies `N` to `2 * N` bytes: the first `N`, then the last `N`, which may overlap.
#[inline]
fn copy_twice<const N: usize>(bytes: &[u8], to: &mut [u8]) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        to.first_chunk_mut::<N>().into_iter().for_each(|to| *to = *first);
        to.last_chunk_mut::<N>().into_iter().for_each(|to| *to = *last);
    }
}

impl From<Vec<u8>> for Buffer {
    #[inline]
    fn from(bytes: Vec<u8>) -> Self {
        Self { start: 0, end: bytes.len(), bytes }
    }
}

/// Copies only the bytes, not the spare capacity.
impl Clone for Buffer {
    fn clone(&self) -> Self {
        self.as_slice().to_vec().into()
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
    fn uses_its_capacity_and_initializes_little_of_it() {
        let mut vec = Vec::with_capacity(3 * STEP);
        vec.push(b'x');
        let place = vec.as_ptr();
        let mut buffer = Buffer::from(vec);
        for _ in 1..3 * STEP {
            if !buffer.try_append(b"x") {
                buffer.append(b"x");
            }
            assert!(buffer.bytes.len() <= buffer.end + STEP);
        }
        assert_eq!(buffer.as_slice(), [b'x'; 3 * STEP]);
        assert_eq!(buffer.as_slice().as_ptr(), place);
        assert!(!buffer.try_append(b"x"));
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
