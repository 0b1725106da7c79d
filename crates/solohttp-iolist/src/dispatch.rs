//! `iolist!`, and how it chooses what to do with each item, by its type alone.
//! Public only for the macro; knows no particular kind of value but the literals.

use std::fmt::Display;
use std::marker::PhantomData;

use crate::iolist::IoList;
use crate::pieces::{Pieces, display};

/// Makes an [`IoList`](crate::IoList) of any items, in order.
///
/// Each item may be of another type, and is taken by the first rule that fits:
///
/// 1. a literal: static, so it is shared and not copied, unless shorter than 1024 bytes
/// 2. anything that is [`Pieces`](crate::Pieces): text, bytes, numbers, options, tuples, vectors,
///    other lists, nested to any depth
/// 3. any iterator, or what can become one, whose items are `Pieces`
/// 4. any `Display`
///
/// Items are evaluated once, in order, and moved; push `&item` to keep it.
///
/// ```
/// use solohttp_iolist::iolist;
///
/// let (name, visits) = (String::from("Ann"), 3);
/// let friends = ["Bob", "Cy"];
/// let page = iolist![
///     "<h1>", &name, "</h1><p>Visit ", visits, " from ", std::net::Ipv4Addr::LOCALHOST, "<ul>",
///     friends.iter().map(|friend| iolist!["<li>", *friend]),
///     "</ul>",
/// ];
/// assert_eq!(page, "<h1>Ann</h1><p>Visit 3 from 127.0.0.1<ul><li>Bob<li>Cy</ul>");
/// ```
///
/// What fits no rule does not compile, and the compiler says what to do:
///
/// ```compile_fail,E0277
/// struct Opaque;
/// let page = solohttp_iolist::iolist!["<p>", Opaque];
/// ```
#[macro_export]
macro_rules! iolist {
    () => { $crate::IoList::new() };
    ($($item:expr),+ $(,)?) => {{
        let mut list = $crate::IoList::new();
        $($crate::__push_item!(list, $item);)+
        list
    }};
}

/// Pushes one item of `iolist!`. An expression that is a lone literal still matches `literal`, so
/// literals are found without recursion, and a list may have any number of items.
///
/// The `match` keeps what the item borrows from alive until it is pushed. Autoref specialisation
/// chooses the rule: the method of the trait that is implemented with the most `&` is tried first.
#[doc(hidden)]
#[macro_export]
macro_rules! __push_item {
    ($list:ident, $literal:literal) => {
        $crate::dispatch::Literal::push_literal($literal, &mut $list)
    };
    ($list:ident, $item:expr) => {
        match $item {
            item => {
                #[allow(unused_imports, reason = "each item needs one of them")]
                use $crate::dispatch::{ByDisplay, ByItems, ByNothing, ByPieces};
                (&&&&$crate::dispatch::Probe::of(&item)).push(item, &mut $list)
            }
        }
    };
}

/// Carries the type of an item, without borrowing it.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    #[inline]
    #[must_use]
    pub fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

pub trait ByPieces<T> {
    fn push(&self, item: T, list: &mut IoList);
}

impl<T: Pieces> ByPieces<T> for &&&Probe<T> {
    #[inline]
    fn push(&self, item: T, list: &mut IoList) {
        list.push(item);
    }
}

pub trait ByItems<T> {
    fn push(&self, item: T, list: &mut IoList);
}

impl<T: IntoIterator<Item: Pieces>> ByItems<T> for &&Probe<T> {
    #[inline]
    fn push(&self, item: T, list: &mut IoList) {
        list.extend(item);
    }
}

pub trait ByDisplay<T> {
    fn push(&self, item: T, list: &mut IoList);
}

impl<T: Display> ByDisplay<T> for &Probe<T> {
    #[inline]
    fn push(&self, item: T, list: &mut IoList) {
        list.push(display(item));
    }
}

/// Fits every type, only to fail: so the compiler names the trait that is missing, with its notes,
/// and not the traits above.
pub trait ByNothing<T> {
    fn push(&self, item: T, list: &mut IoList)
    where
        T: Pieces;
}

impl<T> ByNothing<T> for Probe<T> {
    fn push(&self, item: T, list: &mut IoList)
    where
        T: Pieces,
    {
        list.push(item);
    }
}

/// What a literal can be; a trait of its own, because only here `&str` means `&'static str`.
pub trait Literal {
    fn push_literal(self, list: &mut IoList);
}

macro_rules! literals {
    ($($Type:ty: $push:ident;)+) => {$(
        impl Literal for $Type {
            #[inline]
            fn push_literal(self, list: &mut IoList) {
                list.$push(self);
            }
        }
    )+};
}

literals! {
    &'static str: push_static;
    char: push;
    bool: push;
    i8: push;
    i16: push;
    i32: push;
    i64: push;
    i128: push;
    isize: push;
    u16: push;
    u32: push;
    u64: push;
    u128: push;
    usize: push;
    f32: push;
    f64: push;
}

impl<const N: usize> Literal for &'static [u8; N] {
    #[inline]
    fn push_literal(self, list: &mut IoList) {
        list.push_static(self);
    }
}

impl Literal for u8 {
    #[inline]
    fn push_literal(self, list: &mut IoList) {
        list.push(u16::from(self));
    }
}
