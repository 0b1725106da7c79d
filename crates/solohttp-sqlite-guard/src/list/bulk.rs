//! Actions on selected rows: running them, the confirmation page, and the rows in SQL.
//!
//! All rows of a list are a query, not a list of ids, because there may be a million of them. The
//! confirmation page shows their number, and the action only runs if the number is still the same.

use rusqlite::{Connection, ToSql};
use serde::{Serialize, Serializer};
use solohttp_core::{
    Failure, Fields, Html, IoList, Locale, Rejection, Request, Response, Result, StatusCode, iolist,
};

use super::action::BulkAction;
use super::cell::Cell;
use super::page::{hidden, link, number};
use super::position::Start;
use super::query::{Query, plain};
use super::request::Asked;
use super::selection::Selection;
use super::words::ListWords;
use super::{List, ListOutcome};
use crate::page::text;

/// How many rows the confirmation page names.
const NAMED: usize = 10;

/// The fields of the form.
const ACTION: &str = "action";
const ROW: &str = "row";
const SHOWN: &str = "shown";
const ALL: &str = "all";
const CONFIRMED: &str = "confirmed";
/// The number of rows that the page has shown. Missing if it has shown only that there are many.
pub(super) const COUNTED: &str = "counted";

/// The rows that the user has selected, and what to do with them.
///
/// See [`List::bulk`], and [`List::selected`] for an action that needs a form.
#[derive(Debug)]
pub struct BulkRows {
    action: String,
    pub(super) selection: Selection,
    query: Query,
    count: u64,
    counted: String,
    /// The page of the list.
    pub(super) back: String,
}

/// The page that asks the user to confirm an action on several rows.
///
/// Place [`render`](Self::render) on a page with this [`title`](Self::title).
#[derive(Debug)]
pub struct ConfirmPage {
    title: String,
    body: IoList,
}

impl<T> List<T> {
    pub(super) fn run(
        mut self,
        db: &Connection,
        request: &Request,
        asked: Asked,
        everything: &Query,
    ) -> Result<ListOutcome<T>> {
        let form = request.form()?;
        let action = form.get(ACTION).unwrap_or_default();
        let Some(place) = self.actions.iter().position(|known| known.name == action) else {
            return Err(unknown_action());
        };
        let rows = self.bulk_rows(db, action.to_owned(), selection(form), everything, &asked)?;
        let count = rows.count;
        if count == 0 {
            let note = Locale::current::<ListWords>().none_selected.to_string();
            return Ok(ListOutcome::Page(self.read_page(db, asked, Some(note))?));
        }
        let sent = |field| form.get(field).and_then(|count| count.parse::<u64>().ok());
        let confirmed = sent(CONFIRMED);
        let is_confirmed = self.actions[place].is_confirmed;
        let has_more = form.get(ALL) == Some("list") && sent(COUNTED).is_some_and(|it| count > it);
        if has_more && !is_confirmed {
            let note = Locale::current::<ListWords>().changed.to_string();
            return Ok(ListOutcome::Page(self.read_page(db, asked, Some(note))?));
        }
        if is_confirmed && confirmed != Some(count) {
            let names = self.names(db, &rows.query, &asked)?;
            let is_changed = confirmed.is_some();
            let page = confirm(&self.actions[place], form, &rows, &names, is_changed);
            return Ok(ListOutcome::Confirm(page));
        }
        Ok(ListOutcome::Bulk(rows))
    }

    /// The rows of a selection. `everything` is the query without the conditions of the search and
    /// the filters.
    pub(super) fn bulk_rows(
        &self,
        db: &Connection,
        action: String,
        selection: Selection,
        everything: &Query,
        asked: &Asked,
    ) -> Result<BulkRows> {
        let query = selection.query(&self.query, everything);
        let count = query.count(db, None)?;
        let (counted, back) = (self.counted(count), asked.address.here());
        Ok(BulkRows { action, selection, query, count, counted, back })
    }

    /// The names of the first rows.
    fn names(&mut self, db: &Connection, query: &Query, asked: &Asked) -> Result<Vec<String>> {
        let rows = query.rows(db, &asked.order, &Start::First, NAMED, &mut self.read)?;
        let names = rows.iter().map(|(_, row)| {
            let cells: Vec<Cell> = self.cells(row).collect();
            self.name_of(&cells).to_owned()
        });
        Ok(names.collect())
    }

    /// A number of rows and what they are called.
    fn counted(&self, count: u64) -> String {
        let words = Locale::current::<ListWords>();
        let (phrase, default) =
            if count == 1 { (&words.one, &words.row) } else { (&words.several, &words.rows) };
        let noun = match &self.noun {
            Some((one, _)) if count == 1 => one.clone(),
            Some((_, several)) => several.clone(),
            None => default.to_string(),
        };
        phrase.say(&[("count", &number(count)), ("noun", &noun)])
    }

    /// The cells of a row, in the order of the columns.
    pub(super) fn cells(&self, row: &T) -> impl Iterator<Item = Cell> {
        self.columns.iter().map(move |column| (column.cell)(row))
    }

