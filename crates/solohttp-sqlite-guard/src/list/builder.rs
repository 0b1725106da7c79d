//! The methods that describe a list.

use std::fmt::Display;

use rusqlite::ToSql;
use rusqlite::types::Value;

use super::List;
use super::action::BulkAction;
use super::cell::{Cell, Column, Sort, SortOrder};
use super::position::Order;
use super::request::{Choice, Filter, Rule, SEARCH_VALUES, Search, is_reserved};

impl<T> List<T> {
    /// Sets the value of the parameter `:name` in the query.
    ///
    /// # Panics
    /// If a [`filter`](Self::filter) has the name, if it is `q` or `limit` and there is a
    /// [`search`](Self::search), or if it starts with `solo_`.
    #[must_use]
    #[track_caller]
    pub fn value(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.check_name(name);
        let is_of_search = self.has_condition() && SEARCH_VALUES.contains(&name);
        assert!(!is_of_search, "the search itself uses the name {name:?}");
        self.query.set(name, value);
        self
    }

    /// Sets the query's column with the row id (the `INTEGER PRIMARY KEY`). The default is `id`.
    #[must_use]
    pub fn key(mut self, column: impl Into<String>) -> Self {
        self.query.set_key(column.into());
        self
    }

    /// Sets the number of rows on a page. The default is 50.
    ///
    /// # Panics
    /// If it isn't between 1 and 10,000.
    #[must_use]
    #[track_caller]
    pub fn page_size(mut self, rows: usize) -> Self {
        assert!((1..=10_000).contains(&rows), "a page can't have {rows} rows");
        self.page_size = rows;
        self
    }

    /// Adds a column. Without a label, it has no head and isn't part of CSV files.
    #[must_use]
    pub fn column(
        mut self,
        label: impl Into<String>,
        name: impl Into<String>,
        cell: impl Fn(&T) -> Cell + 'static,
    ) -> Self {
        self.columns.push(Column {
            label: label.into(),
            name: name.into(),
            cell: Box::new(cell),
            sort: None,
            is_row_header: false,
        });
        self
    }

    #[track_caller]
    fn last_column(&mut self) -> &mut Column<T> {
        self.columns.last_mut().expect("call `column` before what applies to the last column")
    }

    /// Lets the user sort by the last column: first ascending, then descending. `column` is a column
    /// of the query, which needs an [index](#indexes).
    ///
    /// # Panics
    /// If there is no column yet.
    #[must_use]
    #[track_caller]
    pub fn sort_by(mut self, column: impl Into<String>) -> Self {
        self.last_column().sort = Some(Sort { sql: column.into(), one_way: None });
        self
    }

    /// Same as [`sort_by`](Self::sort_by), but only ascending, for a column that combines several.
    /// `announced` is the order in which the user sees the cells.
    ///
    /// # Panics
    /// If there is no column yet.
    #[must_use]
    #[track_caller]
    pub fn sort_one_way_by(mut self, column: impl Into<String>, announced: SortOrder) -> Self {
        self.last_column().sort = Some(Sort { sql: column.into(), one_way: Some(announced) });
        self
    }

    /// Makes the cells of the last column the names of their rows, which screen readers repeat.
    ///
    /// # Panics
    /// If there is no column yet.
    #[must_use]
    #[track_caller]
    pub fn row_header(mut self) -> Self {
        self.last_column().is_row_header = true;
        self
    }

    /// Sorts by this column of the query, unless the user sorts by another one.
    #[must_use]
    pub fn order_by(mut self, column: impl Into<String>) -> Self {
        self.order.sort = Some(column.into());
        self
    }

    /// Shows the rows with the largest ids or values first, unless the user sorts differently.
    #[must_use]
    pub fn newest_first(mut self) -> Self {
        self.order.is_descending = true;
        self
    }

    /// Sorts by the column with this name, unless the user sorts by another one. `-name` is
    /// descending. Ignores a name that can't be sorted by, because it may come from an older version
    /// of the program.
    #[must_use]
    pub fn sorted_by(mut self, order: &str) -> Self {
        if let Some(order) = self.find_order(order) {
            self.order = order;
        }
        self
    }

    /// Makes the heads buttons that post to this path, followed by the name of the order, so that
    /// the program can store it. Pass the stored name to [`sorted_by`](Self::sorted_by).
    #[must_use]
    pub fn sort_buttons(mut self, path: impl Into<String>) -> Self {
        self.sort_path = Some(path.into());
        self
    }

