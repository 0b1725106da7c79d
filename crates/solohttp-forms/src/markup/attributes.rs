//! The attributes of one HTML element, in order, without duplicates.

use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};
use std::ops::Range;

use solohttp_core::{IoList, html};

/// The attributes of an HTML element: names with and without values.
///
/// ```
/// use solohttp_forms::Attributes;
/// let mut attributes = Attributes::new();
/// attributes.set("min", 1);
/// attributes.set_flag("required");
/// attributes.set("min", 2); // replaces the 1
/// assert_eq!(attributes.get("min"), Some("2"));
/// ```
#[derive(Clone, Default)]
pub struct Attributes {
    list: Vec<(Cow<'static, str>, Option<Range<usize>>)>,
    /// All values, joined.
    values: String,
}

impl Attributes {
    /// Creates an empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new(), values: String::new() }
    }

    /// Sets an attribute, replacing any previous value.
    ///
    /// # Panics
    /// If HTML doesn't allow the name, for example because it would end the tag.
    #[track_caller]
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Display) {
        let start = self.values.len();
        // Writing to a string doesn't fail.
        let _ = write!(self.values, "{value}");
        self.put(name.into(), Some(start..self.values.len()));
    }

    /// Sets an attribute without a value, such as `required`.
    ///
    /// # Panics
    /// If HTML doesn't allow the name, for example because it would end the tag.
    #[track_caller]
    pub fn set_flag(&mut self, name: impl Into<Cow<'static, str>>) {
        self.put(name.into(), None);
    }

    #[track_caller]
    fn put(&mut self, name: Cow<'static, str>, value: Option<Range<usize>>) {
        // WHATWG HTML section 13.1.2.3.
        let forbidden = |c: char| c.is_control() || c.is_whitespace() || "\"'>/=<".contains(c);
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        assert!(
            !name.is_empty() && (is_plain || !name.contains(forbidden)),
            "invalid attribute name `{name}`: remove whitespace, quotes, `<`, `>`, `/` and `=`"
        );
        match self.list.iter_mut().find(|(known, _)| *known == name) {
            Some(known) => known.1 = value,
            None => self.list.push((name, value)),
        }
    }

    /// Sets all of these attributes, replacing those with the same names.
    pub(crate) fn set_all(&mut self, others: &Self) {
        for (name, value) in &others.list {
            match value {
                Some(value) => self.set(name.clone(), &others.values[value.clone()]),
                None => self.set_flag(name.clone()),
            }
        }
    }

    /// Removes an attribute.
    pub fn remove(&mut self, name: &str) {
        self.list.retain(|(known, _)| known != name);
    }

    /// The value of an attribute. Returns an empty string for an attribute without a value, and
    /// `None` if the attribute isn't set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.iter().find(|&(known, _)| known == name)?;
        Some(found.1.unwrap_or_default())
    }

    /// Whether there is an attribute with this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.list.iter().any(|(known, _)| known == name)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The names and values, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.list.iter().map(|(name, value)| {
            (name.as_ref(), value.as_ref().map(|value| &self.values[value.clone()]))
        })
    }

    /// Appends ` name="value"` for each attribute, with the value escaped.
    pub(crate) fn render_into(&self, list: &mut IoList) {
        for (name, value) in self.iter() {
            list.push_str(" ");
            list.push_str(name);
            if let Some(value) = value {
                list.push_str("=\"");
                html::escape_into(value, list);
                list.push_str("\"");
            }
        }
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Attributes {}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
