//! The trait for values that can be pushed, and wrappers for other values.

use std::cell::Cell;
use std::fmt::{self, Write};
use std::mem;

use crate::iolist::IoList;

/// A value that can be appended to an [`IoList`].
///
/// | value | becomes |
/// |---|---|
/// | `str`, `String`, `Box<str>`, `Cow<str>`, `Rc<str>`, `Arc<str>`, `char`, `fmt::Arguments` | its UTF-8 |
/// | `[u8]`, `[u8; N]`, `Vec<u8>`, `Box<[u8]>`, `Cow<[u8]>`, `Rc<[u8]>`, `Arc<[u8]>`, `Bytes` | the bytes |
/// | integers, floats, `bool` | their `Display` text |
/// | `Option`, `Vec`, slices, arrays, tuples of up to 12 items, `Box`, `Rc`, references | their content, in order |
/// | `None`, `()` | nothing |
/// | `IoList` | its pieces |
/// | [`Static`], [`display`]`(x)`, [`all`]`(iterator)` | see their docs |
///
/// Owned and shared values of 1024 bytes or more are kept as pieces; anything else is copied into
/// the list's buffer. `u8` doesn't implement `Pieces`, since it could mean a number or a byte. (As
/// a direct item of [`iolist!`](crate::iolist!), it is pushed as a number, because it implements
/// `Display`.)
///
/// # Examples
///
/// Implement `Pieces` for your own type to push its values by value or by reference, alone or
/// nested:
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
    label = "not `Pieces`, an iterator of `Pieces`, or `Display`",
    note = "implement `Display` for it and push `display(value)`, or implement `Pieces`",
    note = "any iterator of `Pieces` can be pushed as `all(iterator)`",
    note = "a `u8` could be a number or a byte: push `display(number)` or `[byte]`"
)]
pub trait Pieces {
    /// Appends a copy of the value to the list.
    fn append_to(&self, list: &mut IoList);

    /// Moves the value to the end of the list.
    ///
    /// Override this if the type owns long text or bytes that needn't be copied.
    #[inline]
    fn move_to(self, list: &mut IoList)
    where
        Self: Sized,
    {
        self.append_to(list);
    }
}

/// Static text or bytes that aren't a literal, such as a constant or `include_str!`. Shared instead
/// of copied, unless shorter than 1024 bytes.
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

/// A value that is pushed as its `Display` text; created by [`display`].
#[derive(Debug, Clone, Copy)]
pub struct Displayed<T>(T);

/// Wraps a value so that its `Display` text is pushed.
///
/// Not needed for direct items of [`iolist!`](crate::iolist!).
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

/// The items of an iterator, pushed in order; created by [`all`].
///
/// Consumed by the first push: pushing it again by reference appends nothing.
pub struct All<I>(Cell<Option<I>>);

/// Wraps an iterator so that all its items are pushed.
///
/// Not needed for direct items of [`iolist!`](crate::iolist!).
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

impl IoList {
    /// Appends any value that implements [`Pieces`].
    #[inline]
    pub fn push(&mut self, item: impl Pieces) {
        item.move_to(self);
    }

    /// Prepends any value that implements [`Pieces`].
    ///
    /// ```
    /// let mut list = solohttp_iolist::iolist!["body"];
    /// list.push_front(("Content-Length: ", list.len(), "\r\n\r\n"));
    /// assert_eq!(list, "Content-Length: 4\r\n\r\nbody");
    /// ```
    pub fn push_front(&mut self, item: impl Pieces) {
        let rest = mem::take(self);
        self.push(item);
        self.push_list(rest);
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

/// Allows appending with `write!(list, "{:>8}", cents)`.
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
            None => list.write_fmt(*self).expect("only a faulty `Display` can fail"),
        }
    }
}
