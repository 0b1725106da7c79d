//! HTML elements as [`IoList`]s, with escaped text. Also useful for the application's own pages.

use std::borrow::Cow;
use std::fmt::Display;

use solohttp_core::iolist::Pieces;
use solohttp_core::{IoList, html};

use crate::markup::attributes::Attributes;

/// A builder for an HTML element.
///
/// ```
/// use solohttp_forms::tag;
/// let link = tag("a").attr("href", "/?a=1&b=2").text("a < b");
/// assert_eq!(link.to_string(), "<a href=\"/?a=1&amp;b=2\">a &lt; b</a>");
/// ```
#[derive(Debug, Clone)]
#[must_use = "end it with `text`, `content` or `void`"]
pub struct Tag {
    kind: &'static str,
    attributes: Attributes,
}

/// Starts an element of this kind, for example `"p"`.
pub fn tag(kind: &'static str) -> Tag {
    Tag { kind, attributes: Attributes::new() }
}

impl Tag {
    /// Sets an attribute. The value is escaped.
    ///
    /// # Panics
    /// If HTML doesn't allow the name.
    #[track_caller]
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Display) -> Self {
        self.attributes.set(name, value);
        self
    }

    /// Sets an attribute if there is a value for it.
    ///
    /// # Panics
    /// If HTML doesn't allow the name.
    #[track_caller]
    pub fn attr_if(self, name: impl Into<Cow<'static, str>>, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Sets an attribute without a value, such as `hidden`, if the condition is true.
    ///
    /// # Panics
    /// If HTML doesn't allow the name.
    #[track_caller]
    pub fn flag_if(mut self, name: impl Into<Cow<'static, str>>, condition: bool) -> Self {
        if condition {
            self.attributes.set_flag(name);
        }
        self
    }

    /// Sets all of these attributes.
    pub fn attrs(mut self, attributes: &Attributes) -> Self {
        self.attributes.set_all(attributes);
        self
    }

    /// Returns the element without content or an end tag, such as `<input>`.
    #[must_use]
    pub fn void(self) -> IoList {
        let mut list = IoList::new();
        self.start_into(&mut list);
        list
    }

    /// Returns the element with this text as its content. The text is escaped.
    #[must_use]
    pub fn text(self, text: &str) -> IoList {
        let mut list = IoList::new();
        self.start_into(&mut list);
        html::escape_into(text, &mut list);
        end_into(self.kind, &mut list);
        list
    }

    /// Returns the element with this HTML as its content.
    #[must_use]
    pub fn content(self, inner: impl Pieces) -> IoList {
        let mut list = IoList::new();
        self.start_into(&mut list);
        list.push(inner);
        end_into(self.kind, &mut list);
        list
    }

    fn start_into(&self, list: &mut IoList) {
        list.push_str("<");
        list.push_static(self.kind);
        self.attributes.render_into(list);
        list.push_str(">");
    }
}

fn end_into(kind: &'static str, list: &mut IoList) {
    list.push_str("</");
    list.push_static(kind);
    list.push_str(">");
}

/// An `<option>` in a `<select>`.
#[must_use]
pub fn option(value: &str, label: &str, selected: bool) -> IoList {
    tag("option").attr("value", value).flag_if("selected", selected).text(label)
}
