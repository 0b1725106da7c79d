//! Lists as values: equal by content, shown as text, made from other values.
//! Where the pieces begin and end never shows.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::iolist::IoList;

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
            return a.len() == b.len();
        }
        if a[..common] != b[..common] {
            return false;
        }
        (a, b) = (&a[common..], &b[common..]);
    }
}

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

/// How many bytes `Debug` shows.
const SHOWN: usize = 200;

impl fmt::Debug for IoList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut start = Vec::with_capacity(SHOWN.min(self.len()));
        for chunk in self.chunks() {
            let room = SHOWN - start.len();
            start.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        let more = if start.len() < self.len() { "…" } else { "" };
        let text = String::from_utf8_lossy(&start);
        write!(
            f,
            "IoList({:?}{more}, {} bytes, {} pieces)",
            text,
            self.len(),
            self.chunks().count()
        )
    }
}

/// Shows the list as text; bytes that are not UTF-8 become `U+FFFD`.
impl fmt::Display for IoList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined: Vec<u8> = self.chunks().flatten().copied().collect();
        f.pad(&String::from_utf8_lossy(&joined))
    }
}

macro_rules! from_values {
    ($($Value:ty, |$value:ident, $list:ident| $push:expr;)+) => {$(
        impl From<$Value> for IoList {
            fn from($value: $Value) -> Self {
                let mut $list = Self::new();
                $push;
                $list
            }
        }
    )+};
}

from_values! {
    &'static str, |text, list| list.push_static(text);
    &'static [u8], |bytes, list| list.push_static(bytes);
    String, |text, list| list.push(text);
    Box<str>, |text, list| list.push(text);
    Vec<u8>, |bytes, list| list.push(bytes);
    Bytes, |bytes, list| list.push(bytes);
    fmt::Arguments<'_>, |text, list| list.push(text);
    Cow<'static, str>, |text, list| match text {
        Cow::Borrowed(text) => list.push_static(text),
        Cow::Owned(text) => list.push(text),
    };
}
