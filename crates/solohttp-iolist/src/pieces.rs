//! What can be pushed: the trait, and the wrappers for what cannot have it.
//! Knows the list by its public doors only, and no particular kind of value.

use std::cell::Cell;
use std::fmt::{self, Write};

use crate::iolist::IoList;

/// Anything that can be appended to an [`IoList`].
///
/// | value | becomes |
/// |---|---|
/// | `str`, `String`, `Box<str>`, `Cow<str>`, `Rc<str>`, `Arc<str>`, `char`, `fmt::Arguments` | its UTF-8 |
/// | `[u8]`, `[u8; N]`, `Vec<u8>`, `Box<[u8]>`, `Cow<[u8]>`, `Rc<[u8]>`, `Arc<[u8]>`, `Bytes` | the bytes |
/// | whole numbers, floats, `bool` | what `Display` shows |
/// | `Option`, `Vec`, slices, arrays, tuples up to 12, `Box`, `Rc`, references | what is inside, in order |
/// | `None`, `()` | nothing |
/// | `IoList` | its pieces |
/// | [`Static`], [`display`]`(x)`, [`all`]`(iterator)` | see there |
///
/// Owned and shared values of 1024 bytes and more are kept as they are; all else is copied into the
/// list's own buffer. A lone `u8` is missing: nested, it might mean a number or a byte. (As an item
/// of its own, [`iolist!`](crate::iolist!) shows it as the number, like any `Display`.)
///
/// # Examples
///
/// A type of your own can then be pushed by value or by reference, alone or nested.
///
/// ```
/// use solohttp_iolist::{IoList, Pieces, iolist};
///
/// struct Link { url: String, text: String }
///
/// impl Pieces for Link {
///     fn append_to(&self, list: &mut IoList) {
///         list.push(iolist!["<a href=\"", &self.url, "\">", &self.text, "</a>"]);
///     }
/// }
///
/// let links = vec![Link { url: "/a".into(), text: "A".into() }];
/// assert_eq!(iolist!["<nav>", &links, "</nav>"], "<nav><a href=\"/a\">A</a></nav>");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be pushed onto an `IoList`",
    label = "neither `Pieces`, nor an iterator of `Pieces`, nor `Display`",
    note = "implement `Display` for it and push `display(value)`, or implement `Pieces`",
    note = "any iterator of `Pieces` can be pushed as `all(iterator)`",
    note = "a lone `u8` may be a number or a byte: push `display(number)` or `[byte]`"
)]
pub trait Pieces {
    /// Appends the value to the end of the list, and keeps it.
    fn append_to(&self, list: &mut IoList);

    /// Appends the value to the end of the list, and gives it away.
    ///
    /// Worth writing for a type that owns long text or bytes, which the list can take over.
    #[inline]
    fn move_to(self, list: &mut IoList)
    where
        Self: Sized,
    {
        self.append_to(list);
    }
}

/// Text or bytes that live as long as the program but are no literal, such as a constant or
/// `include_str!`; they are shared, not copied, unless shorter than 1024 bytes.
///
/// ```
/// use solohttp_iolist::{Static, iolist};
///
/// const STYLE: &str = "body { margin: 0 }"; // or include_str!("style.css")
/// assert_eq!(iolist!["<style>", Static(STYLE), "</style>"], "<style>body { margin: 0 }</style>");
/// ```
#[derive(Debug)]
pub struct Static<T: ?Sized + 'static>(pub &'static T);

impl<T: ?Sized> Clone for Static<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Static<T> {}

impl<T: AsRef<[u8]> + ?Sized> Pieces for Static<T> {
    #[inline]
    fn append_to(&self, list: &mut IoList) {
        list.push_static(self.0);
    }
}

/// A value that is pushed as its `Display` shows it; made by [`display`].
#[derive(Debug, Clone, Copy)]
pub struct Displayed<T>(T);

/// Wraps a value to be pushed as its `Display` shows it.
///
/// [`iolist!`](crate::iolist!) does so by itself for its own items.
///
/// ```
/// use solohttp_iolist::{display, iolist};
///
/// let address = Some(std::net::Ipv4Addr::LOCALHOST);
/// assert_eq!(iolist!["from ", address.map(display)], "from 127.0.0.1");
/// ```
pub fn display<T: fmt::Display>(value: T) -> Displayed<T> {
    Displayed(value)
}

impl<T: fmt::Display> Pieces for Displayed<T> {
    fn append_to(&self, list: &mut IoList) {
        list.push(format_args!("{}", self.0));
    }
}

/// The items of an iterator, pushed in order; made by [`all`].
///
/// There is one way through an iterator: pushed by reference a second time, it is empty.
pub struct All<I>(Cell<Option<I>>);

/// Wraps an iterator so that all its items are pushed.
///
/// [`iolist!`](crate::iolist!) does so by itself for its own items.
///
/// ```
/// use solohttp_iolist::{IoList, all};
///
/// let mut list = IoList::new();
/// list.push(("<ul>", all(["a", "b"].iter().map(|name| ("<li>", name))), "</ul>"));
/// assert_eq!(list, "<ul><li>a<li>b</ul>");
/// ```
pub fn all<I: IntoIterator<Item: Pieces>>(items: I) -> All<I> {
    All(Cell::new(Some(items)))
}

impl<I> fmt::Debug for All<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("All").finish_non_exhaustive()
    }
}

impl<I: IntoIterator<Item: Pieces>> Pieces for All<I> {
    #[inline]
    fn append_to(&self, list: &mut IoList) {
        if let Some(items) = self.0.take() {
            list.extend(items);
        }
    }
}

impl<T: Pieces> Extend<T> for IoList {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T: Pieces> FromIterator<T> for IoList {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::new();
        list.extend(items);
        list
    }
}

/// So that `write!(list, "{:>8}", cents)` appends.
impl Write for IoList {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

impl Pieces for fmt::Arguments<'_> {
    fn append_to(&self, list: &mut IoList) {
        match self.as_str() {
            Some(text) => list.push_static(text),
            None => list.write_fmt(*self).expect("the list takes all, and `Display` must not fail"),
        }
    }
}
