//! Reads the URL of a list: search, filters, order and position.

use std::fmt::Display;

use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Connection, ToSql};
use solohttp_core::Fields;

use super::position::{Order, Position, Start};
use super::query::LIMIT;
use super::{List, full_text};

/// The fields of the URL.
pub(super) const SEARCH: &str = "q";
pub(super) const SORT: &str = "sort";
pub(super) const AFTER: &str = "after";
pub(super) const BEFORE: &str = "before";
pub(super) const CSV: &str = "csv";

/// The parameters of the condition of a search.
pub(super) const SEARCH_VALUES: [&str; 2] = [SEARCH, LIMIT];

/// Whether a list uses this name in its URL, or for its search.
pub(super) fn is_reserved(name: &str) -> bool {
    [SORT, AFTER, BEFORE, CSV].contains(&name) || SEARCH_VALUES.contains(&name)
}

/// The highest number of rows that is counted, and the same for a search.
const COUNTED: usize = 10_000;
const COUNTED_IN_SEARCH: usize = 1_000;

type ToWords = dyn Fn(&str) -> Option<String>;

/// A search box.
pub(super) struct Search {
    pub(super) label: String,
    pub(super) rule: Rule,
    pub(super) has_focus: bool,
}

/// How a search finds rows.
pub(super) enum Rule {
    /// By a condition, and a function that converts what the user has typed into the value of `:q`.
    Condition(String, Box<ToWords>),
    /// By the words in this full-text table.
    Words(String),
}

/// A drop-down list.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) choices: Vec<Choice>,
    pub(super) condition: String,
}

/// A choice in a drop-down list.
#[derive(Debug)]
pub(super) struct Choice {
    /// The value in the URL.
    pub(super) name: String,
    pub(super) label: String,
    value: Value,
}

/// What the user asks for, apart from the conditions.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) order: Order,
    pub(super) start: Start,
    pub(super) address: Address,
    /// The highest number of rows that is counted.
    pub(super) max_count: usize,
}

/// The URL of the request, and similar ones.
#[derive(Debug, Clone)]
pub(super) struct Address {
    path: String,
    query: Fields,
}

impl<T> List<T> {
    /// Reads the URL, and adds its conditions to the query.
    pub(super) fn ask(&mut self, db: &Connection, path: &str, fields: &Fields) -> Asked {
        let mut max_count = COUNTED;
        if let Some(search) = &self.search {
            let typed = fields.get(SEARCH).unwrap_or_default();
            match &search.rule {
                Rule::Condition(condition, words) => {
                    let typed = Some(typed).filter(|typed| !typed.trim().is_empty());
                    if let Some(words) = typed.and_then(words) {
                        max_count = COUNTED_IN_SEARCH;
                        self.query.narrow(condition);
                        self.query.set(SEARCH, words);
                        // One more, to find out whether there are more.
                        self.query.set_limit(max_count + 1);
                    }
                }
                Rule::Words(table) => {
                    if let Some(expression) = full_text::expression(db, table, typed) {
                        self.query.find_words(table, expression);
                    }
                }
            }
        }
        for filter in &self.filters {
            if let Some(choice) = filter.chosen(fields) {
                self.query.add_condition(&filter.condition);
                self.query.set(&filter.name, choice.value.clone());
            }
        }
        let order = fields.get(SORT).and_then(|order| self.find_order(order));
        Asked {
            order: order.unwrap_or_else(|| self.order.clone()),
            start: start(fields),
            address: Address { path: path.to_owned(), query: fields.clone() },
            max_count,
        }
    }

    /// The fields of the URL that belong to the search form.
    pub(super) fn is_search_field(&self, name: &str) -> bool {
        let is_search = self.search.is_some() && name == SEARCH;
        is_search || self.filters.iter().any(|filter| filter.name == name)
    }

    /// Whether the user has searched or filtered.
    pub(super) fn is_searched(&self, address: &Address) -> bool {
        address.query.iter().any(|(name, value)| self.is_search_field(name) && !value.is_empty())
    }
}

impl Filter {
    pub(super) fn chosen(&self, fields: &Fields) -> Option<&Choice> {
        let name = fields.get(&self.name)?;
        self.choices.iter().find(|choice| choice.name == name)
    }
}

impl Choice {
    /// Keeps the type of the value: SQLite compares a number with text only if it is in a column.
    pub(super) fn new(value: &(impl Display + ToSql), label: String) -> Self {
        let name = value.to_string();
        let value = match value.to_sql() {
            Ok(ToSqlOutput::Owned(value)) => Some(value),
            Ok(ToSqlOutput::Borrowed(value)) => value.try_into().ok(),
            _ => None,
        };
        Self { value: value.unwrap_or_else(|| Value::Text(name.clone())), name, label }
    }
}

/// An empty `before` is the last page.
fn start(fields: &Fields) -> Start {
    let position = |text: &str| Position::decode(text);
    match (fields.get(AFTER).and_then(position), fields.get(BEFORE)) {
        (Some(after), _) => Start::After(after),
        (None, Some("")) => Start::Last,
        (None, Some(before)) => position(before).map_or(Start::First, Start::Before),
        (None, None) => Start::First,
    }
}

impl Address {
    pub(super) fn fields(&self) -> &Fields {
        &self.query
    }

    /// This page.
    pub(super) fn here(&self) -> String {
        self.link_without(|name| name == CSV, None)
    }

    /// The first page with this field replaced.
    pub(super) fn with(&self, name: &str, value: &str) -> String {
        let is_replaced = |field: &str| field == name || is_of_the_page(field);
        self.link_without(is_replaced, Some((name, value)))
    }

    /// The first page without these fields.
    pub(super) fn without(&self, is_left_out: impl Fn(&str) -> bool) -> String {
        self.link_without(|name| is_left_out(name) || is_of_the_page(name), None)
    }

    fn link_without(
        &self,
        is_left_out: impl Fn(&str) -> bool,
        added: Option<(&str, &str)>,
    ) -> String {
        let kept = self.query.iter().filter(|(name, _)| !is_left_out(name)).chain(added);
        let query = Fields::from_iter(kept);
        let path = &self.path;
        if query.is_empty() { path.clone() } else { format!("{path}?{query}") }
    }
}

/// Whether a field of the URL makes no sense on another page.
pub(super) fn is_of_the_page(name: &str) -> bool {
    [AFTER, BEFORE, CSV].contains(&name)
}
