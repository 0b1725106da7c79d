//! Trusted HTML, and how it is passed through serde.

use std::cell::Cell;
use std::fmt;

use bytes::Bytes;
use serde::{Serialize, Serializer};
use solohttp_iolist::{IoList, Pieces};

thread_local! {
    /// Serde can't pass `Bytes`, so `Html::serialize` leaves them here for `take_serialized`.
    static HANDOVER: Cell<Option<Bytes>> = const { Cell::new(None) };
}

/// HTML that a template inserts without escaping, such as the output of another template, or markup
/// built by the program.
///
/// It is the only type that templates don't escape. The code that creates the value is responsible
/// for escaping any untrusted text in it.
///
/// ```
/// use solohttp_core::{Html, iolist};
///
/// let list = Html::from(iolist!["<li>", 5 + 7, "</li>"]);
/// assert_eq!(list.to_string(), "<li>12</li>");
/// assert_eq!(list, Html::from_trusted("<li>12</li>"));
/// ```
///
/// The parts of pages that the library makes, such as a list or a form, are serialized as `Html`,
/// too, so a template can insert them directly.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Html(Bytes);

impl Html {
    /// The name of the newtype struct as which HTML is serialized. A serializer that inserts HTML
    /// recognizes it by this name, and calls [`take_serialized`](Self::take_serialized).
    pub const TYPE_NAME: &'static str = "\0solohttp finished HTML";

    /// Marks a string as trusted HTML.
    #[must_use]
    pub fn from_trusted(html: impl Into<String>) -> Self {
        Self(Bytes::from(html.into()))
    }

    /// Returns the HTML that is being serialized, without copying it. Call it once, in
    /// `serialize_newtype_struct` with the name [`TYPE_NAME`](Self::TYPE_NAME).
    #[must_use]
    pub fn take_serialized() -> Self {
        Self(HANDOVER.take().unwrap_or_default())
    }

    /// Returns the bytes, which are UTF-8 if the trusted HTML was.
    #[must_use]
    pub fn as_bytes(&self) -> &Bytes {
        &self.0
    }
}

/// Marks a rendered template, a form, or a list built by the program as trusted HTML.
impl From<IoList> for Html {
    fn from(list: IoList) -> Self {
        Self(Bytes::from(list.into_bytes()))
    }
}

impl From<Html> for IoList {
    fn from(html: Html) -> Self {
        let mut list = Self::new();
        list.push_shared(html.0);
        list
    }
}

impl Pieces for Html {
    fn append_to(&self, list: &mut IoList) {
        list.push_shared(self.0.clone());
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Html({:?})", String::from_utf8_lossy(&self.0))
    }
}

/// Serializes the HTML as a string for serializers other than templates.
impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        HANDOVER.set(Some(self.0.clone()));
        let result = serializer.serialize_newtype_struct(Self::TYPE_NAME, &Text(&self.0));
        HANDOVER.set(None);
        result
    }
}

struct Text<'h>(&'h Bytes);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(self.0))
    }
}
