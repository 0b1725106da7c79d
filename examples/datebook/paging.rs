//! Long lists, a page at a time: no page of the book grows with the book, and none takes longer
//! because it is far down the list.
//!
//! `LIMIT 50 OFFSET 950000` reads a million rows to show fifty of them, and if somebody adds or
//! deletes a row meanwhile, the next page repeats one or leaves one out. So a page has no number
//! here. The link to the next page says behind which row it begins: `?after=…` ("keyset paging",
//! or "the seek method"). An index leads straight to that row, wherever it is.
//!
//! For this each list is sorted by one column that is different in every row, such as the name with
//! the number of the contact behind it. `schema_2.sql` and `schema_3.sql` have these columns, which
//! SQLite computes, and their indexes. Comparing several columns, `(name, id) > (?1, ?2)`, is the textbook's way; but
//! SQLite uses an index for the first of them only if the other is the row's id, it cannot compare
//! one upwards and the other downwards, and a column without a value compares with nothing.

use serde::Serialize;
use solohttp::sqlite::rusqlite::{self, Connection, Row, ToSql};
use solohttp::{Html, Request, Result, TemplateFolder};

/// Rows on a page.
const ROWS: usize = 50;

/// A list that is sorted by a column of its own.
pub(crate) struct List<'a> {
    /// `SELECT … FROM … WHERE …`, with the column among those selected.
    pub(crate) select: &'a str,
    /// What is put in place of its question marks.
    pub(crate) values: &'a [&'a dyn ToSql],
    pub(crate) column: &'a str,
    pub(crate) newest_first: bool,
}

/// Some rows of a list, and the links to those around them.
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
    /// The page that the request asks for.
    pub(crate) fn page<T>(
        &self,
        db: &Connection,
        request: &Request,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Page<T>> {
        let mut start = Start::of(request);
        let mut rows = self.read(db, start, &mut read)?;
        // Rows may be gone since the link was made, and the first page is a full one from wherever
        // one comes.
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

    /// The rows with their keys; one more than a page has tells whether there are more. Going
    /// backwards, the nearest comes first.
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

    // The names of columns cannot be values; they are ours.
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
    /// The links as HTML; nothing if one page holds all.
    pub(crate) fn pager(&self, pages: &TemplateFolder) -> Result<Html> {
        if self.links.previous.is_none() && self.links.next.is_none() {
            return Ok(Html::default());
        }
        Ok(pages.render("pager", &self.links)?.into())
    }
}

/// What was typed into a search, as a query of SQLite's full-text search: every word must be there,
/// or something that begins with it.
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
