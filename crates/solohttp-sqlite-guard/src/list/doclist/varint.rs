//! The format of numbers.

/// Bytes that start with numbers.
pub(super) struct Numbers<'a>(pub(super) &'a [u8]);

impl Numbers<'_> {
    pub(super) fn varint(&mut self) -> Option<u64> {
        let (number, end) = varint(self.0, 0)?;
        self.0 = &self.0[end..];
        Some(number)
    }

    pub(super) fn number(&mut self) -> Option<usize> {
        self.varint()?.try_into().ok()
    }
}

/// Reads a number in SQLite's format: seven bits of each byte, and all of the ninth. Also returns where
/// it ends.
#[inline(always)]
pub(super) fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    match *bytes.get(at..)? {
        [only @ ..0x80, ..] => Some((only.into(), at + 1)),
        [first, last @ ..0x80, ..] => {
            Some((u64::from(first & 0x7f) << 7 | u64::from(last), at + 2))
        }
        _ => long_varint(bytes, at),
    }
}

fn long_varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut number = 0;
    for (index, &byte) in bytes[at..].iter().take(9).enumerate() {
        if index == 8 {
            return Some((number << 8 | u64::from(byte), at + 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte < 0x80 {
            return Some((number, at + index + 1));
        }
    }
    None
}
