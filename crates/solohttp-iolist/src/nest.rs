//! `Pieces` for compound values: references, boxes, options, collections and tuples.

use std::rc::Rc;

use crate::iolist::IoList;
use crate::pieces::Pieces;

/// Pointers that don't uniquely own their target, so only a copy of the target can be pushed.
macro_rules! pointers {
    ($($Pointer:ty;)+) => {$(
        impl<T: Pieces + ?Sized> Pieces for $Pointer {
            #[inline]
            fn append_to(&self, list: &mut IoList) {
                (**self).append_to(list);
            }
        }
    )+};
}

pointers! {
    &T;
    &mut T;
    Rc<T>;
}

impl<T: Pieces> Pieces for Box<T> {
    fn append_to(&self, list: &mut IoList) {
        (**self).append_to(list);
    }

    fn move_to(self, list: &mut IoList) {
        (*self).move_to(list);
    }
}

impl Pieces for Box<dyn Pieces + '_> {
    fn append_to(&self, list: &mut IoList) {
        (**self).append_to(list);
    }
}

// This doesn't conflict with the impls for `[u8]` and other byte types, because `u8` is not
// `Pieces`.

impl<T: Pieces> Pieces for [T] {
    fn append_to(&self, list: &mut IoList) {
        list.extend(self);
    }
}

macro_rules! collections {
    ($([$($parameter:tt)*] $Collection:ty;)+) => {$(
        impl<T: Pieces, $($parameter)*> Pieces for $Collection {
            fn append_to(&self, list: &mut IoList) {
                list.extend(self);
            }

            fn move_to(self, list: &mut IoList) {
                list.extend(self);
            }
        }
    )+};
}

collections! {
    [] Option<T>;
    [] Vec<T>;
    [const N: usize] [T; N];
}

impl Pieces for () {
    fn append_to(&self, _list: &mut IoList) {}
}

macro_rules! tuples {
    ($($Part:ident)+) => {
        #[expect(non_snake_case, reason = "one name serves as type and as variable")]
        impl<$($Part: Pieces),+> Pieces for ($($Part,)+) {
            fn append_to(&self, list: &mut IoList) {
                let ($($Part,)+) = self;
                $(list.push($Part);)+
            }

            #[inline]
            fn move_to(self, list: &mut IoList) {
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
