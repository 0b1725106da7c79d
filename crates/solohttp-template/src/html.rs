//! Trusted HTML, and how it is passed through serde.

use std::cell::Cell;
use std::fmt;

use serde::{Serialize, Serializer};
use solohttp_core::{Bytes, IoList};

/// The name of the newtype struct that represents trusted HTML.
pub(crate) const HTML_TOKEN: &str = "\0solohttp-template finished HTML";

thread_local! {
    /// Serde can't pass `Bytes`, so `Html::serialize` leaves them here for `take_html`.
    static HANDOVER: Cell<Option<Bytes>> = const { Cell::new(None) };
}

/// HTML that is inserted without escaping, such as the output of another template, or markup built
/// by the program.
///
/// This is the only type that `{name}` doesn't escape. The code that creates the value is
/// responsible for escaping any untrusted text in it.
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
    /// Marks a string as trusted HTML.
    #[must_use]
    pub fn from_trusted(html: impl Into<String>) -> Self {
        Self(Bytes::from(html.into()))
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

/// Serializes the HTML as a string for other serializers.
impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        HANDOVER.set(Some(self.0.clone()));
        let result = serializer.serialize_newtype_struct(HTML_TOKEN, &Text(&self.0));
        HANDOVER.set(None);
        result
    }
}

/// Takes the HTML that `Html::serialize` has stored.
pub(crate) fn take_html() -> Bytes {
    HANDOVER.take().unwrap_or_default()
}

struct Text<'h>(&'h Bytes);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(self.0))
    }
}
