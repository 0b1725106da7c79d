//! The statements that read the matches of a full-text search.

use std::collections::VecDeque;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{CachedStatement, Connection, Row};

use super::keys;
use super::position::{Order, Part, Position, Start};
use super::query::Query;
use super::term::{Answer, Term};

/// What it takes to read the texts of a row: 2 µs.
const TEXTS: usize = 1;

/// What it takes to look up a row in the full-text index: 40 µs.
const INDEX: usize = 20;

/// So many of the latest matches show whether they are enough.
const PROBE: usize = 200;

impl Query {
    /// Selects the row ids of the matches. `rest` is the rest of the statement.
    pub(super) fn matches_sql(&self, rest: &str) -> String {
        format!("SELECT rowid {}", self.matching_sql(rest))
    }

    fn matching_sql(&self, rest: &str) -> String {
        let table = self.words.as_ref().map_or("", |words| &words.table);
        format!("FROM {table} WHERE {table} MATCH :solo_words {rest}")
    }

    /// Reads the keys of all matches, in ascending order, or only the latest `max`, if the latest are
    /// enough.
    pub(super) fn matches(
        &self,
        db: &Connection,
        max: usize,
        is_enough: impl Fn(&[i64]) -> bool,
    ) -> rusqlite::Result<Vec<i64>> {
        // Unless matches are read one by one, the first takes as long as all of them.
        if !self.words.as_ref().is_some_and(|words| words.is_lazy) {
            return self.collected_matches(db, "", 0);
        }
        let sql = self.matches_sql("ORDER BY rowid DESC LIMIT :solo_limit");
        let mut statement = self.prepare(db, &sql, None, max)?;
        let mut rows = statement.raw_query();
        let mut latest = VecDeque::new();
        while let Some(row) = rows.next()? {
            latest.push_front(row.get(0)?);
            if latest.len() == PROBE
                && !is_enough(latest.make_contiguous())
                && let Some(keys) = self.doclists(db)
            {
                return Ok(keys);
            }
        }
        let latest = Vec::from(latest);
        if latest.len() == max && !is_enough(&latest) {
            return self.with_earlier_matches(db, latest);
        }
        Ok(latest)
    }

    /// Reads the keys of the matches before these, and returns all.
    pub(super) fn with_earlier_matches(
        &self,
        db: &Connection,
        mut latest: Vec<i64>,
    ) -> rusqlite::Result<Vec<i64>> {
        let Some(&first) = latest.first() else { return Ok(latest) };
        if let Some(keys) = self.doclists(db) {
            return Ok(keys);
        }
        let mut keys = self.collected_matches(db, "AND rowid < :solo_key", first)?;
        keys.append(&mut latest);
        Ok(keys)
    }

    /// Reads the keys of all matches from doclists. `None` if only FTS5 can.
    fn doclists(&self, db: &Connection) -> Option<Vec<i64>> {
        self.words.as_ref()?.doclists.as_ref()?.read(db)
    }

    fn collected_matches(
        &self,
        db: &Connection,
        condition: &str,
        key: i64,
    ) -> rusqlite::Result<Vec<i64>> {
        let position = Position { key, value: Value::Null, is_cut: false };
        let sql = format!("SELECT {} {}", keys::collect("rowid"), self.matching_sql(condition));
        keys::install(db, &sql)?;
        let mut keys = keys::read(&mut *self.prepare(db, &sql, Some(&position), 0)?)?;
        // FTS5 has no other order, but SQL promises none.
        if !keys.is_sorted() {
            keys.sort_unstable();
        }
        Ok(keys)
    }

    /// The statements that look up whether a row matches.
    pub(super) fn lookup<'db>(&'db self, db: &'db Connection) -> rusqlite::Result<Lookup<'db>> {
        let terms =
            self.words.as_ref().and_then(|words| Some((&words.table, words.terms.as_deref()?)));
        let texts = terms.map(|(table, terms)| {
            let sql = format!("SELECT * FROM {table} WHERE rowid = :solo_key");
            Ok::<_, rusqlite::Error>((self.prepare(db, &sql, None, 1)?, terms))
        });
        let index = self.prepare(db, &self.matches_sql("AND rowid = :solo_key"), None, 1)?;
        Ok(Lookup { texts: texts.transpose()?, index })
    }

    /// The rows of the query with these keys.
    pub(super) fn with_keys(&self, keys: &[i64]) -> Self {
        let mut rows = self.clone();
        rows.set("solo_rows", json(keys));
        rows.narrow_to_keys("SELECT value FROM json_each(:solo_rows)");
        rows
    }

    /// A query for these keys alone.
    pub(super) fn of_keys(keys: &[i64]) -> Self {
        let mut rows = Self::new("SELECT value AS id FROM json_each(:solo_rows)");
        rows.set("solo_rows", json(keys));
        rows
    }

