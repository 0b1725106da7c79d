//! Pages of a search whose matches are close together in the requested order, such as those of a
//! first name in a list that is sorted by name.
//!
//! Reading the index of the order from its start would take too long if the matches are elsewhere,
//! and reading each match takes ten times as long as a row of an index. So a sample of the matches
//! tells where most of them are, and only this range of the index is read. The matches that weren't
//! met there are read one by one, since the first one in the order may be among them.

use rusqlite::Connection;

use super::keys::Visitor;
use super::position::{Order, Part, Position, Start};
use super::query::Query;

/// Fewer matches are read one by one, which takes about 3 µs each.
const FEWEST: usize = if cfg!(test) { 3_000 } else { 5_000 };

/// Matches that are read to find the range.
const SAMPLE: usize = 128;

/// Matches of the sample at either end that are left out of the range, since they may be far away.
const LEFT_OUT: usize = 2;

/// The range ends where so many rows in a row don't match.
const GAP: usize = 200;

/// The keys are marked in a table of bits, if it has at most so many for each.
const BITS_PER_KEY: usize = 4_096;

/// The most matches outside of the range.
const OUTSIDE: usize = 2_000;

/// The most rows of the index that are read for each match, and in all: 12 ms.
const ROWS_PER_MATCH: usize = 6;
const ROWS: usize = 80_000;

/// After this effort, its result shows whether to go on.
const TRIED: usize = 1_000;

/// The effort that finding `wanted` rows may take.
pub(super) struct Effort {
    pub(super) used: usize,
    most: usize,
    wanted: usize,
    tried: usize,
}

impl Effort {
    pub(super) fn new(most: usize, wanted: usize) -> Self {
        Self { used: 0, most, wanted, tried: TRIED }
    }

    /// Sets after which effort its result shows whether to go on.
    pub(super) fn tried(self, tried: usize) -> Self {
        Self { tried, ..self }
    }

    /// Whether the rest won't suffice: so far, at less than half the rate that it takes.
    pub(super) fn is_spent(&self, found: usize) -> bool {
        if self.most == usize::MAX {
            return false;
        }
        let is_slow = self.used.saturating_mul(self.wanted) / 2 > found.saturating_mul(self.most);
        self.used >= self.most || (self.used >= self.tried && is_slow)
    }
}

/// The nearest rows of a search whose matches are close together.
pub(super) struct Cluster {
    /// Their positions, the nearest first.
    pub(super) nearest: Vec<Position>,
    /// How many of the matches are certain to be in the list.
    pub(super) rows: usize,
}

impl Query {
    /// Reads the positions of up to `max` rows beyond the start, of those with these keys, which
    /// are in ascending order. `None` if they aren't close together.
    pub(super) fn nearest_in_cluster(
        &self,
        db: &Connection,
        keys: &[i64],
        order: &Order,
        start: &Start,
        max: usize,
    ) -> rusqlite::Result<Option<Cluster>> {
        if keys.len() < FEWEST {
            return Ok(None);
        }
        let Some((first, last)) = self.range(db, keys, order, start)? else { return Ok(None) };
        let Some(left) = Keys::new(keys) else { return Ok(None) };
        let effort = Effort::new(ROWS.min(keys.len() * ROWS_PER_MATCH), keys.len());
        // Beyond the start, the range must not grow back to it.
        let gap = if start.position().is_none() { GAP } else { 1 };
        let mut walk = Walk { left, met: Vec::new(), others: 0, gap, last: Some(last.key), effort };
        walk.is_last(first.key);
        let Some(mut walk) = self.walk(db, order, &first, false, walk)? else { return Ok(None) };
        if walk.last.is_some() {
            return Ok(None);
        }
        let mut inside = std::mem::take(&mut walk.met);
        if start.position().is_none() {
            walk.others = 0;
            let Some(back) = self.walk(db, order, &first, true, walk)? else { return Ok(None) };
            walk = back;
            inside.splice(..0, walk.met.drain(..).rev());
        }
        let left = &walk.left;
        let mut nearest: Vec<i64> = keys.iter().copied().filter(|&key| left.has(key)).collect();
        if nearest.len() > OUTSIDE {
            return Ok(None);
        }
        let rows = inside.len();
        nearest.extend(match start.is_backwards() {
            true => &inside[rows.saturating_sub(max)..],
            false => &inside[..max.min(rows)],
        });
        let nearest = self.with_keys(&nearest).nearest(db, order, start, max)?;
        Ok(Some(Cluster { nearest, rows }))
    }

