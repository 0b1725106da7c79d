//! The program's query with the conditions of a request, and the statements made from it.
//!
//! The query is a subquery of each statement, so it can be any `SELECT`. SQLite merges a simple one
//! into the statement, and then uses its tables' indexes.

use std::ops::ControlFlow;

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, Error, Row, Statement, ToSql};

use super::doclist::Doclists;
use super::full_text::Expression;
use super::position::{Order, Part, Position, Start};
use super::read::ReadRow;
use super::term::Term;
use crate::record::expression::{Token, tokens};
use crate::sql::quoted;

/// The parameter for the words to search for.
const WORDS: &str = "solo_words";

/// The parameter for the number of matches that a search needs.
pub(super) const LIMIT: &str = "limit";

/// A query and the values of its parameters.
#[derive(Debug, Clone)]
pub(super) struct Query {
    select: String,
    /// The row id among the columns of `select`.
    key: String,
    conditions: String,
    values: Vec<(String, Value)>,
    pub(super) words: Option<Words>,
    /// A condition selects so few rows that they are sorted without an index.
    is_narrow: bool,
    /// A search may be cut off.
    has_limit: bool,
}

/// The words to search for.
#[derive(Debug, Clone)]
pub(super) struct Words {
    /// The full-text table, in quotes.
    pub(super) table: String,
    pub(super) is_lazy: bool,
    pub(super) terms: Option<Vec<Term>>,
    pub(super) doclists: Option<Doclists>,
}

impl Query {
    pub(super) fn new(select: &str) -> Self {
        let select = select.trim().trim_end_matches(';').to_owned();
        let (conditions, values, words, is_narrow, has_limit) = Default::default();
        let key = "id".to_owned();
        Self { select, key, conditions, values, words, is_narrow, has_limit }
    }

    pub(super) fn set_key(&mut self, key: String) {
        self.key = key;
    }

