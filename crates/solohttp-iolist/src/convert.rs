//! What can be pushed, and what each kind of value becomes.
//! Knows the list by its public doors only.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;

use crate::iolist::IoList;
use crate::number::Decimal;

/// Anything that can be appended to an [`IoList`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be pushed onto an `IoList`",
    label = "not made of pieces",
    note = "implement `Display` and push `display(value)`, or implement `IntoPieces`",
    note = "push any iterator of pieces as `all(iterator)`",
    note = "a `u8` might be a number or a byte: push `display(number)` or `[byte]`"
)]
pub trait IntoPieces {
    /// Appends the value to the list.
    fn append_to(self, list: &mut IoList);
}

/// Text or bytes that live as long as the program, such as `include_str!`.
#[derive(Debug, Clone, Copy)]
pub struct Static<T: ?Sized + 'static>(pub &'static T);

impl<T: AsRef<[u8]> + ?Sized> IntoPieces for Static<T> {
    fn append_to(self, list: &mut IoList) {
        list.push_static(self.0);
    }
}

/// Made by [`display`].
#[derive(Debug, Clone, Copy)]
pub struct Displayed<T>(T);

/// Pushes a value as its `Display` shows it.
pub fn display<T: fmt::Display>(value: T) -> Displayed<T> {
    Displayed(value)
}

impl<T: fmt::Display> IntoPieces for Displayed<T> {
    fn append_to(self, list: &mut IoList) {
        format_args!("{}", self.0).append_to(list);
    }
}

/// Made by [`all`].
#[derive(Debug, Clone, Copy)]
pub struct All<I>(I);

/// Pushes all that an iterator yields.
pub fn all<I: IntoIterator<Item: IntoPieces>>(items: I) -> All<I> {
    All(items)
}

impl<I: IntoIterator<Item: IntoPieces>> IntoPieces for All<I> {
    fn append_to(self, list: &mut IoList) {
        list.extend(self.0);
    }
}

impl<T: IntoPieces> Extend<T> for IoList {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| item.append_to(self));
    }
}

impl<T: IntoPieces> FromIterator<T> for IoList {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::new();
        list.extend(items);
        list
    }
}

impl Write for IoList {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

/// Implements [`IntoPieces`] for values, given what to do with one and its list.
macro_rules! pieces {
    ($(<$($generic:tt),+>)? $Value:ty, |$value:ident, $list:ident| $do:expr) => {
        impl$(<$($generic),+>)? IntoPieces for $Value {
            #[inline]
            fn append_to(self, $list: &mut IoList) {
                let $value = self;
                $do;
            }
        }
    };
}

pieces!(&str, |text, list| list.push_str(text));
pieces!(String, |text, list| list.push_owned(text.into_bytes()));
pieces!(&String, |text, list| list.push_str(text));
pieces!(Box<str>, |text, list| list.push_owned(text.into_string().into_bytes()));
pieces!(&[u8], |bytes, list| list.push_bytes(bytes));
pieces!(Vec<u8>, |bytes, list| list.push_owned(bytes));
pieces!(&Vec<u8>, |bytes, list| list.push_bytes(bytes));
pieces!(Box<[u8]>, |bytes, list| list.push_owned(bytes.into_vec()));
pieces!(Bytes, |bytes, list| list.push_shared(bytes));
pieces!(&Bytes, |bytes, list| list.push_shared(bytes.clone()));
pieces!(IoList, |other, list| list.push_list(other));
pieces!(&IoList, |other, list| list.push_list(other.clone()));
pieces!(char, |letter, list| list.push_str(letter.encode_utf8(&mut [0; 4])));
pieces!(&char, |letter, list| list.push(*letter));
pieces!(bool, |truth, list| list.push_static(if truth { "true" } else { "false" }));
pieces!(&bool, |truth, list| list.push(*truth));
pieces!((), |_nothing, _list| {});

macro_rules! numbers {
    ($($Number:ty, |$number:ident| $form:expr;)+) => {$(
        pieces!($Number, |$number, list| list.push($form));
        pieces!(&$Number, |number, list| list.push(*number));
    )+};
}

numbers! {
    i8, |n| Decimal::signed(n.into());
    i16, |n| Decimal::signed(n.into());
    u16, |n| Decimal::unsigned(n.into());
    i32, |n| Decimal::signed(n.into());
    u32, |n| Decimal::unsigned(n.into());
    i64, |n| Decimal::signed(n);
    u64, |n| Decimal::unsigned(n);
    isize, |n| Decimal::signed(n as i64);
    usize, |n| Decimal::unsigned(n as u64);
    i128, |n| display(n);
    u128, |n| display(n);
    f32, |n| display(n);
    f64, |n| display(n);
}

impl IntoPieces for Decimal {
    #[inline]
    fn append_to(self, list: &mut IoList) {
        list.push_bytes(self.as_slice());
    }
}

impl IntoPieces for fmt::Arguments<'_> {
    fn append_to(self, list: &mut IoList) {
        match self.as_str() {
            Some(text) => list.push_static(text),
            // Only a `Display` can fail here, and it is documented never to.
            None => list.write_fmt(self).expect("writing to a list cannot fail"),
        }
    }
}