    /// Reads the index of the order on one side of a position. `None` if there is no index.
    fn walk(
        &self,
        db: &Connection,
        order: &Order,
        from: &Position,
        is_backwards: bool,
        mut walk: Walk,
    ) -> rusqlite::Result<Option<Walk>> {
        for part in Part::beyond(Some(from), order, is_backwards) {
            match self.visit_keys(db, order, part, is_backwards, walk)? {
                Some((after, true)) => return Ok(Some(after)),
                Some((after, false)) => walk = after,
                None => return Ok(None),
            }
        }
        Ok(Some(walk))
    }

    /// The first and the last position of the range that most of the keys are in. `None` if not all
    /// of it is beyond the start.
    fn range(
        &self,
        db: &Connection,
        keys: &[i64],
        order: &Order,
        start: &Start,
    ) -> rusqlite::Result<Option<(Position, Position)>> {
        let sample: Vec<i64> = keys.iter().step_by(keys.len() / SAMPLE).copied().collect();
        let mut sample = self.with_keys(&sample).sorted(db, order, start)?;
        if sample.len() < SAMPLE / 2 {
            return Ok(None);
        }
        let is_beyond =
            |(_, is_beyond): &(Position, bool)| *is_beyond || start.position().is_none();
        let (from, to) = (LEFT_OUT, sample.len() - 1 - LEFT_OUT);
        if !is_beyond(&sample[from]) || !is_beyond(&sample[to]) {
            return Ok(None);
        }
        let last = sample.swap_remove(to).0;
        Ok(Some((sample.swap_remove(from).0, last)))
    }
}

/// Takes the keys that it meets in the index of the order.
struct Walk {
    left: Keys,
    /// The keys in the order in which they were met.
    met: Vec<i64>,
    /// The number of rows since the last one of them.
    others: usize,
    /// It ends after so many other rows.
    gap: usize,
    /// The last key of the range, until it is met.
    last: Option<i64>,
    effort: Effort,
}

impl Visitor for Walk {
    fn is_last(&mut self, key: i64) -> bool {
        self.effort.used += 1;
        if self.left.take(key) {
            self.met.push(key);
            self.others = 0;
        }
        self.others += 1;
        if self.last == Some(key) {
            self.last = None;
        }
        match self.last {
            Some(_) => self.effort.is_spent(self.met.len()),
            None => self.others >= self.gap,
        }
    }
}

/// A set of keys, as a table of bits.
struct Keys {
    lowest: i64,
    bits: Vec<u64>,
}

impl Keys {
    /// `keys` are in ascending order. `None` if they are too far apart.
    fn new(keys: &[i64]) -> Option<Self> {
        let (&lowest, &highest) = (keys.first()?, keys.last()?);
        let range = usize::try_from(highest.checked_sub(lowest)?).ok()?;
        if range / BITS_PER_KEY > keys.len() {
            return None;
        }
        let mut set = Self { lowest, bits: vec![0; range / 64 + 1] };
        for &key in keys {
            if let Some((word, bit)) = set.place(key) {
                set.bits[word] |= bit;
            }
        }
        Some(set)
    }

    fn place(&self, key: i64) -> Option<(usize, u64)> {
        let at = usize::try_from(key.checked_sub(self.lowest)?).ok()?;
        (at / 64 < self.bits.len()).then_some((at / 64, 1 << (at % 64)))
    }

    fn has(&self, key: i64) -> bool {
        self.place(key).is_some_and(|(word, bit)| self.bits[word] & bit != 0)
    }

    /// Removes a key, and returns whether it was in the set.
    fn take(&mut self, key: i64) -> bool {
        let Some((word, bit)) = self.place(key) else { return false };
        let has = self.bits[word] & bit != 0;
        self.bits[word] &= !bit;
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effort_in_vain_ends_early() {
        let check = |used, found, expect: bool| {
            let effort = Effort { used, ..Effort::new(8_000, 50) };
            assert_eq!(effort.is_spent(found), expect, "{found} found in {used}");
        };
        check(999, 0, false);
        check(1_000, 0, true);
        check(1_000, 3, true);
        check(1_000, 4, false);
        check(7_999, 49, false);
        check(8_000, 49, true);
        assert!(!Effort { used: usize::MAX, ..Effort::new(usize::MAX, 1) }.is_spent(0));
    }
}
