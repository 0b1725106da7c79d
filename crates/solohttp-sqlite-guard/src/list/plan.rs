//! Finds pages that read more rows than they show, from SQLite's query plans.

use rusqlite::Connection;
use rusqlite::types::Value;

use super::List;
use super::full_text::Expression;
use super::position::{Order, Part, Position};
use super::query::Query;
use super::request::Rule;

/// The conditions of a page.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shown<'a> {
    Everything,
    Filtered(&'a str),
    Found,
}

impl<T> List<T> {
    /// Describes the pages that would read more rows than they show, each with SQLite's query plan.
    /// Empty if all [indexes](#indexes) exist, which a test can check:
    ///
    /// ```
    /// # use solohttp_sqlite_guard::{Cell, Database, List};
    /// # let db = Database::in_memory()
    /// #     .migrations(["CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT"])
    /// #     .open()?;
    /// # let items = || {
    /// #     List::new("SELECT * FROM item", |row| row.get::<_, String>("name"))
    /// #         .column("Name", "name", |name| Cell::text(name))
    /// #         .sort_by("name")
    /// # };
    /// assert_eq!(items().slow_pages(&db)?.len(), 2); // sorted by name, in both directions
    /// db.execute_batch("CREATE INDEX item_by_name ON item (name)")?;
    /// assert_eq!(items().slow_pages(&db)?, [""; 0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Checks every order alone, with each filter, and with the search. A filter is expected to
    /// compare a column with `=`. A search may sort its matches, but not read the whole table.
    ///
    /// # Errors
    /// Returns SQLite's errors, such as a missing column.
    pub fn slow_pages(&self, db: &Connection) -> rusqlite::Result<Vec<String>> {
        let mut slow = Vec::new();
        let filters = self.filters.iter().map(|filter| Shown::Filtered(&filter.name));
        let search = self.search.iter().map(|_| Shown::Found);
        let pages: Vec<Shown<'_>> =
            std::iter::once(Shown::Everything).chain(filters).chain(search).collect();
        for order in self.orders() {
            for shown in &pages {
                let query = self.with(*shown);
                if let Some(plan) = slow_plan(db, &query, &order, *shown)? {
                    slow.push(describe(&order, *shown, &plan));
                }
            }
        }
        Ok(slow)
    }

    /// All orders that the user can choose, and the default one.
    fn orders(&self) -> Vec<Order> {
        let sorts = self.columns.iter().filter_map(|column| column.sort.as_ref());
        let chosen = sorts.flat_map(|sort| {
            let order = |is_descending| Order { sort: Some(sort.sql.clone()), is_descending };
            let descending = sort.one_way.is_none().then(|| order(true));
            std::iter::once(order(false)).chain(descending)
        });
        let mut orders: Vec<Order> = chosen.collect();
        if !orders.contains(&self.order) {
            orders.push(self.order.clone());
        }
        orders
    }

    fn with(&self, shown: Shown<'_>) -> Query {
        let mut query = self.query.clone();
        match shown {
            Shown::Everything => {}
            Shown::Filtered(name) => {
                let filter = self.filters.iter().find(|filter| filter.name == name);
                query.add_condition(filter.map_or("true", |filter| &filter.condition));
            }
            Shown::Found => match self.search.as_ref().map(|search| &search.rule) {
                Some(Rule::Words(table)) => {
                    let (sql, is_lazy) = (String::new(), true);
                    let words = Expression { sql, is_lazy, terms: None, doclists: None };
                    query.find_words(table, words);
                }
                Some(Rule::Condition(condition, _)) => query.narrow(condition),
                None => {}
            },
        }
        query
    }
}

/// Returns the first slow plan of the pages in this order.
fn slow_plan(
    db: &Connection,
    query: &Query,
    order: &Order,
    shown: Shown<'_>,
) -> rusqlite::Result<Option<Vec<String>>> {
    let position = Position { key: 0, value: Value::Integer(0), is_cut: false };
    for is_backwards in [false, true] {
        for from in [None, Some(&position)] {
            for part in Part::beyond(from, order, is_backwards) {
                let plan = Query::plan(db, &query.part_sql(order, part, is_backwards))?;
                if is_slow(&plan, part, shown) {
                    return Ok(Some(plan));
                }
            }
        }
    }
    Ok(None)
}

fn is_slow(plan: &[String], part: Part<'_>, shown: Shown<'_>) -> bool {
    let has = |what: &str| plan.iter().any(|step| step.contains(what));
    let mut loops =
        plan.iter().filter(|step| step.starts_with("SCAN ") || step.starts_with("SEARCH "));
    let outer = loops.next().map_or("", String::as_str);
    let is_seek = outer.starts_with("SEARCH ");
    let reads_table = |step: &String| step.starts_with("SCAN ") && !step.contains("VIRTUAL TABLE");
    if has("MATERIALIZE ") || has("CO-ROUTINE ") || loops.any(reads_table) {
        return true;
    }
    if shown == Shown::Found {
        return !is_seek && !outer.contains("VIRTUAL TABLE");
    }
    // Rows without a value have the same index, except if a column can't be NULL: then SQLite knows
    // that there are none, and its plan says nothing.
    if part == Part::Blank {
        return false;
    }
    let finds_start = is_seek || part.position().is_none();
    let finds_filtered = shown == Shown::Everything || outer.contains("=?");
    has("TEMP B-TREE") || !finds_start || !finds_filtered
}

fn describe(order: &Order, shown: Shown<'_>, plan: &[String]) -> String {
    let sort = order.sort.as_deref().unwrap_or("the key");
    let direction = if order.is_descending { ", descending" } else { "" };
    let shown = match shown {
        Shown::Everything => String::new(),
        Shown::Filtered(name) => format!(", filtered by {name}"),
        Shown::Found => ", searched".to_owned(),
    };
    format!("sorted by {sort}{direction}{shown}: {}", plan.join("; "))
}
