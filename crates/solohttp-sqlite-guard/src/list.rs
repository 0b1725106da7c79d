//! Lists: a page of a query, with search, sorting, filters, and actions on several rows.
//!
//! `builder` describes a list. `position` defines the places in it, and `query` makes the statements.
//! `request` reads what the user has asked for. `page` and `table` write the HTML, `bulk` handles
//! actions (`action`), `selection` has the selected rows in a URL, `outcome` tells the program what a request asks for, and `csv` writes files with `export`, from a `snapshot`. `plan` finds missing indexes.
//! `full_text` reads the words of a search, and `found` the pages of what they match, with the
//! statements in `matches`.

mod action;
mod builder;
mod bulk;
mod cell;
mod cluster;
mod csv;
mod doclist;
mod export;
mod found;
mod full_text;
mod keys;
mod matches;
mod outcome;
mod page;
mod plan;
mod position;
mod query;
mod read;
mod request;
mod search;
mod selection;
mod snapshot;
mod table;
mod term;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;

use rusqlite::{Connection, Row};
use solohttp_core::{Method, Request, Result};

pub use action::BulkAction;
pub use bulk::{BulkRows, ConfirmPage};
pub use cell::{Cell, SortOrder};
pub use export::Export;
pub use full_text::fts_words_in;
pub use outcome::{ListOutcome, ListView};
pub use page::ListPage;
pub use search::fts_words;
pub use words::ListWords;

use cell::Column;
use position::Order;
use query::Query;
use read::ReadRow;
use request::{Filter, Search};

type RowClass<T> = dyn Fn(&T) -> &'static str;

/// The rows of a query, one page at a time.
///
/// The query is any `SELECT` whose rows have an integer primary key, and `read` reads one row. Add
/// columns, and what the user can do with them. Each is optional, and works without a script:
///
/// ```
/// use solohttp_core::{Handler, Request, Response, Result, iolist};
/// use solohttp_sqlite_guard::rusqlite::{self, Connection, Row};
/// use solohttp_sqlite_guard::{Cell, Database, List, ListView, SqliteGuard, write};
///
/// struct Item { id: i64, name: String, price: i64 }
///
/// fn read(row: &Row<'_>) -> rusqlite::Result<Item> {
///     Ok(Item { id: row.get("id")?, name: row.get("name")?, price: row.get("price")? })
/// }
///
/// fn items() -> List<Item> {
///     List::new("SELECT * FROM item", read)
///         .label("Items")
///         .noun("item", "items")
///         .column("Name", "name", |item| Cell::link(format!("/item/{}", item.id), &item.name))
///         .sort_by("name")
///         .row_header()
///         .column("Price", "price", |item| Cell::number(item.price))
///         .sort_by("price")
///         .search("Find items", "instr(lower(name), lower(:q)) > 0", |typed| Some(typed.into()))
///         .filter("shelf", "Shelf", [("a", "Shelf A"), ("b", "Shelf B")], "shelf = :shelf")
///         .bulk("delete", "Delete")
///         .csv("items.csv")
/// }
///
/// // The handler for GET and POST.
/// fn list(db: &mut Connection, request: &Request) -> Result<Response> {
///     let page = |_: &mut Connection, list: ListView| {
///         Ok(iolist!["<h1>", list.title_or("Items"), "</h1>", list.render()])
///     };
///     items().handle(db, request)?.respond(db, page, |db, rows| {
///         // `selected` has the ids of the rows.
///         let delete = "DELETE FROM item WHERE id IN selected";
///         write(db, |tx| Ok(rows.execute(tx, delete, &[])?))?;
///         Ok(rows.redirect())
///     })
/// }
/// # let db = Database::in_memory()
/// #     .migrations([
/// #         "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price INTEGER NOT NULL,
/// #              shelf TEXT NOT NULL) STRICT;
/// #          INSERT INTO item VALUES (1, 'Tea', 3, 'a'), (2, 'Cake', 4, 'b'), (3, 'Milk', 1, 'a')",
/// #     ])
/// #     .open()?;
/// # let mut app = SqliteGuard::new(list, |db: &Connection| db).with_state(db);
///
/// let page = Request::get("/items?sort=-name&shelf=a").send_to(&mut app).into_text();
/// let (tea, milk) = (page.find("Tea").unwrap(), page.find("Milk").unwrap());
/// assert!(tea < milk && !page.contains("Cake"));
///
/// let chosen = [("row", "1"), ("action", "delete")];
/// let sure = Request::post("/items").form(chosen).send_to(&mut app).into_text();
/// assert!(sure.contains("Delete one item?"));
/// # let chosen = [("row", "1"), ("action", "delete"), ("confirmed", "1")];
/// # assert_eq!(Request::post("/items").form(chosen).send_to(&mut app).status(), 303);
/// # let csv = Request::get("/items?csv").send_to(&mut app).into_text();
/// # assert_eq!(csv, "\u{feff}\"Name\",\"Price\"\r\n\"Cake\",4\r\n\"Milk\",1\r\n");
/// # Ok::<(), solohttp_sqlite_guard::Error>(())
/// ```
///
/// Parameters of the SQL have names: `:q` is what the user has typed, `:shelf` the choice in the
/// filter `shelf`, and all others come from [`value`](Self::value).
///
/// # Pages
///
/// A link to another page has the position of a row, so pages neither repeat nor skip rows when
/// others are added or deleted. Rows with equal values are sorted by their key. Rows without a
/// value (`NULL`) come last in both directions. The number of rows is exact up to 10,000, or 1,000
/// in a search (2,000 with a full-text table); then the page says “more than 10,000”.
///
/// # Indexes
///
/// With these indexes, each page of a million rows takes as long as the first one:
///
/// | page | index |
/// |---|---|
/// | sorted by `name` | `(name)`; every index of SQLite ends with the row id |
/// | filtered by `shelf = :shelf`, sorted by `name` | `(shelf, name)` |
/// | filtered, in the default order | `(shelf)` |
/// | found by a [full-text table](Self::full_text) | the index of the order, as without the search |
/// | found by another condition | none, if the condition has a `LIMIT`: see [`search`](Self::search) |
///
/// To sort by several columns or an expression, add a generated column with an index:
///
/// ```sql
/// ALTER TABLE task ADD COLUMN by_due TEXT AS (done || coalesce(due, '~') || (9 - priority));
/// CREATE INDEX task_by_due ON task (by_due);
/// ```
///
/// [`slow_pages`](Self::slow_pages) finds missing indexes in a test.
pub struct List<T> {
    query: Query,
    read: ReadRow<T>,
    columns: Vec<Column<T>>,
    search: Option<Search>,
    filters: Vec<Filter>,
    actions: Vec<BulkAction>,
    order: Order,
    page_size: usize,
    id: String,
    label: Option<String>,
    /// What one row and several rows are called.
    noun: Option<(String, String)>,
    live: Option<String>,
    empty: Option<String>,
    csv: Option<String>,
    sort_path: Option<String>,
    row_class: Option<Box<RowClass<T>>>,
}

