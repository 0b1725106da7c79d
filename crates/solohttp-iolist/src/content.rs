//! Compares and formats lists by content, regardless of piece boundaries.

use std::fmt;

use crate::iolist::IoList;

/// Compares two byte sequences of equal length, chunk by chunk.
fn same_bytes<'a>(
    mut left: impl Iterator<Item = &'a [u8]>,
    mut right: impl Iterator<Item = &'a [u8]>,
) -> bool {
    let (mut a, mut b): (&[u8], &[u8]) = (&[], &[]);
    loop {
        if a.is_empty() {
            a = left.next().unwrap_or_default();
        }
        if b.is_empty() {
            b = right.next().unwrap_or_default();
        }
        let common = a.len().min(b.len());
        if common == 0 {
            return true;
        }
        if a[..common] != b[..common] {
            return false;
        }
        (a, b) = (&a[common..], &b[common..]);
    }
}

/// Equal if all bytes are equal, regardless of piece boundaries.
impl PartialEq for IoList {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && same_bytes(self.chunks(), other.chunks())
    }
}

impl Eq for IoList {}

macro_rules! comparable {
    ($($Other:ty, |$other:ident| $bytes:expr;)+) => {$(
        impl PartialEq<$Other> for IoList {
            fn eq(&self, $other: &$Other) -> bool {
                let bytes: &[u8] = $bytes;
                self.len() == bytes.len() && same_bytes(self.chunks(), std::iter::once(bytes))
            }
        }
    )+};
}

comparable! {
    str, |text| text.as_bytes();
    &str, |text| text.as_bytes();
    String, |text| text.as_bytes();
    [u8], |bytes| bytes;
    &[u8], |bytes| bytes;
    Vec<u8>, |bytes| bytes;
}

/// The number of bytes that `Debug` shows.
const DEBUG_LEN: usize = 200;

/// Shows the length and the first bytes.
impl fmt::Debug for IoList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start: Vec<u8> = self.chunks().flatten().copied().take(DEBUG_LEN).collect();
        let mut text = String::from_utf8_lossy(&start);
        if start.len() < self.len() {
            text += "…";
        }
        f.debug_struct("IoList")
            .field("len", &self.len())
            .field("pieces", &self.chunks().count())
            .field("text", &text)
            .finish()
    }
}

/// Formats the list as text; invalid UTF-8 becomes `U+FFFD`.
impl fmt::Display for IoList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&String::from_utf8_lossy(&self.joined()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bytes, iolist};

    #[test]
    fn equality_does_not_see_the_pieces() {
        let long = "x".repeat(1600);
        let pieces = iolist!["ab", Bytes::from(long.clone()), "cd"];
        let joined = format!("ab{long}cd");
        assert_eq!(pieces, joined);
        assert_eq!(pieces, *joined);
        assert_eq!(pieces, joined.as_bytes());
        assert_eq!(pieces, IoList::from(joined.clone()));
        assert_ne!(pieces, joined[1..].to_owned() + "d");
        assert_ne!(pieces, joined[..1603]);
    }

    #[test]
    fn shows_text_across_pieces() {
        let (start, end) = "é".as_bytes().split_at(1);
        let cut = iolist![[b"x".repeat(1600).as_slice(), start].concat(), end.to_vec(), b"\xff"];
        assert_eq!(cut.to_string(), "x".repeat(1600) + "é\u{fffd}");
        assert_eq!(format!("{:>4}", iolist!["ab"]), "  ab");
    }

    #[test]
    fn debug_is_short() {
        let short = r#"IoList { len: 3, pieces: 1, text: "a\"b" }"#;
        assert_eq!(format!("{:?}", iolist!["a\"b"]), short);
        let long = iolist!["ab", "x".repeat(1600)];
        let start = "x".repeat(198);
        let shown = format!("IoList {{ len: 1602, pieces: 2, text: \"ab{start}…\" }}");
        assert_eq!(format!("{long:?}"), shown);
    }
}
