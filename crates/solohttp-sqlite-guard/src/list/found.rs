//! Pages of a full-text search.
//!
//! The full-text index returns matches in the order of their row ids, and the index of a column has
//! the rows in the requested order, but doesn't know which ones match. A few matches are sorted. If
//! there are many, the index of the column is read instead, from the position of the page, until the
//! page is full: the more matches there are, the fewer rows have to be read. If the matches are
//! elsewhere in this order, `cluster` finds them.

use std::ops::ControlFlow;

use rusqlite::{Connection, Row};

use super::cluster::{Cluster, Effort};
use super::matches::{Lookup, position};
use super::page::Count;
use super::position::{Order, Part, Position, Start};
use super::query::{Query, Words};
use super::read::ReadRow;

/// Up to this many matches are sorted, which takes up to 4 µs each.
pub(super) const SORTED: usize = 2_000;

/// If more than one in this many rows match, they are looked up one by one. Otherwise, all matches are
/// read first, which takes 0.07 µs each, or 0.01 µs from doclists. The last number is for lookups in
/// the full-text index.
const RARE: i64 = 60;
const RARE_IN_DOCLISTS: i64 = 15;
const RARE_IN_INDEX: i64 = 5;

/// What looking up rows may [take](super::matches) before all matches are read after all: 16 ms.
const LOOKED_UP: usize = 8_000;

/// If looking up texts takes this without finding a match, the matches are probably elsewhere.
/// Otherwise, reading them all would take 1 ms for each percent of a million rows.
const TRIED: usize = 100;

/// Rows of an index that are read, at 0.2 µs each, before the first ones of all matches are found in
/// another way: in a [cluster](super::cluster), or by reading each match, which takes up to 4 µs.
const READ: usize = if cfg!(test) { 5_000 } else { 20_000 };

/// The most matches that are counted if they weren't all sorted.
const COUNTED: usize = 1_000;

/// A search whose rows are found before they are read.
pub(super) struct Found {
    /// The query with the words.
    query: Query,
    /// The query without the words.
    rows: Query,
    matches: Matches,
    /// How many of the matches are certain to be in the list.
    known: usize,
}

enum Matches {
    /// Few enough to be sorted.
    Few(Option<Sorted>),
    /// The keys of all matches, in ascending order.
    Many(Vec<i64>),
    /// So many that only the latest were read.
    Common(Vec<i64>),
    /// Those that a search with a limit has returned.
    CutOff(Sorted),
}

/// All matches in the requested order, with whether they are beyond the start.
type Sorted = Vec<(Position, bool)>;

impl Found {
    /// `None` if the query has no words.
    pub(super) fn new(db: &Connection, query: &Query) -> rusqlite::Result<Option<Self>> {
        let Some(rows) = query.without_words() else { return Ok(None) };
        let keys = query.matches(db, SORTED + 1, |latest| query.is_common(latest))?;
        let matches = match keys.len() {
            0..=SORTED => Matches::Few(None),
            _ if query.is_common(&keys) => Matches::Common(keys),
            _ => Matches::Many(keys),
        };
        Ok(Some(Self { query: query.clone(), rows, matches, known: 0 }))
    }

    /// What a search with a limit has returned, but not all that it would find.
    pub(super) fn cut_off(query: &Query, found: Sorted) -> Self {
        let matches = Matches::CutOff(found);
        Self { query: query.clone(), rows: query.of_all_rows(), matches, known: 0 }
    }

    /// Same as [`new`](Self::new), but for reading all rows with [`next_rows`](Self::next_rows).
    pub(super) fn all(db: &Connection, query: &Query) -> rusqlite::Result<Option<Self>> {
        let Some(rows) = query.without_words() else { return Ok(None) };
        let keys = query.matches(db, SORTED + 1, |_| false)?;
        let is_short = keys.len() <= SORTED;
        let matches = if is_short { Matches::Few(None) } else { Matches::Many(keys) };
        Ok(Some(Self { query: query.clone(), rows, matches, known: 0 }))
    }

