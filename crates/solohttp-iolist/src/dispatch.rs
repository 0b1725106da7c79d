//! `iolist!`, and how it chooses what to do with each item.
//! The choice follows the type alone (autoref specialisation), at no cost when the program runs.

use std::fmt::Display;
use std::marker::PhantomData;

use crate::convert::{IntoPieces, all, display};
use crate::iolist::IoList;

/// Makes an [`IoList`] of anything.
#[macro_export]
macro_rules! iolist {
    () => { $crate::IoList::new() };
    ($($item:expr),+ $(,)?) => {{
        let mut list = $crate::IoList::new();
        $($crate::__push_item!(list, $item);)+
        list
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __push_item {
    ($list:ident, $literal:literal) => {
        $crate::dispatch::Literal::push_literal($literal, &mut $list)
    };
    ($list:ident, $item:expr) => {
        match $item {
            item => {
                #[allow(unused_imports, reason = "one of them is used")]
                use $crate::dispatch::{ByDisplay, ByItems, ByNothing, ByPieces};
                (&&&&$crate::dispatch::Probe::of(&item)).way().push(item, &mut $list)
            }
        }
    };
}

/// What a literal token can be.
pub trait Literal {
    fn push_literal(self, list: &mut IoList);
}

impl Literal for &'static str {
    fn push_literal(self, list: &mut IoList) {
        list.push_static(self);
    }
}

impl<const N: usize> Literal for &'static [u8; N] {
    fn push_literal(self, list: &mut IoList) {
        list.push_static(self);
    }
}

macro_rules! plain_literals {
    ($($Type:ty)+) => {$(
        impl Literal for $Type {
            fn push_literal(self, list: &mut IoList) {
                list.push(self);
            }
        }
    )+};
}

plain_literals!(char bool i8 i16 u16 i32 u32 i64 u64 isize usize i128 u128 f32 f64);

impl Literal for u8 {
    fn push_literal(self, list: &mut IoList) {
        list.push(u16::from(self));
    }
}

#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    pub fn of(_: &T) -> Self {
        Self(PhantomData)
    }
}

macro_rules! ways {
    ($($Trait:ident, $Way:ident: <$T:ident> $Receiver:ty, [$($bound:tt)*], |$item:ident| $push:expr;)+) => {$(
        #[derive(Debug)]
        pub struct $Way;

        pub trait $Trait {
            fn way(&self) -> $Way {
                $Way
            }
        }

        impl<$T> $Trait for $Receiver where $($bound)* {}

        impl $Way {
            #[inline]
            pub fn push<$T>(self, $item: $T, list: &mut IoList) where $($bound)* {
                list.push($push);
            }
        }
    )+};
}

ways! {
    ByPieces, Pieces: <T> &&&Probe<T>, [T: IntoPieces], |item| item;
    ByItems, Items: <T> &&Probe<T>, [T: IntoIterator<Item: IntoPieces>], |item| all(item);
    ByDisplay, Shown: <T> &Probe<T>, [T: Display], |item| display(item);
}

#[derive(Debug)]
pub struct Nothing;

/// Matches what nothing else does, so that the compiler names the trait that is missing.
pub trait ByNothing {
    fn way(&self) -> Nothing {
        Nothing
    }
}

impl<T> ByNothing for Probe<T> {}

impl Nothing {
    pub fn push<T: IntoPieces>(self, item: T, list: &mut IoList) {
        list.push(item);
    }
}
