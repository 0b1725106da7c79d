//! A buffer that small pieces are copied into, at either end.
//! Knows bytes only, nothing of lists.

use bytes::Bytes;

/// Bytes at the end of a buffer, perhaps with room before them.
#[derive(Default)]
pub(crate) struct Gathered {
    buffer: Vec<u8>,
    start: usize,
}

/// The first allocation, in bytes: most lists stay below it, and growing from the 8 bytes of `Vec`
/// costs three allocations more.
const FIRST_ROOM: usize = 64;

/// A buffer of this size grows no more: what is gathered next gets one of its own, and nothing is
/// copied any more. So a page of a mebibyte is sixteen buffers.
pub(crate) const LARGEST: usize = 64 << 10;

/// A list that has outgrown this is most likely a whole page.
const MIDDLE_ROOM: usize = 4 << 10;

impl Gathered {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { buffer: Vec::with_capacity(bytes), start: 0 }
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.buffer.len() - self.start
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether it is full, for so many more bytes, and too large to grow.
    #[inline]
    pub(crate) fn is_full_for(&self, count: usize) -> bool {
        self.buffer.capacity() - self.buffer.len() < count && self.buffer.len() >= LARGEST
    }

    /// Whether the buffer never needed memory.
    pub(crate) fn is_unallocated(&self) -> bool {
        self.buffer.capacity() == 0
    }

    #[inline]
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        // Only in this form does the compiler see that the second branch needs no further check.
        if self.buffer.capacity() - self.buffer.len() < bytes.len() {
            self.grow_and_append(bytes);
        } else {
            copy(bytes, &mut self.buffer);
        }
    }

    /// Fourfold at first, and then at once to the largest, so that little is copied while it grows;
    /// room that is not written to costs address space only.
    #[cold]
    #[inline(never)]
    fn grow_and_append(&mut self, bytes: &[u8]) {
        let (len, room) = (self.buffer.len(), self.buffer.capacity());
        let next = if room < MIDDLE_ROOM { 4 * room } else { LARGEST };
        let wanted = next.max(FIRST_ROOM).max(len.saturating_add(bytes.len()));
        self.buffer.reserve_exact(wanted - len);
        self.buffer.extend_from_slice(bytes);
    }

    pub(crate) fn prepend(&mut self, bytes: &[u8]) {
        if self.start < bytes.len() {
            self.grow_front(bytes.len());
        }
        let end = self.start;
        self.start -= bytes.len();
        self.buffer[self.start..end].copy_from_slice(bytes);
    }

    /// Doubles, so that a million prepends copy each byte about twice.
    #[cold]
    fn grow_front(&mut self, wanted: usize) {
        let used = self.len();
        let size = (2 * used).max(used + wanted).max(FIRST_ROOM);
        let mut buffer = vec![0; size];
        self.start = size - used;
        buffer[self.start..].copy_from_slice(&self.buffer[self.buffer.len() - used..]);
        self.buffer = buffer;
    }

    /// Drops the first bytes; there must be so many.
    pub(crate) fn advance(&mut self, count: usize) {
        self.start += count;
    }

    pub(crate) fn clear(&mut self) {
        self.buffer.clear();
        self.start = 0;
    }

    pub(crate) fn into_vec(mut self) -> Vec<u8> {
        self.buffer.drain(..self.start);
        self.buffer
    }

    pub(crate) fn into_shared(self) -> Bytes {
        Bytes::from(self.buffer).slice(self.start..)
    }
}

/// Appends bytes for which there is room. Most pieces of a page are short, and a copy whose size the
/// compiler does not know is a call that costs more than the copy.
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

/// Appends `N` to `2 * N` bytes: the first `N`, and over the end of them the last `N`.
#[inline]
fn copy_twice<const N: usize>(bytes: &[u8], to: &mut Vec<u8>) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        let end = to.len() + bytes.len();
        to.extend_from_slice(first);
        to.truncate(end - N);
        to.extend_from_slice(last);
    }
}

impl From<Vec<u8>> for Gathered {
    fn from(buffer: Vec<u8>) -> Self {
        Self { buffer, start: 0 }
    }
}

/// Copies what was gathered, not the room around it.
impl Clone for Gathered {
    fn clone(&self) -> Self {
        Self { buffer: self.as_slice().to_vec(), start: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_at_both_ends() {
        let mut gathered = Gathered::default();
        let mut expected = Vec::new();
        for byte in 0..200 {
            gathered.append(&[byte]);
            gathered.prepend(&[byte; 3]);
            expected = [vec![byte; 3], expected, vec![byte]].concat();
            assert_eq!(gathered.as_slice(), expected);
        }
        gathered.advance(7);
        assert_eq!(gathered.len(), expected.len() - 7);
        assert_eq!(gathered.clone().into_shared(), expected[7..]);
        assert_eq!(gathered.into_vec(), expected[7..]);
    }

    #[test]
    fn pieces_of_every_length_arrive_whole() {
        let bytes: Vec<u8> = (0..200).collect();
        let (mut gathered, mut expected) = (Gathered::with_capacity(30_000), Vec::new());
        for len in 0..200 {
            gathered.append(&bytes[..len]);
            expected.extend_from_slice(&bytes[..len]);
        }
        assert_eq!(gathered.as_slice(), expected);
    }

    #[test]
    fn prepending_seldom_allocates() {
        let mut gathered = Gathered::default();
        let mut allocations = 0;
        for _ in 0..100_000 {
            let end = gathered.buffer.as_ptr_range().end;
            gathered.prepend(b"x");
            allocations += u32::from(gathered.buffer.as_ptr_range().end != end);
        }
        assert!((1..20).contains(&allocations), "{allocations} allocations");
    }
}
