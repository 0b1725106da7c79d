//! Selected rows in a URL, so that they reach the page of another handler.
//!
//! The URL has the page of the list, with its search and filters, and the ids of the rows, unless all
//! are selected. It takes a few kilobytes for a thousand ids; a request may have 64.

use rusqlite::Connection;
use solohttp_core::{Fields, LocalUrl, Rejection, Request, Response, Result, StatusCode};

use super::query::Query;
use super::words::ListWords;
use super::{BulkRows, List};

/// The field with the ids, such as `17~25.30`, or `all`.
const ROWS: &str = "rows";
const ALL: &str = "all";
/// The field with the path and the query of the list's page.
const LIST: &str = "list";

/// The most ids that are read from a URL, where a range may have any number of them.
const MOST: usize = 100_000;

/// Which rows of a list are selected.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Selection {
    /// All that the list's search and filters find.
    All,
    /// Those with these ids, as far as they are in the list.
    Ids(Vec<i64>),
}

impl Selection {
    /// The query for these rows. `list` has the conditions of the search and the filters, and
    /// `everything` hasn't.
    pub(super) fn query(&self, list: &Query, everything: &Query) -> Query {
        match self {
            Self::All => {
                let mut found = list.clone();
                // All matches of a search, not only those that the pages show.
                found.lift_limit();
                found
            }
            Self::Ids(ids) => everything.with_keys(ids),
        }
    }

    /// Writes consecutive ids as a range.
    fn encode(&self) -> String {
        let Self::Ids(ids) = self else { return ALL.to_owned() };
        let mut ids = ids.clone();
        ids.sort_unstable();
        ids.dedup();
        let runs = ids.chunk_by(|id, next| id.checked_add(1) == Some(*next));
        let runs = runs.map(|run| match run {
            [first, .., last] => format!("{first}~{last}"),
            _ => run[0].to_string(),
        });
        runs.collect::<Vec<_>>().join(".")
    }

    /// Skips what isn't an id.
    fn decode(text: &str) -> Self {
        if text == ALL {
            return Self::All;
        }
        let runs = text.split('.').filter_map(|run| {
            let (first, last) = run.split_once('~').unwrap_or((run, run));
            Some(first.parse::<i64>().ok()?..=last.parse::<i64>().ok()?)
        });
        Self::Ids(runs.flatten().take(MOST).collect())
    }
}

impl BulkRows {
    /// The URL of a page that gets these rows, such as a form that changes all of them. It is this
    /// path with the ids of the rows, or with the search and the filters of the list if all rows are
    /// selected. The handler of the page calls [`List::selected`].
    ///
    /// So the selection stays the same when the page is reloaded, when the program is restarted, and
    /// in several tabs. It is also in the URL to which the page's form is submitted.
    ///
    /// # Panics
    /// If the path doesn't start with `/`.
    #[must_use]
    #[track_caller]
    pub fn url(&self, path: &str) -> String {
        assert!(path.starts_with('/'), "{path:?} isn't an absolute path");
        let fields = [(ROWS, self.selection.encode()), (LIST, self.back.clone())];
        let separator = if path.contains('?') { '&' } else { '?' };
        format!("{path}{separator}{}", Fields::from_iter(fields))
    }

    /// Redirects to a page that gets these rows; see [`url`](Self::url).
    ///
    /// # Panics
    /// If the path doesn't start with `/`.
    #[must_use]
    #[track_caller]
    pub fn redirect_to(&self, path: &str) -> Response {
        Response::redirect(self.url(path))
    }
}

