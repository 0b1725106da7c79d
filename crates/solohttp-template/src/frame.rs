//! What is around every page: records of any types, made where the page's own data isn't known.

use std::fmt;

use serde::Serialize;

use crate::data::{Levels, Scope};

/// The values around a page, such as its menu and its messages, from any number of records.
///
/// [`Template::render_in`](crate::Template::render_in) takes one record of a known type. Use a
/// frame if different parts of a program contribute to what pages show.
///
/// ```
/// use solohttp_template::{Frame, Template, values};
///
/// let page = Template::new("<title>{title} – {shop}</title><p>{name}</p>");
/// let frame = Frame::new().with(values! { title: "Item" }).with(values! { shop: "Corner" });
/// let text = page.render_framed(&values! { name: "Tea" }, &frame)?;
/// assert_eq!(text.to_string(), "<title>Item – Corner</title><p>Tea</p>");
/// # Ok::<(), solohttp_template::Error>(())
/// ```
#[derive(Default)]
#[must_use = "a frame does nothing until a page is rendered in it"]
pub struct Frame(Levels);

impl Frame {
    /// Creates a frame without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the fields of a record. They take precedence over the ones added before.
    pub fn with(mut self, record: impl Serialize + 'static) -> Self {
        self.0.push(record);
        self
    }

    /// Calls `inside` with the scope of all records.
    pub(crate) fn with_scope<R>(&self, inside: impl FnOnce(Option<&Scope<'_>>) -> R) -> R {
        self.0.with_scope(inside)
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame").field("records", &self.0.len()).finish()
    }
}
