//! Pages of a search whose matches are close together in the requested order, such as those of a
//! first name in a list that is sorted by name.
//!
//! Reading the index of the order from its start would take too long if the matches are elsewhere,
//! and reading each match takes ten times as long as a row of an index. So a sample of the matches
//! tells where most of them are, and only this range of the index is read. The matches that weren't
//! met there are read one by one, since the first one in the order may be among them.

use std::ops::ControlFlow;

use rusqlite::Connection;

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
        let Some(mut left) = Keys::new(keys) else { return Ok(None) };
        let mut effort = Effort::new(ROWS.min(keys.len() * ROWS_PER_MATCH), keys.len());
        let mut walk = Walk { rows: self, db, order, left: &mut left, effort: &mut effort };
        // Beyond the start, the range must not grow back to it.
        let gap = if start.position().is_none() { GAP } else { 1 };
        let Some(mut inside) = walk.forward(&first, last.key, gap)? else { return Ok(None) };
        if start.position().is_none() {
            inside.splice(..0, walk.back(&first)?);
        }
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

/// Reads the index of the order, and takes the keys that it meets.
struct Walk<'a> {
    rows: &'a Query,
    db: &'a Connection,
    order: &'a Order,
    left: &'a mut Keys,
    effort: &'a mut Effort,
}

impl Walk<'_> {
    /// Returns the keys from this position to the last one, in order, and those that follow without
    /// a gap. `None` if there are too many other rows.
    fn forward(
        &mut self,
        first: &Position,
        last: i64,
        gap: usize,
    ) -> rusqlite::Result<Option<Vec<i64>>> {
        let mut met = Vec::new();
        if self.left.take(first.key) {
            met.push(first.key);
        }
        let (mut is_complete, mut others, mut is_spent) = (false, 0, false);
        self.each(first, false, |key, left, effort| {
            if left.take(key) {
                met.push(key);
                others = 0;
            }
            others += 1;
            is_complete |= key == last;
            is_spent = !is_complete && effort.is_spent(met.len());
            is_spent || (is_complete && others >= gap)
        })?;
        Ok((is_complete && !is_spent).then_some(met))
    }

    /// Returns the keys before this position without a gap, in order.
    fn back(&mut self, first: &Position) -> rusqlite::Result<Vec<i64>> {
        let (mut met, mut others) = (Vec::new(), 0);
        self.each(first, true, |key, left, _| {
            if left.take(key) {
                met.push(key);
                others = 0;
            }
            others += 1;
            others >= GAP
        })?;
        met.reverse();
        Ok(met)
    }

    /// Passes the keys of the rows on one side of a position, until `is_end`.
    fn each(
        &mut self,
        from: &Position,
        is_backwards: bool,
        mut is_end: impl FnMut(i64, &mut Keys, &Effort) -> bool,
    ) -> rusqlite::Result<()> {
        let Self { rows, db, order, left, effort } = self;
        let mut keep = |key| {
            effort.used += 1;
            let is_end = is_end(key, left, effort);
            if is_end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        for part in Part::beyond(Some(from), order, is_backwards) {
            if rows.each_key(db, order, part, is_backwards, &mut keep)?.is_break() {
                break;
            }
        }
        Ok(())
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
            if let Some((word, bit)) = set.bit(key) {
                *word |= bit;
            }
        }
        Some(set)
    }

    fn bit(&mut self, key: i64) -> Option<(&mut u64, u64)> {
        let at = usize::try_from(key.checked_sub(self.lowest)?).ok()?;
        Some((self.bits.get_mut(at / 64)?, 1 << (at % 64)))
    }

    fn has(&mut self, key: i64) -> bool {
        self.bit(key).is_some_and(|(word, bit)| *word & bit != 0)
    }

    /// Removes a key, and returns whether it was in the set.
    fn take(&mut self, key: i64) -> bool {
        let Some((word, bit)) = self.bit(key) else { return false };
        let has = *word & bit != 0;
        *word &= !bit;
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