impl IntoPieces for Cow<'_, str> {
    fn append_to(self, list: &mut IoList) {
        match self {
            Cow::Borrowed(text) => list.push_str(text),
            Cow::Owned(text) => text.append_to(list),
        }
    }
}

impl IntoPieces for &Cow<'_, str> {
    fn append_to(self, list: &mut IoList) {
        list.push_str(self);
    }
}

/// Text that `Bytes` can own.
struct ArcText(Arc<str>);

impl AsRef<[u8]> for ArcText {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

pieces!(Arc<str>, |text, list| list.push_shared(Bytes::from_owner(ArcText(text))));
pieces!(&Arc<str>, |text, list| text.clone().append_to(list));
pieces!(Arc<[u8]>, |bytes, list| list.push_shared(Bytes::from_owner(bytes)));
pieces!(&Arc<[u8]>, |bytes, list| bytes.clone().append_to(list));

impl<T: ?Sized> IntoPieces for Rc<T>
where
    for<'a> &'a T: IntoPieces,
{
    fn append_to(self, list: &mut IoList) {
        list.push(&*self);
    }
}

impl<'a, T: ?Sized> IntoPieces for &'a Rc<T>
where
    &'a T: IntoPieces,
{
    fn append_to(self, list: &mut IoList) {
        list.push(&**self);
    }
}

impl<T: IntoPieces> IntoPieces for Box<T> {
    fn append_to(self, list: &mut IoList) {
        list.push(*self);
    }
}

impl<'a, T: ?Sized> IntoPieces for &'a Box<T>
where
    &'a T: IntoPieces,
{
    fn append_to(self, list: &mut IoList) {
        list.push(&**self);
    }
}

impl<'a, T: ?Sized> IntoPieces for &&'a T
where
    &'a T: IntoPieces,
{
    fn append_to(self, list: &mut IoList) {
        list.push(*self);
    }
}

impl<'a, T: ?Sized> IntoPieces for &'a mut T
where
    &'a T: IntoPieces,
{
    fn append_to(self, list: &mut IoList) {
        list.push(&*self);
    }
}

impl<T: IntoPieces> IntoPieces for Option<T> {
    fn append_to(self, list: &mut IoList) {
        list.extend(self);
    }
}

impl<'a, T> IntoPieces for &'a Option<T>
where
    &'a T: IntoPieces,
{
    fn append_to(self, list: &mut IoList) {
        list.extend(self);
    }
}

impl<T: IntoPieces> IntoPieces for Vec<T> {
    fn append_to(self, list: &mut IoList) {
        list.extend(self);
    }
}

impl<'a, T> IntoPieces for &'a Vec<T>
where
    &'a T: IntoPieces,
{
    fn append_to(self, list: &mut IoList) {
        list.extend(self);
    }
}

impl<'a, T> IntoPieces for &'a [T]
where
    &'a T: IntoPieces,
{
    fn append_to(self, list: &mut IoList) {
        list.extend(self);
    }
}

impl<T: IntoPieces, const N: usize> IntoPieces for [T; N] {
    fn append_to(self, list: &mut IoList) {
        list.extend(self);
    }
}

impl<'a, T, const N: usize> IntoPieces for &'a [T; N]
where
    &'a T: IntoPieces,
{
    fn append_to(self, list: &mut IoList) {
        list.extend(self);
    }
}

impl<const N: usize> IntoPieces for [u8; N] {
    fn append_to(self, list: &mut IoList) {
        list.push_bytes(&self);
    }
}

impl<const N: usize> IntoPieces for &[u8; N] {
    fn append_to(self, list: &mut IoList) {
        list.push_bytes(self);
    }
}

macro_rules! tuples {
    ($($Part:ident)+) => {
        impl<$($Part: IntoPieces),+> IntoPieces for ($($Part,)+) {
            #[expect(non_snake_case, reason = "one name serves as type and as variable")]
            fn append_to(self, list: &mut IoList) {
                let ($($Part,)+) = self;
                $(list.push($Part);)+
            }
        }

        impl<'a, $($Part),+> IntoPieces for &'a ($($Part,)+)
        where
            $(&'a $Part: IntoPieces),+
        {
            #[expect(non_snake_case, reason = "one name serves as type and as variable")]
            fn append_to(self, list: &mut IoList) {
                let ($($Part,)+) = self;
                $(list.push($Part);)+
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);
