//! The changed rows of a step, as bytes.

use rusqlite::types::ValueRef;

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Insert,
    Update,
    Delete,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Insert, Self::Update, Self::Delete];

    /// The number for this kind in the log and in the triggers.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Insert => 0,
            Self::Update => 1,
            Self::Delete => 2,
        }
    }

    pub(crate) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A changed row. `old` is empty for an insert, `new` for a delete.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change<'a> {
    /// The table's position in the [`Schema`](super::schema::Schema).
    pub(crate) table: usize,
    pub(crate) old: Vec<ValueRef<'a>>,
    pub(crate) new: Vec<ValueRef<'a>>,
}

impl<'a> Change<'a> {
    pub(crate) fn kind(&self) -> Kind {
        match (self.old.is_empty(), self.new.is_empty()) {
            (true, _) => Kind::Insert,
            (false, true) => Kind::Delete,
            (false, false) => Kind::Update,
        }
    }

    /// Whether both changes are the same once stored.
    pub(crate) fn is(&self, other: &Change<'_>) -> bool {
        let same = |one: &[ValueRef<'_>], other: &[ValueRef<'_>]| {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| is_same(*a, *b))
        };
        self.table == other.table && same(&self.old, &other.old) && same(&self.new, &other.new)
    }

    /// The change as a log entry. Empty if it is too large for the format.
    pub(crate) fn encoded(&self) -> Vec<u8> {
        let mut log = ChangeLog::default();
        // If this fails, the log stays empty.
        let _ = log.push(self);
        log.0
    }

    /// Whether the row is the same before and after.
    pub(crate) fn changes_nothing(&self) -> bool {
        self.old.len() == self.new.len()
            && self.old.iter().zip(&self.new).all(|(old, new)| is_same(*old, *new))
    }

    /// The change that undoes this one.
    pub(crate) fn inverse(self) -> Self {
        Self { table: self.table, old: self.new, new: self.old }
    }
}

/// The changes of a step, in order. Each entry ends with its length, so that the log can be read
/// from both ends.
///
/// An entry consists of the table, the kind, the values, and the total length of these. In an
/// update, a new value that equals the old one takes one byte, so changing a number doesn't store
/// the picture in the same row again.
#[derive(Debug, Default)]
pub(crate) struct ChangeLog(Vec<u8>);

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const REAL: u8 = 2;
const TEXT: u8 = 3;
const BLOB: u8 = 4;
/// The same value as before the update.
const SAME: u8 = 5;

/// The size of a length or a table number, in bytes.
const WORD: usize = size_of::<u32>();

impl ChangeLog {
    /// The size in bytes.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    pub(crate) fn clear(&mut self) {
        self.0 = Vec::new();
    }

    /// Inserts an [`encoded`](Change::encoded) change at the start of another entry or at the end.
    pub(crate) fn insert(&mut self, position: usize, change: &[u8]) {
        self.0.splice(position..position, change.iter().copied());
    }

    /// Frees unused capacity.
    pub(crate) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    /// Appends a change. Returns `None` if it is too large for the format.
    pub(crate) fn push(&mut self, change: &Change<'_>) -> Option<()> {
        let start = self.0.len();
        let pushed = self.try_push(change, start);
        if pushed.is_none() {
            self.0.truncate(start);
        }
        pushed
    }

    fn try_push(&mut self, change: &Change<'_>, start: usize) -> Option<()> {
        self.0.extend(u32::try_from(change.table).ok()?.to_le_bytes());
        self.0.push(change.kind().code());
        for &value in &change.old {
            self.push_value(value)?;
        }
        for (at, &value) in change.new.iter().enumerate() {
            if change.old.get(at).is_some_and(|&old| is_same(old, value)) {
                self.0.push(SAME);
            } else {
                self.push_value(value)?;
            }
        }
        let len = u32::try_from(self.0.len() - start).ok()?;
        self.0.extend(len.to_le_bytes());
        Some(())
    }

    fn push_value(&mut self, value: ValueRef<'_>) -> Option<()> {
        let mut bytes = |tag, bytes: &[u8]| {
            self.0.push(tag);
            self.0.extend(u32::try_from(bytes.len()).ok()?.to_le_bytes());
            self.0.extend(bytes);
            Some(())
        };
        match value {
            ValueRef::Text(text) => return bytes(TEXT, text),
            ValueRef::Blob(blob) => return bytes(BLOB, blob),
            ValueRef::Null => self.0.push(NULL),
            ValueRef::Integer(number) => {
                self.0.push(INTEGER);
                self.0.extend(number.to_le_bytes());
            }
            ValueRef::Real(number) => {
                self.0.push(REAL);
                self.0.extend(number.to_le_bytes());
            }
        }
        Some(())
    }

    /// The changes, first to last. `columns` returns the number of values in a table's rows.
    pub(crate) fn forward<'a>(
        &'a self,
        columns: impl Fn(usize) -> usize + 'a,
    ) -> impl Iterator<Item = Change<'a>> + 'a {
        self.forward_from(0, columns).map(|(_, change)| change)
    }

    /// Same as [`forward`](Self::forward), but starts at a position where a change begins. Also
    /// returns the position where each change ends.
    pub(crate) fn forward_from<'a>(
        &'a self,
        position: usize,
        columns: impl Fn(usize) -> usize + 'a,
    ) -> impl Iterator<Item = (usize, Change<'a>)> + 'a {
        let mut rest = self.0.get(position..).unwrap_or_default();
        std::iter::from_fn(move || {
            read(&mut rest, &columns).map(|change| (self.0.len() - rest.len(), change))
        })
    }

    /// The changes, last to first.
    pub(crate) fn backward<'a>(
        &'a self,
        columns: impl Fn(usize) -> usize + 'a,
    ) -> impl Iterator<Item = Change<'a>> + 'a {
        let mut rest = self.0.as_slice();
        std::iter::from_fn(move || {
            let (before, len) = rest.split_last_chunk::<WORD>()?;
            let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
            let start = before.len().checked_sub(len)?;
            let mut entry = &rest[start..];
            rest = &rest[..start];
            read(&mut entry, &columns)
        })
    }
}