    /// The rows of `rows` that are among the next matches, up to `max` of them.
    pub(super) fn near_matches(
        &self,
        rows: &Self,
        start: &Start,
        is_ascending: bool,
        max: usize,
    ) -> Self {
        let (side, order) = if is_ascending { (">", "ASC") } else { ("<", "DESC") };
        let beyond = start.position().map(|position| format!("AND rowid {side} {}", position.key));
        let beyond = beyond.unwrap_or_default();
        let mut rows = rows.clone();
        let near = self.matches_sql(&format!("{beyond} ORDER BY rowid {order} LIMIT {max}"));
        rows.narrow_to_keys(&near);
        rows
    }

    /// Reads the positions of all rows in this order, with whether they are beyond the start.
    pub(super) fn sorted(
        &self,
        db: &Connection,
        order: &Order,
        start: &Start,
    ) -> rusqlite::Result<Vec<(Position, bool)>> {
        let (sort, key) = self.terms(order);
        let beyond = self.beyond(order, start);
        let by = order_by(&sort, &key, order.is_descending, false);
        let sql = format!("SELECT {sort}, {key}, coalesce({beyond}, false) {} {by}", self.table());
        let mut statement = self.prepare(db, &sql, start.position(), 0)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push((position(row)?, row.get(2)?));
        }
        Ok(found)
    }

    /// Reads the positions of up to `max` rows beyond the start, the nearest first. SQLite reads all
    /// rows, and keeps only the nearest.
    pub(super) fn nearest(
        &self,
        db: &Connection,
        order: &Order,
        start: &Start,
        max: usize,
    ) -> rusqlite::Result<Vec<Position>> {
        let (sort, key) = self.terms(order);
        let beyond = self.beyond(order, start);
        let by = order_by(&sort, &key, order.is_descending, start.is_backwards());
        let table = self.table();
        let sql = format!("SELECT {sort}, {key} {table} AND ({beyond}) {by} LIMIT :solo_limit");
        let mut statement = self.prepare(db, &sql, start.position(), max)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(position(row)?);
        }
        Ok(found)
    }

    /// The condition that a row is beyond the start.
    fn beyond(&self, order: &Order, start: &Start) -> String {
        let (sort, key) = self.terms(order);
        let is_backwards = start.is_backwards();
        let parts = match start.position() {
            Some(position) => Part::beyond(Some(position), order, is_backwards),
            None => vec![Part::All],
        };
        let is_ascending = order.is_descending == is_backwards;
        let parts = parts.iter().map(|part| format!("({})", part.sql(&sort, &key, is_ascending).0));
        parts.collect::<Vec<_>>().join(" OR ")
    }
}

fn json(keys: &[i64]) -> String {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    format!("[{}]", keys.join(","))
}

/// Sorts rows without a value last, or all in reverse.
fn order_by(sort: &str, key: &str, is_descending: bool, is_reversed: bool) -> String {
    let direction = |is_descending: bool| if is_descending { "DESC" } else { "ASC" };
    let (last, by) = (direction(is_reversed), direction(is_descending != is_reversed));
    format!("ORDER BY {sort} IS NULL {last}, {sort} {by}, {key} {by}")
}

/// The position of a row whose columns are the sort value and the key.
pub(super) fn position(row: &Row<'_>) -> rusqlite::Result<Position> {
    Ok(Position { key: row.get(1)?, value: row.get(0)?, is_cut: false })
}

/// Looks up whether single rows match.
pub(super) struct Lookup<'db> {
    /// The texts of a row, and what has to be in them.
    texts: Option<(CachedStatement<'db>, &'db [Term])>,
    index: CachedStatement<'db>,
}

impl Lookup<'_> {
    /// Returns whether the row matches, and what it took to find out: [`TEXTS`] or [`INDEX`].
    pub(super) fn is_match(&mut self, key: i64) -> rusqlite::Result<(bool, usize)> {
        if let Some((texts, terms)) = &mut self.texts {
            bind_key(texts, key)?;
            let mut rows = texts.raw_query();
            let Some(row) = rows.next()? else { return Ok((false, TEXTS)) };
            let answers = terms.iter().map(|term| answer(row, term));
            match answers.max().unwrap_or(Answer::Yes) {
                Answer::Yes => return Ok((true, TEXTS)),
                Answer::No => return Ok((false, TEXTS)),
                Answer::AskTheIndex => {}
            }
        }
        bind_key(&mut self.index, key)?;
        Ok((self.index.raw_query().next()?.is_some(), INDEX))
    }
}

/// Whether one of the row's texts has the word.
fn answer(row: &Row<'_>, term: &Term) -> Answer {
    let mut answer = Answer::No;
    let mut at = 0;
    while let Ok(value) = row.get_ref(at) {
        answer = answer.min(match value {
            ValueRef::Text(text) => {
                std::str::from_utf8(text).map_or(Answer::AskTheIndex, |text| term.is_in(text))
            }
            ValueRef::Null => Answer::No,
            // The index has its digits.
            _ => Answer::AskTheIndex,
        });
        at += 1;
    }
    answer
}

fn bind_key(lookup: &mut CachedStatement<'_>, key: i64) -> rusqlite::Result<()> {
    match lookup.parameter_index(":solo_key")? {
        Some(index) => lookup.raw_bind_parameter(index, key),
        None => Ok(()),
    }
}
