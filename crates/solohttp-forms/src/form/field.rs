//! The name of a field, checked by the compiler.
//!
//! Knows the record's type and the field's, and nothing of elements.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A field of type `V` in a record `T`: made by [`field!`](crate::form::field), so that it exists.
pub struct Field<T, V> {
    name: Cow<'static, str>,
    of: PhantomData<fn(&T) -> &V>,
}

/// Names a field of a record; a name that the record does not have is a compiler's error.
///
/// ```
/// use solohttp_forms::field;
/// struct Task { title: String }
/// assert_eq!(field!(Task.title).to_string(), "title");
/// ```
///
/// ```compile_fail
/// # use solohttp_forms::field;
/// # struct Task { title: String }
/// field!(Task.titel);
/// ```
#[macro_export]
macro_rules! field {
    ($Record:ident $(:: $More:ident)* . $field:ident) => {
        $crate::Field::of(stringify!($field), |record: &$Record $(:: $More)*| &record.$field)
    };
}

impl<T, V> Field<T, V> {
    /// What [`field!`](crate::form::field) calls: the function proves that there is such a field.
    #[doc(hidden)]
    #[must_use]
    pub fn of(name: &'static str, _proof: fn(&T) -> &V) -> Self {
        Self { name: plain_name(name).into(), of: PhantomData }
    }

    /// The name that its control has in the page.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A field of the record that is grouped in this one.
    ///
    /// ```
    /// use solohttp_forms::field;
    /// struct Address { street: String }
    /// struct Person { home: Address }
    /// assert_eq!(field!(Person.home).then(field!(Address.street)).name(), "home.street");
    /// ```
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "fields are made where they are used")]
    pub fn then<W>(self, inner: Field<V, W>) -> Field<T, W> {
        Field { name: join(&self.name, &inner.name).into(), of: PhantomData }
    }
}

impl<T, R> Field<T, Vec<R>> {
    /// A field of one of the rows, counted from 0.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "fields are made where they are used")]
    pub fn row<W>(self, index: usize, inner: Field<R, W>) -> Field<T, W> {
        let row = join(&self.name, &index.to_string());
        Field { name: join(&row, &inner.name).into(), of: PhantomData }
    }
}

impl<T, V> fmt::Display for Field<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl<T, V> fmt::Debug for Field<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&self.name).finish()
    }
}

/// `r#type` is `type` to everyone but the compiler.
pub(crate) fn plain_name(identifier: &'static str) -> &'static str {
    identifier.strip_prefix("r#").unwrap_or(identifier)
}

/// The name of what is within: a point is no part of an identifier, so names cannot collide.
pub(crate) fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// Does the name go on from this one, with a point or a colon?
pub(crate) fn is_below(prefix: &str, name: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['.', ':']))
}

/// The name of something that goes along with a field; a colon is no part of an identifier either.
pub(crate) fn beside(name: &str, what: &str) -> String {
    format!("{name}:{what}")
}