    /// Whether there are at most [`SORTED`] matches, which are best read at once.
    pub(super) fn is_sorted(&self) -> bool {
        matches!(self.matches, Matches::Few(_))
    }

    /// Reads up to `max` rows after a page.
    pub(super) fn next_rows<T>(
        &mut self,
        db: &Connection,
        order: &Order,
        start: &Start,
        max: usize,
        read: &mut ReadRow<T>,
    ) -> rusqlite::Result<Vec<(Position, T)>> {
        if self.is_sorted() {
            return self.rows(db, order, start, max, read);
        }
        let found = self.walk(db, order, start, max, Effort::new(usize::MAX, max))?;
        self.rows.load(db, found.unwrap_or_default(), read)
    }

    /// Reads up to `max` rows. When reading backwards, the nearest row comes first.
    pub(super) fn rows<T>(
        &mut self,
        db: &Connection,
        order: &Order,
        start: &Start,
        max: usize,
        read: &mut ReadRow<T>,
    ) -> rusqlite::Result<Vec<(Position, T)>> {
        // Whether the matches are far from the start in this order.
        let mut is_elsewhere = false;
        let mut found = None;
        if matches!(self.matches, Matches::Common(_)) {
            let has_texts = self.query.words.as_ref().is_some_and(|words| words.terms.is_some());
            found = self.near(db, order, start, max)?;
            if found.is_none() {
                let effort = Effort::new(LOOKED_UP, max);
                let effort = if has_texts { effort.tried(TRIED) } else { effort };
                found = self.walk(db, order, start, max, effort)?;
            }
        }
        if let (Matches::Common(latest), None) = (&mut self.matches, &found) {
            is_elsewhere = true;
            let latest = std::mem::take(latest);
            self.matches = Matches::Many(self.query.with_earlier_matches(db, latest)?);
        }
        if let (Matches::Many(keys), None) = (&self.matches, &found) {
            if !is_elsewhere {
                found = self.walk(db, order, start, max, Effort::new(READ, max))?;
            }
            if found.is_none() {
                let cluster = self.rows.nearest_in_cluster(db, keys, order, start, max)?;
                found = cluster.map(|Cluster { nearest, rows }| {
                    self.known = rows;
                    nearest
                });
            }
            if found.is_none() && is_elsewhere {
                found = self.walk(db, order, start, max, Effort::new(READ, max))?;
            }
            if found.is_none() {
                found = Some(self.rows.with_keys(keys).nearest(db, order, start, max)?);
            }
        }
        let found = match found {
            Some(found) => found,
            None => self.sorted(db, order, start, max)?,
        };
        self.rows.load(db, found, read)
    }

    /// Counts the rows. `first` is the first row of the page, and `is_all` whether the page has all
    /// rows.
    pub(super) fn count(
        &self,
        db: &Connection,
        first: Option<&Position>,
        shown: u64,
        is_all: bool,
    ) -> rusqlite::Result<Count> {
        let latest = match &self.matches {
            Matches::Few(sorted) => {
                let sorted = sorted.as_deref().unwrap_or_default();
                let key = first.map(|position| position.key);
                let before = sorted.iter().position(|(position, _)| Some(position.key) == key);
                let before = before.unwrap_or_default() as u64;
                return Ok(Count::Exact { all: sorted.len() as u64, first: before + 1 });
            }
            Matches::CutOff(sorted) => return Ok(Count::MoreThan(sorted.len() as u64 - 1)),
            Matches::Many(keys) | Matches::Common(keys) => last(keys, SORTED),
        };
        if is_all {
            return Ok(Count::Exact { all: shown, first: 1 });
        }
        // Some of the matches may not be in the list. If few of the latest are, more are counted.
        let most = COUNTED + 1;
        if self.known >= most {
            return Ok(Count::MoreThan(COUNTED as u64));
        }
        let mut count = self.rows.with_keys(last(latest, most)).count(db, None)?;
        if count < most as u64 {
            count = self.rows.with_keys(latest).count(db, Some(most))?;
        }
        // There is at least one row on another page.
        Ok(Count::MoreThan(count.saturating_sub(1).max(shown)))
    }