/// Reads an entry and advances `rest` past it.
fn read<'a>(rest: &mut &'a [u8], columns: impl Fn(usize) -> usize) -> Option<Change<'a>> {
    let table = usize::try_from(u32::from_le_bytes(take(rest)?)).ok()?;
    let [code] = take::<1>(rest)?;
    let kind = Kind::of_code(code)?;
    let count = columns(table);
    let mut row = |like: &[ValueRef<'a>]| -> Option<Vec<ValueRef<'a>>> {
        (0..count).map(|at| value(rest, like.get(at).copied())).collect()
    };
    let old = if kind == Kind::Insert { Vec::new() } else { row(&[])? };
    let new = if kind == Kind::Delete { Vec::new() } else { row(&old)? };
    take::<WORD>(rest)?;
    Some(Change { table, old, new })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*first)
}

fn value<'a>(rest: &mut &'a [u8], old: Option<ValueRef<'a>>) -> Option<ValueRef<'a>> {
    let [tag] = take(rest)?;
    let bytes = |rest: &mut &'a [u8]| {
        let len = usize::try_from(u32::from_le_bytes(take(rest)?)).ok()?;
        let (bytes, after) = rest.split_at_checked(len)?;
        *rest = after;
        Some(bytes)
    };
    Some(match tag {
        NULL => ValueRef::Null,
        INTEGER => ValueRef::Integer(i64::from_le_bytes(take(rest)?)),
        REAL => ValueRef::Real(f64::from_le_bytes(take(rest)?)),
        TEXT => ValueRef::Text(bytes(rest)?),
        BLOB => ValueRef::Blob(bytes(rest)?),
        SAME => old?,
        _ => return None,
    })
}

/// Whether two values are the same once stored. This includes `-0.0` and `0.0`, because SQLite
/// stores both as the integer 0.
pub(crate) fn is_same(one: ValueRef<'_>, other: ValueRef<'_>) -> bool {
    one == other
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: usize = 3;

    fn changes() -> Vec<Change<'static>> {
        let row = |a, b, c| vec![a, b, c];
        let (null, int, real) = (ValueRef::Null, ValueRef::Integer, ValueRef::Real);
        let one = row(int(i64::MIN), ValueRef::Text(b"a\0b\xff"), null);
        let two = row(int(i64::MIN), ValueRef::Text(b""), real(f64::MIN_POSITIVE));
        let three = row(int(i64::MAX), ValueRef::Blob(b"\0"), real(1e308));
        vec![
            Change { table: 7, old: vec![], new: one.clone() },
            Change { table: 7, old: one, new: two.clone() },
            Change { table: 0, old: three.clone(), new: vec![] },
            Change { table: 7, old: two.clone(), new: two },
            Change { table: usize::from(u16::MAX), old: vec![], new: three },
        ]
    }

    #[test]
    fn is_read_from_both_ends() {
        let changes = changes();
        let mut log = ChangeLog::default();
        assert_eq!(log.forward(|_| COLUMNS).count() + log.backward(|_| COLUMNS).count(), 0);
        for change in &changes {
            log.push(change).unwrap();
        }
        assert_eq!(log.forward(|_| COLUMNS).collect::<Vec<_>>(), changes);
        let mut backward: Vec<_> = log.backward(|_| COLUMNS).collect();
        backward.reverse();
        assert_eq!(backward, changes);
    }

    #[test]
    fn is_cut_where_a_change_began() {
        let changes = changes();
        let mut log = ChangeLog::default();
        log.push(&changes[0]).unwrap();
        let len = log.len();
        log.push(&changes[1]).unwrap();
        log.truncate(len);
        log.push(&changes[2]).unwrap();
        let read: Vec<_> = log.forward(|_| COLUMNS).collect();
        assert_eq!(read, [changes[0].clone(), changes[2].clone()]);
    }

    #[test]
    fn a_value_that_stays_takes_a_byte() {
        let blob = vec![7; 100_000];
        let row = |number| vec![ValueRef::Integer(number), ValueRef::Blob(&blob)];
        let mut log = ChangeLog::default();
        log.push(&Change { table: 0, old: row(1), new: row(2) }).unwrap();
        assert!(log.len() < 100_100, "{}", log.len());
    }

    #[test]
    fn taking_back_twice_is_the_change_itself() {
        for change in changes() {
            assert_eq!(change.clone().inverse().inverse(), change);
        }
    }
}
