//! `Pieces` for text, bytes and numbers. See `nest` for compound values.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::iolist::IoList;
use crate::number::{append_signed, append_unsigned};
use crate::pieces::{Pieces, display};

/// Implements [`Pieces`] with one expression for references and, optionally, another one for owned
/// values.
macro_rules! pieces {
    ($(
        $Value:ty: |$value:ident, $list:ident| $append:expr
        $(, moved |$moved:ident, $moved_list:ident| $append_moved:expr)?;
    )+) => {$(
        impl Pieces for $Value {
            #[inline]
            fn append_to(&self, $list: &mut IoList) {
                let $value = self;
                $append;
            }

            $(
                #[inline]
                fn move_to(self, $moved_list: &mut IoList) {
                    let $moved = self;
                    $append_moved;
                }
            )?
        }
    )+};
}

pieces! {
    str: |text, list| list.push_str(text);
    String: |text, list| list.push_str(text),
        moved |text, list| list.push_owned(text.into_bytes());
    Box<str>: |text, list| list.push_str(text),
        moved |text, list| list.push_owned(text.into_string().into_bytes());
    Cow<'_, str>: |text, list| list.push_str(text),
        moved |text, list| match text {
            Cow::Borrowed(text) => list.push_str(text),
            Cow::Owned(text) => list.push(text),
        };
    // `Bytes` is `Send`, so an `Rc` can't become one. See `nest`.
    Arc<str>: |text, list| list.push_shared(Bytes::from_owner(ArcText(text.clone())));
    char: |letter, list| list.push_str(letter.encode_utf8(&mut [0; 4]));
}

pieces! {
    [u8]: |bytes, list| list.push_bytes(bytes);
    Vec<u8>: |bytes, list| list.push_bytes(bytes), moved |bytes, list| list.push_owned(bytes);
    Box<[u8]>: |bytes, list| list.push_bytes(bytes),
        moved |bytes, list| list.push_owned(bytes.into_vec());
    Cow<'_, [u8]>: |bytes, list| list.push_bytes(bytes),
        moved |bytes, list| match bytes {
            Cow::Borrowed(bytes) => list.push_bytes(bytes),
            Cow::Owned(bytes) => list.push_owned(bytes),
        };
    Arc<[u8]>: |bytes, list| list.push_shared(Bytes::from_owner(bytes.clone()));
    Bytes: |bytes, list| list.push_shared(bytes.clone()),
        moved |bytes, list| list.push_shared(bytes);
    IoList: |other, list| list.push_clone(other), moved |other, list| list.push_list(other);
}

impl<const N: usize> Pieces for [u8; N] {
    #[inline]
    fn append_to(&self, list: &mut IoList) {
        list.push_bytes(self);
    }
}

/// Wraps a shared string so that it can own the memory of a `Bytes`, which requires `AsRef<[u8]>`.
struct ArcText(Arc<str>);

impl AsRef<[u8]> for ArcText {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

pieces! {
    bool: |truth, list| list.push_str(if *truth { "true" } else { "false" });
    i8: |number, list| append_signed(list, (*number).into());
    i16: |number, list| append_signed(list, (*number).into());
    i32: |number, list| append_signed(list, (*number).into());
    i64: |number, list| append_signed(list, *number);
    isize: |number, list| append_signed(list, *number as i64);
    u16: |number, list| append_unsigned(list, (*number).into());
    u32: |number, list| append_unsigned(list, (*number).into());
    u64: |number, list| append_unsigned(list, *number);
    usize: |number, list| append_unsigned(list, *number as u64);
    i128: |number, list| list.push(display(number));
    u128: |number, list| list.push(display(number));
    f32: |number, list| list.push(display(number));
    f64: |number, list| list.push(display(number));
}

/// Implements `From` by pushing the value onto an empty list.
macro_rules! from_values {
    ($($Value:ty: |$value:ident, $list:ident| $append:expr;)+) => {$(
        impl From<$Value> for IoList {
            fn from($value: $Value) -> Self {
                let mut $list = Self::new();
                $append;
                $list
            }
        }
    )+};
}

from_values! {
    &'static str: |text, list| list.push_static(text);
    &'static [u8]: |bytes, list| list.push_static(bytes);
    Box<str>: |text, list| list.push(text);
    Cow<'static, str>: |text, list| match text {
        Cow::Borrowed(text) => list.push_static(text),
        Cow::Owned(text) => list.push(text),
    };
    fmt::Arguments<'_>: |text, list| list.push(text);
}

impl From<Vec<u8>> for IoList {
    #[inline]
    fn from(bytes: Vec<u8>) -> Self {
        Self::from_owned(bytes)
    }
}

impl From<Bytes> for IoList {
    #[inline]
    fn from(bytes: Bytes) -> Self {
        Self::from_shared(bytes)
    }
}

impl From<String> for IoList {
    #[inline]
    fn from(text: String) -> Self {
        Self::from_owned(text.into_bytes())
    }
}

impl<const N: usize> From<&'static [u8; N]> for IoList {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}