impl<T: 'static> List<T> {
    /// A list of the rows of this query, sorted by their ids.
    #[must_use]
    pub fn new(select: &str, read: impl FnMut(&Row<'_>) -> rusqlite::Result<T> + 'static) -> Self {
        Self {
            query: Query::new(select),
            read: ReadRow::new(read),
            columns: Vec::new(),
            search: None,
            filters: Vec::new(),
            actions: Vec::new(),
            order: Order::default(),
            page_size: 50,
            id: "list".to_owned(),
            label: None,
            noun: None,
            live: None,
            empty: None,
            csv: None,
            sort_path: None,
            row_class: None,
        }
    }

    /// Passes the rows of each page, with their keys, to a function that reads more about all of them.
    pub(crate) fn and_then(
        mut self,
        parts: impl FnMut(&Connection, &mut [(i64, &mut T)]) -> rusqlite::Result<()> + 'static,
    ) -> Self {
        self.read.and_then(parts);
        self
    }

    /// Reads the requested page.
    ///
    /// # Errors
    /// Returns SQLite's errors and those of the program's `read`.
    pub fn page(mut self, db: &Connection, request: &Request) -> rusqlite::Result<ListPage<T>> {
        let asked = self.ask(db, request.path(), request.query());
        self.read_page(db, asked, None)
    }

    /// Handles a request for a page, for an action, or for a file. Call it for GET and POST.
    ///
    /// # Errors
    /// Returns SQLite's errors and those of the program's `read`, and rejects an invalid form.
    pub fn handle(mut self, db: &Connection, request: &Request) -> Result<ListOutcome<T>> {
        let everything = self.query.clone();
        let asked = self.ask(db, request.path(), request.query());
        if request.method() == Method::POST {
            return self.run(db, request, asked, &everything);
        }
        match &self.csv {
            Some(name) if request.query().contains("csv") => {
                let name = name.clone();
                Ok(ListOutcome::Csv(self.file(db, &name, asked)?))
            }
            _ => Ok(ListOutcome::Page(self.read_page(db, asked, None)?)),
        }
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("query", &self.query).finish_non_exhaustive()
    }
}
