//! Paging for long lists: every page loads equally fast, however far down it is.
//!
//! `LIMIT 50 OFFSET 950000` reads a million rows to show fifty. And if a row is added or deleted in
//! between, the next page repeats or skips one. For this reason, pages aren't numbered. Instead,
//! the link to the next page names the row before that page, `?after=…`, and an index finds this
//! row directly (keyset paging, or the seek method).
//!
//! Each list is therefore sorted by one column that is unique, such as the name followed by the id.
//! `schema_2.sql` and `schema_3.sql` define these as generated columns with indexes. Comparing
//! several columns, `(name, id) > (?1, ?2)`, is the textbook solution, but SQLite then uses an
//! index only for the first column unless the other is the row id. Such a comparison also can't mix
//! ascending and descending order, and comparing with NULL never yields true.

use serde::Serialize;
use solohttp::sqlite::rusqlite::{self, Connection, Row, ToSql};
use solohttp::{Html, Request, Result, TemplateFolder};

/// Rows per page.
const ROWS: usize = 50;

/// A list sorted by a unique column.
pub(crate) struct List<'a> {
    /// `SELECT … FROM … WHERE …`, including the column.
    pub(crate) select: &'a str,
    /// The values of the parameters in `select`.
    pub(crate) values: &'a [&'a dyn ToSql],
    pub(crate) column: &'a str,
    pub(crate) newest_first: bool,
}

/// One page of a list, and its links.
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) is_first: bool,
    links: Links,
}

#[derive(Clone, Copy, PartialEq)]
enum Start<'a> {
    First,
    After(&'a str),
    Before(&'a str),
    Last,
}

#[derive(Serialize, Default)]
struct Links {
    first: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    last: Option<String>,
}

impl List<'_> {
    /// Returns the requested page.
    pub(crate) fn page<T>(
        &self,
        db: &Connection,
        request: &Request,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Page<T>> {
        let mut start = Start::of(request);
        let mut rows = self.read(db, start, &mut read)?;
        // Rows may have been deleted since the link was made. When the user goes back, the first
        // page is always a full one.
        let instead = match start {
            Start::After(_) if rows.is_empty() => Start::Last,
            Start::Before(_) if rows.len() <= ROWS => Start::First,
            _ => start,
        };
        if instead != start {
            start = instead;
            rows = self.read(db, start, &mut read)?;
        }
        let has_more = rows.len() > ROWS;
        rows.truncate(ROWS);
        if start.is_backwards() {
            rows.reverse();
        }
        let links = Links::new(request, start, has_more, &rows);
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        Ok(Page { rows, is_first: links.previous.is_none(), links })
    }

    /// Reads the rows with their keys, one more than a page shows. When reading backwards, the
    /// nearest row comes first.
    fn read<T>(
        &self,
        db: &Connection,
        start: Start<'_>,
        read: &mut impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<(String, T)>> {
        let mut values = self.values.to_vec();
        if let Start::After(key) | Start::Before(key) = &start {
            values.push(key);
        }
        let mut statement = db.prepare_cached(&self.sql(start))?;
        let rows = statement.query_map(&*values, |row| Ok((row.get(self.column)?, read(row)?)))?;
        rows.collect()
    }

    // Column names can't be parameters; these are our own.
    fn sql(&self, start: Start<'_>) -> String {
        let Self { select, column, .. } = self;
        let (is_behind, order) = match start.is_backwards() == self.newest_first {
            true => (">", "ASC"),
            false => ("<", "DESC"),
        };
        let condition = match start {
            Start::After(_) | Start::Before(_) => format!("AND {column} {is_behind} ?"),
            Start::First | Start::Last => String::new(),
        };
        format!("{select} {condition} ORDER BY {column} {order} LIMIT {}", ROWS + 1)
    }
}

impl<'a> Start<'a> {
    fn of(request: &'a Request) -> Self {
        match (request.query().get("after"), request.query().get("before")) {
            (Some(key), _) => Self::After(key),
            (None, Some("")) => Self::Last,
            (None, Some(key)) => Self::Before(key),
            (None, None) => Self::First,
        }
    }

    fn is_backwards(self) -> bool {
        matches!(self, Self::Before(_) | Self::Last)
    }
}

impl Links {
    fn new<T>(request: &Request, start: Start<'_>, has_more: bool, rows: &[(String, T)]) -> Self {
        let link = |to: Option<(&str, &str)>| {
            let mut query = request.query().clone();
            query.remove("after");
            query.remove("before");
            query.extend(to);
            format!("{}?{query}", request.path())
        };
        let (has_previous, has_next) = match start {
            Start::First => (false, has_more),
            Start::After(_) => (true, has_more),
            Start::Before(_) => (has_more, true),
            Start::Last => (has_more, false),
        };
        let mut links = Self::default();
        if let (true, Some((key, _))) = (has_previous, rows.first()) {
            links.first = Some(link(None));
            links.previous = Some(link(Some(("before", key))));
        }
        if let (true, Some((key, _))) = (has_next, rows.last()) {
            links.next = Some(link(Some(("after", key))));
            links.last = Some(link(Some(("before", ""))));
        }
        links
    }
}

impl<T> Page<T> {
    /// The links as HTML, or nothing if there is only one page.
    pub(crate) fn pager(&self, pages: &TemplateFolder) -> Result<Html> {
        if self.links.previous.is_none() && self.links.next.is_none() {
            return Ok(Html::default());
        }
        Ok(pages.render("pager", &self.links)?.into())
    }
}

/// Converts search input to a query for SQLite's full-text search: every word must occur, at least
/// as a prefix.
pub(crate) fn words(typed: &str) -> Option<String> {
    let words = typed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| format!("\"{word}\"*")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_is_syntax() {
        let check = |typed: &str, expect: Option<&str>| {
            assert_eq!(words(typed).as_deref(), expect, "{typed}");
        };
        check("ann o'neil", Some("\"ann\"* \"o\"* \"neil\"*"));
        check("NEAR(\"a\" *) ", Some("\"NEAR\"* \"a\"*"));
        check("zoë@example.org", Some("\"zoë\"* \"example\"* \"org\"*"));
        check(" -*\" ", None);
    }
}
