//! Pages of a search whose matches are close together in the requested order, such as those of a
//! first name in a list that is sorted by name.
//!
//! Reading the index of the order from its start would take too long if the matches are elsewhere,
//! and reading each match takes ten times as long as a row of an index. So a sample of the matches
//! tells where most of them are, and only this range of the index is read. The others are those that
//! weren't met there. They are read one by one, since the first one in the order may be among them.

use std::ops::ControlFlow;

use rusqlite::{Connection, Row};

use super::position::{Order, Part, Position, Start};
use super::query::Query;

/// Fewer matches are read one by one, which takes about 3 µs each.
const FEWEST: usize = if cfg!(test) { 3_000 } else { 5_000 };

/// Matches that are read to find the range.
const SAMPLE: usize = 512;

/// Matches of the sample at either end that are left out of the range, since they may be far away.
const LEFT_OUT: usize = 4;

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
}

impl Effort {
    pub(super) fn new(most: usize, wanted: usize) -> Self {
        Self { used: 0, most, wanted }
    }

    /// Whether the rest won't suffice: so far, at less than half the rate that it takes.
    pub(super) fn is_spent(&self, found: usize) -> bool {
        if self.most == usize::MAX {
            return false;
        }
        let is_slow = self.used.saturating_mul(self.wanted) / 2 > found.saturating_mul(self.most);
        self.used >= self.most || (self.used >= TRIED && is_slow)
    }
}

impl Query {
    /// Reads the positions of up to `max` rows beyond the start, the nearest first, of those with
    /// these keys, which are in descending order. `None` if they aren't close together.
    pub(super) fn nearest_in_cluster(
        &self,
        db: &Connection,
        keys: &[i64],
        order: &Order,
        start: &Start,
        max: usize,
    ) -> rusqlite::Result<Option<Vec<Position>>> {
        if keys.len() < FEWEST {
            return Ok(None);
        }
        let Some((first, last)) = self.range(db, keys, order, start)? else { return Ok(None) };
        let Some(inside) = self.inside(db, keys, order, &first, &last)? else { return Ok(None) };
        let mut is_inside = vec![false; keys.len()];
        for &at in &inside {
            is_inside[at] = true;
        }
        let outside = keys.iter().zip(is_inside).filter(|(_, is_inside)| !is_inside);
        let mut nearest: Vec<i64> = outside.map(|(&key, _)| key).collect();
        if nearest.len() > OUTSIDE {
            return Ok(None);
        }
        let near = match start.is_backwards() {
            true => &inside[inside.len().saturating_sub(max)..],
            false => &inside[..max.min(inside.len())],
        };
        nearest.extend(near.iter().map(|&at| keys[at]));
        self.with_keys(&nearest).nearest(db, order, start, max).map(Some)
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

    /// The indexes of the keys from the first position to the last one, in the requested order.
    /// `None` if there are too many other rows between them.
    fn inside(
        &self,
        db: &Connection,
        keys: &[i64],
        order: &Order,
        first: &Position,
        last: &Position,
    ) -> rusqlite::Result<Option<Vec<usize>>> {
        let find = |key: i64| keys.binary_search_by(|known| key.cmp(known)).ok();
        let mut inside: Vec<usize> = find(first.key).into_iter().collect();
        let mut effort = Effort::new(ROWS.min(keys.len() * ROWS_PER_MATCH), keys.len());
        let mut is_last = false;
        let mut keep = |key: i64, _: &Row<'_>| {
            effort.used += 1;
            inside.extend(find(key));
            is_last = key == last.key;
            let is_end = is_last || effort.is_spent(inside.len());
            Ok(if is_end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        for part in Part::beyond(Some(first), order, false) {
            if self.each(db, order, part, false, &mut keep)?.is_break() {
                break;
            }
        }
        Ok(is_last.then_some(inside))
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
