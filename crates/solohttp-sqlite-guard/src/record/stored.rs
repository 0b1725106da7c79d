//! Records with their keys.

use serde::{Serialize, Serializer};
use solohttp_core::values;

/// A record together with its key. Dereferences to the record.
///
/// If the record implements `Serialize`, a template sees the key as `{id}` next to its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stored<T> {
    /// The key of the row.
    pub id: i64,
    /// The record.
    pub record: T,
}

impl<T: Serialize> Serialize for Stored<T> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        values! { id: self.id, ..&self.record }.serialize(serializer)
    }
}

impl<T> std::ops::Deref for Stored<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.record
    }
}

impl<T> std::ops::DerefMut for Stored<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.record
    }
}