    /// Whether the list can be sorted by this name.
    #[must_use]
    pub fn has_order(&self, order: &str) -> bool {
        self.find_order(order).is_some()
    }

    pub(super) fn find_order(&self, order: &str) -> Option<Order> {
        self.columns.iter().find_map(|column| {
            let is_descending = column.sorted_by(order)?;
            Some(Order { sort: Some(column.sort.as_ref()?.sql.clone()), is_descending })
        })
    }

    /// Adds a search box with this label, which finds rows by the words in a full-text table (FTS5).
    /// A row must have all typed words, at least as prefixes. The row ids of the full-text table are
    /// the ids of the list.
    ///
    /// Any page of the matches takes milliseconds, in any order, even if all of a million rows
    /// match. Only if many match, and all of them are far from the page in the order of the column,
    /// it takes a fraction of a second. [`Database::full_text`](crate::Database::full_text) makes the
    /// table and keeps it up to date. Give a table of your own `prefix = '1 2 3'`, so that FTS5
    /// quickly finds the first few letters of a word. A longer beginning of more than 16 different words is
    /// slow only if it has very many matches.
    ///
    /// ```
    /// # use solohttp_core::Request;
    /// # use solohttp_sqlite_guard::{Cell, Database, List, rusqlite::Row};
    /// # let read = |row: &Row<'_>| row.get::<_, String>("name");
    /// let schema = "
    ///     CREATE TABLE contact (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    ///     CREATE INDEX contact_by_name ON contact (name);
    ///     INSERT INTO contact (name) VALUES ('Zoe Miller'), ('Ann Miller'), ('Bob Baker')";
    /// let db = Database::in_memory().migrations([schema]).full_text("contact", ["name"]).open()?;
    ///
    /// let list = List::new("SELECT * FROM contact", read)
    ///     .full_text("Find contacts", "contact_words")
    ///     .order_by("name");
    /// let page = list.page(&db, &Request::get("/?q=mill").build())?;
    /// assert_eq!(page.into_rows(), ["Ann Miller", "Zoe Miller"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn full_text(mut self, label: impl Into<String>, table: impl Into<String>) -> Self {
        let (label, rule) = (label.into(), Rule::Words(table.into()));
        self.search = Some(Search { label, rule, has_focus: false });
        self
    }

    /// Adds a search box with this label. `words` converts what the user has typed into the value
    /// of `:q` in the condition; `None` shows all rows. For the words in a full-text table, use
    /// [`full_text`](Self::full_text).
    ///
    /// The matching rows are sorted without an index, so if there may be many, limit them with
    /// `LIMIT :limit`. That is 1,001 for a page, and no limit for actions on all rows and for files.
    /// It isn't a limit for a page either if filters leave fewer of those 1,001 rows. Such a page is
    /// slower, but shows all rows and their number:
    ///
    /// ```
    /// # use solohttp_sqlite_guard::{List, rusqlite::Row};
    /// # let read = |row: &Row<'_>| row.get::<_, i64>("id");
    /// let list = List::new("SELECT * FROM part", read).search(
    ///     "Find by number",
    ///     "id IN (SELECT id FROM part WHERE number GLOB :q || '*' ORDER BY number LIMIT :limit)",
    ///     |typed| Some(typed.replace(|letter: char| !letter.is_ascii_alphanumeric(), "")),
    /// );
    /// ```
    ///
    /// # Panics
    /// If the query has a [`value`](Self::value) with the name `q` or `limit`.
    #[must_use]
    #[track_caller]
    pub fn search(
        mut self,
        label: impl Into<String>,
        condition: impl Into<String>,
        words: impl Fn(&str) -> Option<String> + 'static,
    ) -> Self {
        for name in SEARCH_VALUES {
            assert!(!self.query.has_value(name), "the search itself uses the name {name:?}");
        }
        let rule = Rule::Condition(condition.into(), Box::new(words));
        self.search = Some(Search { label: label.into(), rule, has_focus: false });
        self
    }

    /// Puts the focus into the search box when the page is opened.
    ///
    /// # Panics
    /// If there is no search box yet.
    #[must_use]
    #[track_caller]
    pub fn autofocus(mut self) -> Self {
        let search = self.search.as_mut().expect("call `search` or `full_text` before `autofocus`");
        search.has_focus = true;
        self
    }

    /// Adds a drop-down list with these values and labels. The condition contains the chosen value
    /// as `:name`. The first choice is “All”.
    ///
    /// # Panics
    /// If another filter or [`value`](Self::value) has the name, or the list itself uses it: `q`,
    /// `sort`, `after`, `before`, `csv` and `limit`, and names that start with `solo_`.
    #[must_use]
    #[track_caller]
    pub fn filter<V: Display + ToSql, L: Into<String>>(
        mut self,
        name: impl Into<String>,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = (V, L)>,
        condition: impl Into<String>,
    ) -> Self {
        let name = name.into();
        assert!(!is_reserved(&name), "the list itself uses the name {name:?}");
        self.check_name(&name);
        assert!(
            !self.query.has_value(&name),
            "the query has a value with the name {name:?} already"
        );
        let choices = choices.into_iter().map(|(value, label)| Choice::new(&value, label.into()));
        self.filters.push(Filter {
            name,
            label: label.into(),
            choices: choices.collect(),
            condition: condition.into(),
        });
        self
    }

    /// Whether there is a search by a condition.
    fn has_condition(&self) -> bool {
        matches!(&self.search, Some(Search { rule: Rule::Condition(..), .. }))
    }

    /// Two values of the same name would be one.
    #[track_caller]
    fn check_name(&self, name: &str) {
        assert!(!name.starts_with("solo_"), "the list itself uses the name {name:?}");
        let is_new = self.filters.iter().all(|filter| filter.name != name);
        assert!(is_new, "the list has a filter with the name {name:?} already");
    }

    /// Adds a button for the rows that the user selects. A page asks for confirmation, with the label
    /// and the number of rows: “Delete 3 rows?”. For another text, and for several similar actions,
    /// use [`bulk_actions`](Self::bulk_actions).
    #[must_use]
    pub fn bulk(mut self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.actions.push(BulkAction::new(name, label));
        self
    }

    /// Same as [`bulk`](Self::bulk), but without confirmation. If the user has selected all rows of
    /// the list, and there are more by now than the page has said, the page is shown again instead.
    ///
    /// For an action that needs a form, redirect to the form's page with
    /// [`BulkRows::redirect_to`](crate::BulkRows::redirect_to).
    #[must_use]
    pub fn bulk_at_once(mut self, name: impl Into<String>, label: impl Into<String>) -> Self {
        self.actions.push(BulkAction::new(name, label).at_once());
        self
    }

    /// Adds buttons for the rows that the user selects, such as one for each status. See
    /// [`BulkAction`].
    #[must_use]
    pub fn bulk_actions(mut self, actions: impl IntoIterator<Item = BulkAction>) -> Self {
        self.actions.extend(actions);
        self
    }

    /// Adds a link that downloads all found rows as a file with this name. See
    /// [`ListOutcome::Csv`](crate::ListOutcome::Csv). If the decimal mark of the [`Numerals`] is a
    /// comma, cells are separated by semicolons, as spreadsheets expect there.
    ///
    /// [`Numerals`]: solohttp_core::Numerals
    ///
    /// # Panics
    /// If the name contains anything but ASCII letters, digits, `-`, `_` and `.`.
    #[must_use]
    #[track_caller]
    pub fn csv(mut self, file_name: impl Into<String>) -> Self {
        let name = file_name.into();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        assert!(name.bytes().all(is_plain), "{name:?} can't be sent as a file name");
        self.csv = Some(name);
        self
    }

    /// Sets the accessible label of the table and the search.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Sets what one row and several rows are called: “Delete one contact?”, “Delete 2 contacts?”.
    /// The default is “row”.
    #[must_use]
    pub fn noun(mut self, one: impl Into<String>, several: impl Into<String>) -> Self {
        self.noun = Some((one.into(), several.into()));
        self
    }

    /// Sets the `id` of the list on its page. The default is `list`.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Sets the `data-live` attribute, which updates the list in open pages (see the `Live` type of
    /// solohttp-desktop).
    #[must_use]
    pub fn live(mut self, name: impl Into<String>) -> Self {
        self.live = Some(name.into());
        self
    }

    /// Sets the text that is shown instead of rows.
    #[must_use]
    pub fn empty(mut self, text: impl Into<String>) -> Self {
        self.empty = Some(text.into());
        self
    }

    /// Sets the `class` of each row.
    #[must_use]
    pub fn row_class(mut self, class: impl Fn(&T) -> &'static str + 'static) -> Self {
        self.row_class = Some(Box::new(class));
        self
    }
}
