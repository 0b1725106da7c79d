//! The statements that read the matches of a full-text search.

use rusqlite::{CachedStatement, Connection};

use super::position::{Order, Part, Position, Start};
use super::query::Query;

impl Query {
    /// Selects the row ids of the matches. `rest` is the rest of the statement.
    pub(super) fn matches_sql(&self, rest: &str) -> String {
        let table = self.words.as_ref().map_or("", |words| &words.table);
        format!("SELECT rowid FROM {table} WHERE {table} MATCH :solo_words {rest}")
    }

    /// Reads the keys of all matches, the highest first, until `is_enough`.
    pub(super) fn matches(
        &self,
        db: &Connection,
        is_enough: impl Fn(&[i64]) -> bool,
    ) -> rusqlite::Result<Vec<i64>> {
        let sql = self.matches_sql("ORDER BY rowid DESC");
        let mut statement = self.prepare(db, &sql, None, 0)?;
        let mut rows = statement.raw_query();
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            keys.push(row.get(0)?);
            if is_enough(&keys) {
                break;
            }
        }
        Ok(keys)
    }

    /// The statement that looks up whether a row matches.
    pub(super) fn lookup<'db>(
        &self,
        db: &'db Connection,
    ) -> rusqlite::Result<CachedStatement<'db>> {
        self.prepare(db, &self.matches_sql("AND rowid = :solo_key"), None, 1)
    }

    /// Executes a [`lookup`](Self::lookup).
    pub(super) fn is_match(
        &self,
        lookup: &mut CachedStatement<'_>,
        key: i64,
    ) -> rusqlite::Result<bool> {
        if let Some(index) = lookup.parameter_index(":solo_key")? {
            lookup.raw_bind_parameter(index, key)?;
        }
        Ok(lookup.raw_query().next()?.is_some())
    }

    /// The rows of the query with these keys.
    pub(super) fn with_keys(&self, keys: &[i64]) -> Self {
        let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
        let mut rows = self.clone();
        rows.set("solo_rows", format!("[{}]", keys.join(",")));
        rows.narrow_to_keys("SELECT value FROM json_each(:solo_rows)");
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
        let is_backwards = start.is_backwards();
        let parts = match start.position() {
            Some(position) => Part::beyond(Some(position), order, is_backwards),
            None => vec![Part::All],
        };
        let is_ascending = order.is_descending == is_backwards;
        let beyond =
            parts.iter().map(|part| format!("({})", part.sql(&sort, &key, is_ascending).0));
        let beyond = beyond.collect::<Vec<_>>().join(" OR ");
        let direction = if order.is_descending { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT {sort}, {key}, coalesce({beyond}, false) {}
             ORDER BY {sort} IS NULL, {sort} {direction}, {key} {direction}",
            self.table()
        );
        let mut statement = self.prepare(db, &sql, start.position(), 0)?;
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let position = Position { key: row.get(1)?, value: row.get(0)?, is_cut: false };
            found.push((position, row.get(2)?));
        }
        Ok(found)
    }
}