    /// Takes a page of all matches, which are sorted.
    fn sorted(
        &mut self,
        db: &Connection,
        order: &Order,
        start: &Start,
        max: usize,
    ) -> rusqlite::Result<Vec<Position>> {
        if matches!(self.matches, Matches::Few(None)) {
            self.matches = Matches::Few(Some(self.query.sorted(db, order, start)?));
        }
        let (Matches::Few(Some(sorted)) | Matches::CutOff(sorted)) = &self.matches else {
            return Ok(Vec::new());
        };
        let beyond =
            sorted.iter().filter(|(_, is_beyond)| *is_beyond || start.position().is_none());
        let beyond = beyond.map(|(position, _)| position.clone());
        Ok(match start.is_backwards() {
            true => beyond.rev().take(max).collect(),
            false => beyond.take(max).collect(),
        })
    }

    /// Reads the rows in the requested order, and keeps those that match. `None` if the page won't be
    /// full after so much effort.
    fn walk(
        &self,
        db: &Connection,
        order: &Order,
        start: &Start,
        max: usize,
        mut effort: Effort,
    ) -> rusqlite::Result<Option<Vec<Position>>> {
        let (mut found, mut is_spent) = (Vec::new(), false);
        let mut lookup = self.query.lookup(db)?;
        let mut keep = |key: i64, row: &Row<'_>| {
            is_spent = effort.is_spent(found.len());
            if is_spent {
                return Ok(ControlFlow::Break(()));
            }
            let (is_match, used) = self.is_match(&mut lookup, key)?;
            effort.used = effort.used.saturating_add(used);
            if is_match {
                found.push(position(row)?);
            }
            Ok(if found.len() == max { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        let is_backwards = start.is_backwards();
        for part in Part::beyond(start.position(), order, is_backwards) {
            if self.rows.each(db, order, part, is_backwards, &mut keep)?.is_break() {
                break;
            }
        }
        Ok((!is_spent).then_some(found))
    }

    /// Returns whether the row matches, and the effort.
    fn is_match(&self, lookup: &mut Lookup<'_>, key: i64) -> rusqlite::Result<(bool, usize)> {
        match &self.matches {
            Matches::Many(keys) => Ok((keys.binary_search(&key).is_ok(), 1)),
            _ => lookup.is_match(key),
        }
    }

    /// Reads a page in the order of the keys, which is that of the full-text index. `None` if the
    /// page isn't full, or in another order.
    fn near(
        &self,
        db: &Connection,
        order: &Order,
        start: &Start,
        max: usize,
    ) -> rusqlite::Result<Option<Vec<Position>>> {
        if order.sort.is_some() {
            return Ok(None);
        }
        let is_ascending = order.is_descending == start.is_backwards();
        let near = self.query.near_matches(&self.rows, start, is_ascending, SORTED);
        let mut found = Vec::new();
        let mut keep = |_: i64, row: &Row<'_>| {
            found.push(position(row)?);
            Ok(if found.len() == max { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        };
        for part in Part::beyond(start.position(), order, start.is_backwards()) {
            let _ = near.each(db, order, part, start.is_backwards(), &mut keep)?;
        }
        Ok((found.len() == max).then_some(found))
    }
}

impl Query {
    /// Guesses how many rows match from how close together the keys of the latest matches are. If
    /// matches aren't read one by one, each lookup would take as long as reading all of them.
    fn is_common(&self, latest: &[i64]) -> bool {
        let Some(words) = self.words.as_ref().filter(|words| words.is_lazy) else { return false };
        let rare = match words {
            Words { terms: None, .. } => RARE_IN_INDEX,
            Words { doclists: None, .. } => RARE,
            _ => RARE_IN_DOCLISTS,
        };
        let (Some(first), Some(last)) = (latest.first(), latest.last()) else { return false };
        let count = i64::try_from(latest.len()).unwrap_or(i64::MAX);
        last.saturating_sub(*first) < count.saturating_mul(rare)
    }
}

/// The last `max` of these keys.
fn last(keys: &[i64], max: usize) -> &[i64] {
    &keys[keys.len().saturating_sub(max)..]
}
