//! Field names that the compiler checks.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::form::names::{join, plain_name};

/// A reference to a field of type `V` in a record `T`, created with [`field!`](crate::field!).
pub struct Field<T, V> {
    name: Cow<'static, str>,
    of: PhantomData<fn(&T) -> &V>,
}

/// Refers to a field of a record. Naming a field that doesn't exist is a compile error.
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
    /// Called by [`field!`](crate::field!), whose closure only compiles if the field exists.
    #[doc(hidden)]
    #[must_use]
    pub fn of(name: &'static str, _proof: fn(&T) -> &V) -> Self {
        Self { name: plain_name(name).into(), of: PhantomData }
    }

    /// The name of the control on the page.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Refers to a field of the nested record. See [`group`](crate::group).
    ///
    /// ```
    /// use solohttp_forms::field;
    /// struct Address { street: String }
    /// struct Person { home: Address }
    /// assert_eq!(field!(Person.home).then(field!(Address.street)).name(), "home.street");
    /// ```
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "`field!` creates them in place")]
    pub fn then<W>(self, inner: Field<V, W>) -> Field<T, W> {
        Field { name: join(&self.name, &inner.name).into_owned().into(), of: PhantomData }
    }
}

impl<T, R> Field<T, Vec<R>> {
    /// Refers to a field of the row at `index`, counted from 0. See [`rows`](crate::rows).
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "`field!` creates them in place")]
    pub fn row<W>(self, index: usize, inner: Field<R, W>) -> Field<T, W> {
        let row = format!("{}.{index}", self.name);
        Field { name: join(&row, &inner.name).into_owned().into(), of: PhantomData }
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