    /// Sets the value of `:name`, and replaces an earlier one.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.values.retain(|(known, _)| known != name);
        self.values.push((name.to_owned(), value.into()));
    }

    /// Limits the matches of a search whose condition has a parameter for it.
    pub(super) fn set_limit(&mut self, max: usize) {
        self.set(LIMIT, i64::try_from(max).unwrap_or(i64::MAX));
        self.has_limit = true;
    }

    /// Whether a search has a limit.
    pub(super) fn has_limit(&self) -> bool {
        self.has_limit
    }

    /// Selects all matches of a search.
    pub(super) fn lift_limit(&mut self) {
        if self.has_limit {
            self.set(LIMIT, -1);
            self.has_limit = false;
        }
    }

    /// Adds a condition. The line end is for a condition that ends with a comment.
    pub(super) fn add_condition(&mut self, condition: &str) {
        self.conditions += " AND (";
        self.conditions += condition;
        self.conditions += "\n)";
    }

    /// Adds a condition that selects so few rows that they are sorted without an index.
    pub(super) fn narrow(&mut self, condition: &str) {
        self.add_condition(condition);
        self.is_narrow = true;
    }

    /// Selects the rows whose ids `subquery` returns.
    pub(super) fn narrow_to_keys(&mut self, subquery: &str) {
        let condition = format!("({}) IN ({subquery})", self.key);
        self.narrow(&condition);
    }

    /// Selects the rows that a full-text table finds with this expression.
    pub(super) fn find_words(&mut self, table: &str, expression: Expression) {
        let Expression { sql, is_lazy, terms, doclists } = expression;
        self.words = Some(Words { table: quoted(table), is_lazy, terms, doclists });
        self.set(WORDS, sql);
        self.is_narrow = true;
    }

    /// The query without the words. `None` if it has none.
    pub(super) fn without_words(&self) -> Option<Self> {
        self.words.as_ref()?;
        Some(Self { words: None, is_narrow: false, ..self.clone() })
    }

    /// The query without any conditions, to load rows that are known to meet them.
    pub(super) fn of_all_rows(&self) -> Self {
        Self { words: None, conditions: String::new(), is_narrow: false, ..self.clone() }
    }

    pub(super) fn is_narrow(&self) -> bool {
        self.is_narrow
    }

    pub(super) fn table(&self) -> String {
        let words = match &self.words {
            Some(_) => format!(" AND ({}) IN ({})", self.key, self.matches_sql("")),
            None => String::new(),
        };
        format!("FROM ({}\n) WHERE true{}{words}", self.select, self.conditions)
    }

    /// The sort column and the key in SQL. With a unary plus, SQLite doesn't use their indexes.
    /// Otherwise, it might read all rows without a value to find a few matches among them.
    pub(super) fn terms(&self, order: &Order) -> (String, String) {
        let plus = if self.is_narrow { "+" } else { "" };
        let sort = order.sort.as_ref().map_or("NULL".to_owned(), |sort| format!("{plus}({sort})"));
        (sort, format!("{plus}({})", self.key))
    }

    /// The statement that reads a part of the list.
    pub(super) fn part_sql(&self, order: &Order, part: Part<'_>, is_backwards: bool) -> String {
        let (sort, key) = self.terms(order);
        let is_ascending = order.is_descending == is_backwards;
        let (condition, by) = part.sql(&sort, &key, is_ascending);
        let table = self.table();
        format!("SELECT *, {sort}, {key} {table} AND {condition} ORDER BY {by} LIMIT :solo_limit")
    }

    /// Reads up to `max` rows with their positions. When reading backwards, the nearest row comes
    /// first.
    pub(super) fn rows<T>(
        &self,
        db: &Connection,
        order: &Order,
        start: &Start,
        max: usize,
        read: &mut ReadRow<T>,
    ) -> rusqlite::Result<Vec<(Position, T)>> {
        let mut found = Vec::new();
        let is_backwards = start.is_backwards();
        for part in Part::beyond(start.position(), order, is_backwards) {
            let left = max - found.len();
            if left == 0 {
                break;
            }
            let sql = self.part_sql(order, part, is_backwards);
            let mut statement = self.prepare(db, &sql, part.position(), left)?;
            let columns = statement.column_count();
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next()? {
                let (value, key) = (row.get(columns - 2)?, row.get(columns - 1)?);
                found.push((Position { key, value, is_cut: false }, read.one(row)?));
            }
        }
        read.complete(db, found)
    }

    /// Passes a part's rows, which are read with [`position`](super::matches::position), and their
    /// keys to `keep`, until it breaks.
    pub(super) fn each(
        &self,
        db: &Connection,
        order: &Order,
        part: Part<'_>,
        is_backwards: bool,
        keep: &mut dyn FnMut(i64, &Row<'_>) -> rusqlite::Result<ControlFlow<()>>,
    ) -> rusqlite::Result<ControlFlow<()>> {
        let (sort, key) = self.terms(order);
        let (condition, by) = part.sql(&sort, &key, order.is_descending == is_backwards);
        let table = self.table();
        // The limit tells `TableScans` that the rows aren't all read.
        let sql =
            format!("SELECT {sort}, {key} {table} AND {condition} ORDER BY {by} LIMIT :solo_limit");
        let mut statement = self.prepare(db, &sql, part.position(), usize::MAX)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            if keep(row.get(1)?, row)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Whether the list certainly has all rows of a table.
    pub(super) fn has_all_rows(&self, db: &Connection) -> rusqlite::Result<bool> {
        let tokens = tokens(&self.select);
        let [first, between @ .., from, table] = &tokens[..] else { return Ok(false) };
        let others = ["SELECT", "DISTINCT", "FROM"];
        let is_simple = first.is_word("SELECT")
            && from.is_word("FROM")
            && !between.iter().any(|token| others.iter().any(|word| token.is_word(word)))
            && self.conditions.is_empty()
            && self.words.is_none();
        let (true, Token::Word(table) | Token::Name(table)) = (is_simple, table) else {
            return Ok(false);
        };
        let sql = "SELECT type FROM temp.sqlite_schema WHERE name = ?1 COLLATE NOCASE
            UNION ALL SELECT type FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE";
        let mut types = db.prepare_cached(sql)?;
        let mut types = types.query([table])?;
        // An index has a name of its own.
        Ok(types
            .next()?
            .is_some_and(|row| row.get_ref(0).is_ok_and(|it| it.as_str() == Ok("table"))))
    }

    /// Reads the rows at these positions.
    pub(super) fn load<T>(
        &self,
        db: &Connection,
        positions: Vec<Position>,
        read: &mut ReadRow<T>,
    ) -> rusqlite::Result<Vec<(Position, T)>> {
        let sql = format!("SELECT * {} AND ({}) = :solo_key", self.table(), self.key);
        let mut found = Vec::with_capacity(positions.len());
        for position in positions {
            let mut statement = self.prepare(db, &sql, Some(&position), 1)?;
            let mut rows = statement.raw_query();
            let row = rows.next()?.map(|row| read.one(row)).transpose()?;
            drop(rows);
            drop(statement);
            found.extend(row.map(|row| (position, row)));
        }
        read.complete(db, found)
    }

    /// Counts the rows, up to `max` of them.
    pub(super) fn count(&self, db: &Connection, max: Option<usize>) -> rusqlite::Result<u64> {
        let sql = format!("SELECT count(*) FROM (SELECT 1 {} LIMIT :solo_limit)", self.table());
        self.number(db, &sql, None, max)
    }

    /// Counts the rows before a position, up to `max` in each part.
    pub(super) fn count_before(
        &self,
        db: &Connection,
        order: &Order,
        position: &Position,
        max: usize,
    ) -> rusqlite::Result<u64> {
        let (sort, key) = self.terms(order);
        let table = self.table();
        let mut count = 0;
        for part in Part::beyond(Some(position), order, true) {
            let (condition, _) = part.sql(&sort, &key, order.is_descending);
            let sql = format!(
                "SELECT count(*) FROM (SELECT 1 {table} AND {condition} LIMIT :solo_limit)"
            );
            count += self.number(db, &sql, part.position(), Some(max))?;
        }
        Ok(count)
    }

    fn number(
        &self,
        db: &Connection,
        sql: &str,
        position: Option<&Position>,
        max: Option<usize>,
    ) -> rusqlite::Result<u64> {
        let mut statement = self.prepare(db, sql, position, max.unwrap_or(usize::MAX))?;
        let mut rows = statement.raw_query();
        let count: i64 = rows.next()?.ok_or(Error::QueryReturnedNoRows)?.get(0)?;
        Ok(count.unsigned_abs())
    }

    /// Looks up the value of a row whose link has only the beginning. If the row was deleted, the
    /// beginning has to do.
    pub(super) fn complete(
        &self,
        db: &Connection,
        order: &Order,
        position: &mut Position,
    ) -> rusqlite::Result<()> {
        let (sort, key) = self.terms(order);
        let sql = format!("SELECT {sort} {} AND {key} = :solo_key", self.table());
        let mut statement = self.prepare(db, &sql, Some(position), 1)?;
        let mut rows = statement.raw_query();
        if let Some(value) = rows.next().map(|row| row.map(|row| row.get(0)))?.transpose()? {
            position.value = value;
        }
        position.is_cut = false;
        Ok(())
    }

    /// The query plan of a statement, one step per line.
    pub(super) fn plan(db: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
        let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let mut rows = statement.raw_query();
        let mut plan = Vec::new();
        while let Some(row) = rows.next()? {
            plan.push(row.get("detail")?);
        }
        Ok(plan)
    }

    /// A statement whose table `selected` has the ids of the rows.
    pub(super) fn with_selected(&self, sql: &str) -> String {
        let (_, key) = self.terms(&Order::default());
        format!("WITH selected(id) AS (SELECT {key} {}) {sql}", self.table())
    }

    pub(super) fn prepare<'db>(
        &self,
        db: &'db Connection,
        sql: &str,
        position: Option<&Position>,
        max: usize,
    ) -> rusqlite::Result<CachedStatement<'db>> {
        let mut statement = db.prepare_cached(sql)?;
        let max = Value::Integer(i64::try_from(max).unwrap_or(i64::MAX));
        let key = Value::Integer(position.map_or(0, |position| position.key));
        self.bind(&mut statement, |name| match name {
            "solo_limit" => Some(&max),
            "solo_key" => Some(&key),
            "solo_value" => position.map(|position| &position.value as &dyn ToSql),
            _ => None,
        })?;
        Ok(statement)
    }

    /// Binds all parameters by name: those in `own`, and the program's. rusqlite would take a
    /// missing one for `NULL`.
    pub(super) fn bind<'v>(
        &'v self,
        statement: &mut Statement<'_>,
        own: impl Fn(&str) -> Option<&'v dyn ToSql>,
    ) -> rusqlite::Result<()> {
        for index in 1..=statement.parameter_count() {
            let name = statement.parameter_name(index).unwrap_or("?");
            let known = plain(name);
            let Some(value) = own(known).or_else(|| self.value(known)) else {
                return Err(Error::InvalidParameterName(name.to_owned()));
            };
            statement.raw_bind_parameter(index, value)?;
        }
        Ok(())
    }

    /// Whether the query has a parameter with this name.
    pub(super) fn has_value(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    fn value(&self, name: &str) -> Option<&dyn ToSql> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value as &dyn ToSql)
    }
}

/// The name of a parameter without its first character.
pub(super) fn plain(parameter: &str) -> &str {
    parameter.trim_start_matches([':', '@', '$'])
}
