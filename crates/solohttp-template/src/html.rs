//! Finished HTML on its way through serde into a slot.

use std::cell::Cell;
use std::fmt;

use serde::{Serialize, Serializer};
use solohttp_core::{Bytes, IoList};

/// The name under which finished HTML travels.
pub(crate) const HTML_TOKEN: &str = "\0solohttp-template finished HTML";

thread_local! {
    /// Serde has no way to pass an owned piece; it waits here for the moment between the two calls.
    static HANDOVER: Cell<Option<Bytes>> = const { Cell::new(None) };
}

/// HTML that goes into a slot as it is: another rendering, or markup the program made itself.
///
/// It is the only value that is not escaped in `{name}`. Making one says: every text in it that
/// came from somewhere else has been escaped.
///
/// ```
/// use solohttp_template::{Html, Template};
///
/// #[derive(serde::Serialize)]
/// struct Page { list: Html }
///
/// let list = Html::from_trusted("<li>Tea &amp; cake</li>");
/// let page = Template::new("<ul>{list}</ul>").render(&Page { list })?;
/// assert_eq!(page.to_string(), "<ul><li>Tea &amp; cake</li></ul>");
/// # Ok::<(), solohttp_template::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Html(Bytes);

impl Html {
    /// Vouches for a text: it is HTML, and safe wherever a slot for it stands.
    #[must_use]
    pub fn from_trusted(html: impl Into<String>) -> Self {
        Self(Bytes::from(html.into()))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A rendering is HTML; so is what the forms and the program itself put together as a list.
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

/// For other serializers this is a text.
impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        HANDOVER.set(Some(self.0.clone()));
        let result = serializer.serialize_newtype_struct(HTML_TOKEN, &Text(&self.0));
        HANDOVER.set(None);
        result
    }
}

/// Takes what `Html::serialize` has just put down.
pub(crate) fn handed_over() -> Bytes {
    HANDOVER.take().unwrap_or_default()
}

struct Text<'h>(&'h Bytes);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(self.0))
    }
}