    /// The name of a row: its header, or else its first cell with a label.
    pub(super) fn name_of<'a>(&self, cells: &'a [Cell]) -> &'a str {
        let header = self.columns.iter().position(|column| column.is_row_header);
        let first = || self.columns.iter().position(|column| !column.label.is_empty());
        header.or_else(first).and_then(|at| cells.get(at)).map_or("", Cell::as_text)
    }
}

/// The rows that a form selects.
fn selection(form: &Fields) -> Selection {
    let ids = match form.get(ALL) {
        Some("list") => return Selection::All,
        Some(_) => SHOWN,
        None => ROW,
    };
    Selection::Ids(form.get_all(ids).filter_map(|id| id.parse().ok()).collect())
}

fn confirm(
    action: &BulkAction,
    form: &Fields,
    rows: &BulkRows,
    names: &[String],
    is_changed: bool,
) -> ConfirmPage {
    let words = Locale::current::<ListWords>();
    let (title, here) = (action.ask(&rows.counted), &rows.back);
    let mut body = IoList::new();
    if is_changed {
        body.push(iolist!["<p role=\"alert\">", text(&words.changed.to_string()), "</p>\n"]);
    }
    body.push_str("<ul>\n");
    for name in names {
        body.push(iolist!["<li>", text(name), "</li>\n"]);
    }
    let unnamed = rows.count.saturating_sub(names.len() as u64);
    if unnamed > 0 {
        let more = words.more_rows.say(&[("count", &number(unnamed))]);
        body.push(iolist!["<li>", text(&more), "</li>\n"]);
    }
    body.push(iolist!["</ul>\n<form method=\"post\" action=\"", text(here), "\">\n"]);
    for (name, value) in form.iter().filter(|(name, _)| [ROW, SHOWN, ALL].contains(name)) {
        body.push(hidden(name, value));
    }
    body.push(hidden(CONFIRMED, &rows.count.to_string()));
    let (name, label) = (text(&action.name), text(&action.label));
    body.push(iolist!["<button name=\"", ACTION, "\" value=\"", name, "\">", label]);
    body.push(iolist!["</button>\n", link(here, "", &words.cancel), "\n</form>\n"]);
    ConfirmPage { title, body }
}

fn unknown_action() -> Failure {
    let status = StatusCode::BAD_REQUEST;
    Rejection::localized(status, |words: &ListWords| &words.unknown_action, &[]).into()
}

impl ConfirmPage {
    /// Returns the question, such as “Delete 3 rows?”. It isn't escaped.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Renders the names of the first rows, the button, and a link back to the list.
    #[must_use]
    pub fn render(&self) -> IoList {
        self.body.clone()
    }
}

/// Serialized as [`Html`], so a template can insert it.
impl Serialize for ConfirmPage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Html::from(self.render()).serialize(serializer)
    }
}

impl BulkRows {
    /// The name of the action. Empty in the handler of [another page](Self::url).
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The number of rows.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The number of rows with their [noun](List::noun), such as “one contact” or “2 contacts”, for
    /// the name of an undo step or a flash message.
    #[must_use]
    pub fn counted(&self) -> &str {
        &self.counted
    }

    /// Executes a statement that uses the table `selected` with the column `id`, such as `DELETE
    /// FROM item WHERE id IN selected`. Returns the number of changed rows. `values` are the
    /// statement's own parameters, which may have the names of the list's filters.
    ///
    /// ```no_run
    /// # use solohttp_sqlite_guard::{BulkRows, rusqlite::Connection, write};
    /// fn move_to(db: &mut Connection, rows: &BulkRows, shelf: &str) -> solohttp_core::Result<usize> {
    ///     let update = "UPDATE item SET shelf = :to WHERE id IN selected";
    ///     write(db, |tx| Ok(rows.execute(tx, update, &[(":to", &shelf)])?))
    /// }
    /// ```
    ///
    /// # Errors
    /// Returns SQLite's errors.
    pub fn execute(
        &self,
        db: &Connection,
        sql: &str,
        values: &[(&str, &dyn ToSql)],
    ) -> rusqlite::Result<usize> {
        // One statement can't have two values of a name, such as the status of a filter and that to
        // set. So the ids are read first.
        let query = match values.iter().any(|(name, _)| self.query.has_value(plain(name))) {
            true => &Query::of_keys(&self.ids(db)?),
            false => &self.query,
        };
        let mut statement = db.prepare(&query.with_selected(sql))?;
        query.bind(&mut statement, |name| {
            let mut own = values.iter();
            own.find(|(known, _)| plain(known) == name).map(|(_, value)| *value)
        })?;
        statement.raw_execute()
    }

    /// Reads the ids of the rows.
    ///
    /// # Errors
    /// Returns SQLite's errors.
    pub fn ids(&self, db: &Connection) -> rusqlite::Result<Vec<i64>> {
        let mut statement = db.prepare(&self.query.with_selected("SELECT id FROM selected"))?;
        self.query.bind(&mut statement, |_| None)?;
        let mut rows = statement.raw_query();
        let mut ids = Vec::new();
        while let Some(row) = rows.next()? {
            ids.push(row.get(0)?);
        }
        Ok(ids)
    }

    /// Redirects back to the page of the list.
    #[must_use]
    pub fn redirect(&self) -> Response {
        Response::redirect(&self.back)
    }
}