impl<T: 'static> List<T> {
    /// Returns the rows that a request's URL selects, if it was made by [`BulkRows::url`]. Create the
    /// list as its own page does.
    ///
    /// The form of a bulk action calls it for its page and again to save, so nothing has to be kept
    /// in between:
    ///
    /// ```
    /// # use solohttp_core::{Handler as _, Request, Response, Result};
    /// # use solohttp_sqlite_guard::{BulkRows, Cell, List, Record as _, Stored, columns, write};
    /// # use solohttp_sqlite_guard::{SqliteGuard, rusqlite::Connection};
    /// # struct App { db: Connection }
    /// # struct Sample { shelf: String }
    /// # columns!(Sample in "sample" { shelf });
    /// fn samples() -> List<Stored<Sample>> {
    ///     Sample::list().noun("sample", "samples").bulk_at_once("move", "Move…")
    /// }
    ///
    /// // The list's action opens the form.
    /// fn act(_: &mut App, rows: &BulkRows) -> Result<Response> {
    ///     Ok(rows.redirect_to("/move"))
    /// }
    ///
    /// // GET /move
    /// fn ask(app: &mut App, request: &Request) -> Result<Response> {
    ///     let rows = samples().selected(&app.db, request)?;
    ///     let title = format!("Move {}", rows.counted());
    ///     let form = "<form method=\"post\"><input name=\"shelf\"><button>Move</button></form>";
    ///     Ok(Response::page(&title, form))
    /// }
    ///
    /// // POST /move
    /// fn save(app: &mut App, request: &Request) -> Result<Response> {
    ///     let rows = samples().selected(&app.db, request)?;
    ///     let shelf = request.form()?.get("shelf").unwrap_or_default();
    ///     let update = "UPDATE sample SET shelf = :to WHERE id IN selected";
    ///     write(&mut app.db, |tx| Ok(rows.execute(tx, update, &[(":to", &shelf)])?))?;
    ///     Ok(rows.redirect()) // to the same page of the list
    /// }
    /// # let db = Connection::open_in_memory()?;
    /// # db.execute_batch("CREATE TABLE sample (id INTEGER PRIMARY KEY, shelf TEXT NOT NULL);
    /// #     INSERT INTO sample VALUES (1, 'A'), (2, 'A'), (3, 'A')")?;
    /// # let handle = |app: &mut App, request: &Request| -> Result<Response> {
    /// #     let is_post = *request.method() == solohttp_core::Method::POST;
    /// #     match request.path() {
    /// #         "/move" if is_post => save(app, request),
    /// #         "/move" => ask(app, request),
    /// #         _ => samples().handle(&app.db, request)?
    /// #             .respond(app, |_, list| Ok(list.render()), act),
    /// #     }
    /// # };
    /// # let mut app = SqliteGuard::new(handle, |app: &App| &app.db).with_state(App { db });
    /// # let chosen = [("row", "1"), ("row", "2"), ("action", "move")];
    /// # let to = Request::post("/list").form(chosen).send_to(&mut app);
    /// # let to = to.header("location").unwrap().to_owned();
    /// # assert_eq!(to, "/move?rows=1%7E2&list=%2Flist");
    /// # assert!(Request::get(&to).send_to(&mut app).into_text().contains("<h1>Move 2 samples</h1>"));
    /// # let back = Request::post(&to).form([("shelf", "B")]).send_to(&mut app);
    /// # assert_eq!(back.header("location"), Some("/list"));
    /// # let moved = Sample::select(&app.state().db, "WHERE shelf = 'B'", [])?;
    /// # assert_eq!(moved.len(), 2);
    /// # Ok::<(), solohttp_sqlite_guard::rusqlite::Error>(())
    /// ```
    ///
    /// An older URL selects what it says now: those of its ids that are still in the list, or all
    /// rows that its search and filters find. So tell the user how many there are, with
    /// [`counted`](BulkRows::counted). [`action`](BulkRows::action) is empty.
    ///
    /// # Errors
    /// Returns SQLite's errors. If the URL selects no rows, the response has the status 410 and asks
    /// to select some.
    pub fn selected(mut self, db: &Connection, request: &Request) -> Result<BulkRows> {
        let everything = self.query.clone();
        let fields = request.query();
        // Without its list, `all` could be more rows than it was.
        let list = fields.get(LIST).filter(|list| LocalUrl::is_local(list));
        let selection = match (list, fields.get(ROWS)) {
            (Some(_), Some(rows)) => Selection::decode(rows),
            _ => Selection::Ids(Vec::new()),
        };
        let (path, query) =
            list.unwrap_or("/").split_once('?').unwrap_or((list.unwrap_or("/"), ""));
        let asked = self.ask(db, path, &query.parse()?);
        let rows = self.bulk_rows(db, String::new(), selection, &everything, &asked)?;
        if rows.count() == 0 {
            let status = StatusCode::GONE;
            let none = Rejection::localized(status, |words: &ListWords| &words.none_selected, &[]);
            return Err(none.into());
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_written_as_ranges() {
        for (ids, expect) in [
            (&[][..], ""),
            (&[7], "7"),
            (&[3, 1, 2, 2, 9], "1~3.9"),
            (
                &[-1, -2, 0, i64::MIN, i64::MAX, i64::MAX - 1],
                "-9223372036854775808.-2~0.9223372036854775806~9223372036854775807",
            ),
        ] {
            let text = Selection::Ids(ids.to_vec()).encode();
            assert_eq!(text, expect);
            let Selection::Ids(read) = Selection::decode(&text) else { panic!("{text}") };
            let mut sorted = ids.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(read, sorted);
        }
        assert_eq!(Selection::decode(&Selection::All.encode()), Selection::All);
    }

    #[test]
    fn other_text_has_no_ids_and_a_range_is_bounded() {
        for text in ["x", "~", "1~", "3~1", "9223372036854775808", "ALL", "1e3"] {
            assert_eq!(Selection::decode(text), Selection::Ids(Vec::new()), "{text}");
        }
        let Selection::Ids(many) = Selection::decode("1~9000000000000000000") else { panic!() };
        assert_eq!(many.len(), MOST);
    }
}
