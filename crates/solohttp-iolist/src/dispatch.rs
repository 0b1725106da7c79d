//! `iolist!`, and how it chooses a conversion based on each item's type. Public only for the macro.

use std::fmt::Display;
use std::marker::PhantomData;

use crate::iolist::IoList;
use crate::pieces::{Pieces, display};

/// Creates an [`IoList`](crate::IoList) from items of any type, in order.
///
/// The first rule that fits an item applies:
///
/// 1. literals, which are static and therefore shared instead of copied, unless they are shorter
///    than 1024 bytes
/// 2. any [`Pieces`](crate::Pieces): text, bytes, numbers, options, tuples, vectors, other lists,
///    nested to any depth
/// 3. any `IntoIterator` whose items are `Pieces`
/// 4. any `Display`
///
/// Items are evaluated once, in order, and moved; pass `&item` to keep an item.
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
/// Anything else is a compile error that suggests a fix:
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

/// Pushes one item of `iolist!`. An `expr` that is a lone literal still matches `literal`, so the
/// macro needs no recursion and a list may have any number of items.
///
/// The `match` keeps temporaries alive until the item is pushed. Autoref specialization chooses the
/// rule: the trait implemented for the most `&`s is tried first.
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

/// Carries the type of an item, without borrowing the item.
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

/// Matches every type but requires `Pieces`, so that the compiler reports that trait and its notes
/// instead of the traits above.
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

/// The types of literals. This is a separate trait, because a `&str` is known to be a
/// `&'static str` only if it is a literal.
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
