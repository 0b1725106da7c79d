//! The differences between two lists of rows.

use std::collections::HashMap;
use std::hash::Hash;

/// The differences between the rows of a record before and after it was edited, so that `save` can
/// write only those.
///
/// Rows are recognized by their ids: see [`row_id`](crate::row_id). A row without an id, or with one
/// that no row had before, is new.
///
/// ```
/// use solohttp_forms::RowDiff;
///
/// #[derive(PartialEq)]
/// struct Line { id: Option<i64>, item: &'static str }
///
/// let line = |id, item| Line { id, item };
/// let before = [line(Some(1), "Bolt"), line(Some(2), "Nut"), line(Some(3), "Saw")];
/// let after = [line(Some(2), "Nut"), line(None, "Nail"), line(Some(3), "Big saw")];
///
/// let diff = RowDiff::between(&before, &after, |line| line.id);
/// let items = |rows: &[(usize, &Line)]| {
///     rows.iter().map(|(index, line)| (*index, line.item)).collect::<Vec<_>>()
/// };
/// assert_eq!(diff.removed[0].item, "Bolt"); // DELETE
/// assert_eq!(items(&diff.inserted), [(1, "Nail")]); // INSERT
/// assert_eq!(items(&diff.changed), [(2, "Big saw")]); // UPDATE
/// assert_eq!(items(&diff.moved), [(0, "Nut")]); // UPDATE, if the table has a column for the order
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowDiff<'a, R> {
    /// New rows and their indexes, counted from 0.
    pub inserted: Vec<(usize, &'a R)>,
    /// Rows with other values than before, and their indexes now. They may have moved, too.
    pub changed: Vec<(usize, &'a R)>,
    /// Rows with the same values as before, but another index, and their indexes now.
    pub moved: Vec<(usize, &'a R)>,
    /// Rows that no longer exist.
    pub removed: Vec<&'a R>,
}

impl<'a, R: PartialEq> RowDiff<'a, R> {
    /// Compares two lists of rows.
    #[must_use]
    pub fn between<K: Eq + Hash>(
        before: &'a [R],
        after: &'a [R],
        id: impl Fn(&R) -> Option<K>,
    ) -> Self {
        let known = before.iter().enumerate();
        let mut known: HashMap<K, usize> =
            known.filter_map(|(index, row)| Some((id(row)?, index))).collect();
        let mut is_kept = vec![false; before.len()];
        let (mut inserted, mut changed, mut moved) = (Vec::new(), Vec::new(), Vec::new());
        for (index, row) in after.iter().enumerate() {
            // Each row is found once, so a second row with the same id is new.
            match id(row).and_then(|id| known.remove(&id)) {
                None => inserted.push((index, row)),
                Some(old) => {
                    is_kept[old] = true;
                    if before[old] != *row {
                        changed.push((index, row));
                    } else if old != index {
                        moved.push((index, row));
                    }
                }
            }
        }
        let removed = before.iter().zip(is_kept).filter(|(_, is_kept)| !is_kept);
        Self { inserted, changed, moved, removed: removed.map(|(row, _)| row).collect() }
    }

    /// Whether the two lists are equal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { inserted, changed, moved, removed } = self;
        inserted.is_empty() && changed.is_empty() && moved.is_empty() && removed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (Option<u8>, &'static str);
    type Places<'a> = &'a [(usize, &'a str)];

    #[track_caller]
    fn check(before: &[Row], after: &[Row], expect: (Places<'_>, Places<'_>, Places<'_>, &[&str])) {
        let diff = RowDiff::between(before, after, |row| row.0);
        let texts = |rows: &[(usize, &Row)]| -> Vec<(usize, &str)> {
            rows.iter().map(|(index, row)| (*index, row.1)).collect()
        };
        assert_eq!(texts(&diff.inserted), expect.0, "inserted");
        assert_eq!(texts(&diff.changed), expect.1, "changed");
        assert_eq!(texts(&diff.moved), expect.2, "moved");
        let removed: Vec<&str> = diff.removed.iter().map(|row| row.1).collect();
        assert_eq!(removed, expect.3, "removed");
        assert_eq!(diff.is_empty(), before == after);
    }

    #[test]
    fn rows_are_recognized_by_their_ids() {
        let (a, b, c) = ((Some(1), "a"), (Some(2), "b"), (Some(3), "c"));
        check(&[], &[], (&[], &[], &[], &[]));
        check(&[a, b], &[a, b], (&[], &[], &[], &[]));
        check(&[a, b, c], &[c, b, a], (&[], &[], &[(0, "c"), (2, "a")], &[]));
        check(&[a, b], &[(None, "x"), (Some(2), "y")], (&[(0, "x")], &[(1, "y")], &[], &["a"]));
        check(&[a], &[(Some(9), "x"), a], (&[(0, "x")], &[], &[(1, "a")], &[]));
        check(&[a], &[a, (Some(1), "again")], (&[(1, "again")], &[], &[], &[]));
        check(&[(None, "lost")], &[], (&[], &[], &[], &["lost"]));
    }
}
