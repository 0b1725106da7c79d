//! Reads a page of a list, and writes what surrounds the table.

use std::fmt;

use rusqlite::Connection;
use serde::{Serialize, Serializer};
use solohttp_core::{Html, IoList, Locale, Numerals, Sentence, iolist};

use super::List;
use super::bulk::COUNTED;
use super::found::Found;
use super::position::{Position, Start};
use super::request::{AFTER, Asked, BEFORE, CSV, SEARCH, is_of_the_page};
use super::words::ListWords;
use crate::page::text;

/// One page of a [`List`].
///
/// [`render`](Self::render) returns everything. For a layout of your own, use the other methods,
/// each of which returns a part of the HTML, or [`into_rows`](Self::into_rows) and
/// [`pager`](Self::pager). Style the classes `find` (the search form), `list` (the table), `count`,
/// `pager`, `bulk`, `number` (a cell) and `empty`.
pub struct ListPage<T> {
    pub(super) list: Box<List<T>>,
    pub(super) asked: Asked,
    pub(super) found: Vec<(Position, T)>,
    has_previous: bool,
    has_next: bool,
    count: Count,
    /// Why an action wasn't done.
    note: Option<String>,
}

/// How many rows the list has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Count {
    /// All rows, and the number of the first one on the page.
    Exact {
        all: u64,
        first: u64,
    },
    MoreThan(u64),
}

impl<T> List<T> {
    pub(super) fn read_page(
        mut self,
        db: &Connection,
        mut asked: Asked,
        note: Option<String>,
    ) -> rusqlite::Result<ListPage<T>> {
        if let Some(position) = asked.start.position_mut().filter(|position| position.is_cut) {
            self.query.of_all_rows().complete(db, &asked.order, position)?;
        }
        let size = self.page_size;
        let mut search = match self.cut_off(db, &asked)? {
            Some(latest) => Some(latest),
            None => Found::new(db, &self.query)?,
        };
        let mut found = self.read(db, &asked, search.as_mut())?;
        // Rows may have been deleted since the link was made. When the user goes back, the first
        // page is always a full one.
        let instead = match asked.start {
            Start::After(_) if found.is_empty() => Some(Start::Last),
            Start::Before(_) if found.len() <= size => Some(Start::First),
            _ => None,
        };
        if let Some(start) = instead {
            asked.start = start;
            found = self.read(db, &asked, search.as_mut())?;
        }
        let has_more = found.len() > size;
        found.truncate(size);
        if asked.start.is_backwards() {
            found.reverse();
        }
        let (has_previous, has_next) = match asked.start {
            Start::First => (false, has_more),
            Start::After(_) => (true, has_more),
            Start::Before(_) => (has_more, true),
            Start::Last => (has_more, false),
        };
        let first = found.first().map(|(position, _)| position);
        let count = match search {
            Some(search) => {
                let is_all = !has_previous && !has_next;
                search.count(db, first, found.len() as u64, is_all)?
            }
            None => self.count(db, &asked, first.filter(|_| has_previous))?,
        };
        Ok(ListPage { list: Box::new(self), asked, found, has_previous, has_next, count, note })
    }

    /// The rows of a search with a limit. If they are so few that they can be counted, lifts the
    /// limit, and returns `None`: the search may have been cut off before the rows that meet the
    /// other conditions, too.
    fn cut_off(&mut self, db: &Connection, asked: &Asked) -> rusqlite::Result<Option<Found>> {
        if !self.query.has_limit() {
            return Ok(None);
        }
        let latest = self.query.sorted(db, &asked.order, &asked.start)?;
        if latest.len() <= asked.max_count {
            self.query.lift_limit();
            return Ok(None);
        }
        Ok(Some(Found::cut_off(&self.query, latest)))
    }

    /// Reads one row more than a page shows.
    fn read(
        &mut self,
        db: &Connection,
        asked: &Asked,
        search: Option<&mut Found>,
    ) -> rusqlite::Result<Vec<(Position, T)>> {
        let (Asked { order, start, .. }, max) = (asked, self.page_size + 1);
        match search {
            Some(search) => search.rows(db, order, start, max, &mut self.read),
            // Sorting whole rows would take twice as long.
            None if self.query.is_narrow() => {
                let nearest = self.query.nearest(db, order, start, max)?;
                self.query.of_all_rows().load(db, nearest, &mut self.read)
            }
            None => self.query.rows(db, order, start, max, &mut self.read),
        }
    }

    fn count(
        &self,
        db: &Connection,
        asked: &Asked,
        first: Option<&Position>,
    ) -> rusqlite::Result<Count> {
        let max = asked.max_count;
        let all = self.query.count(db, Some(max + 1))?;
        if all > max as u64 {
            return Ok(Count::MoreThan(max as u64));
        }
        let before = match first {
            Some(first) => self.query.count_before(db, &asked.order, first, max)?,
            None => 0,
        };
        Ok(Count::Exact { all, first: before + 1 })
    }
}

impl<T> ListPage<T> {
    /// The rows on this page.
    #[must_use]
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &T> {
        self.found.iter().map(|(_, row)| row)
    }

    /// Returns the rows on this page.
    #[must_use]
    pub fn into_rows(self) -> Vec<T> {
        self.found.into_iter().map(|(_, row)| row).collect()
    }

    /// Whether this is the first page.
    #[must_use]
    pub fn is_first(&self) -> bool {
        !self.has_previous
    }

    /// Renders the whole list.
    #[must_use]
    pub fn render(&self) -> IoList {
        let mut list = self.search_form();
        list.push(iolist!["<div id=\"", text(&self.list.id), "\""]);
        if let Some(name) = &self.list.live {
            list.push(iolist![" data-live=\"", text(name), "\""]);
        }
        list.push(iolist![">\n", self.count(), self.table(), self.bulk_form(), self.pager()]);
        list.push(iolist![self.csv_link(), "</div>\n"]);
        list
    }

    /// Renders the search box and the filters. Empty if there are none.
    #[must_use]
    pub fn search_form(&self) -> IoList {
        let List { id, search, filters, label, .. } = &*self.list;
        if search.is_none() && filters.is_empty() {
            return IoList::new();
        }
        let words = Locale::current::<ListWords>();
        let fields = self.asked.address.fields();
        let mut form = iolist!["<form role=\"search\" class=\"find\""];
        if let Some(label) = label {
            form.push(iolist![" aria-label=\"", text(label), "\""]);
        }
        form.push_str(">\n");
        if let Some(search) = search {
            let typed = fields.get(SEARCH).unwrap_or_default();
            let focus = if search.has_focus { " autofocus" } else { "" };
            form.push(iolist!["<label for=\"", text(id), "-q\">", text(&search.label)]);
            form.push(iolist!["</label>\n<input id=\"", text(id), "-q\" type=\"search\" name=\""]);
            form.push(iolist![SEARCH, "\" value=\"", text(typed), "\" autocomplete=\"off\""]);
            form.push(iolist![focus, ">\n"]);
        }
        for filter in filters {
            let chosen = filter.chosen(fields).map_or("", |choice| &choice.name);
            let name = text(&filter.name);
            form.push(iolist!["<label for=\"", text(id), "-", name.clone(), "\">"]);
            form.push(iolist![text(&filter.label), "</label>\n<select id=\"", text(id), "-"]);
            form.push(iolist![name.clone(), "\" name=\"", name, "\">"]);
            form.push(option("", &words.any.to_string(), chosen));
            for choice in &filter.choices {
                form.push(option(&choice.name, &choice.label, chosen));
            }
            form.push_str("</select>\n");
        }
        for (name, value) in fields.iter() {
            if !self.list.is_search_field(name) && !is_of_the_page(name) {
                form.push(hidden(name, value));
            }
        }
        form.push(iolist!["<button>", text(&words.find.to_string()), "</button>\n"]);
        if self.list.is_searched(&self.asked.address) {
            let reset = self.asked.address.without(|name| self.list.is_search_field(name));
            form.push(iolist![link(&reset, "", &words.reset), "\n"]);
        }
        form.push_str("</form>\n");
        form
    }

    /// Renders which rows are shown, of how many. Empty if there are none.
    #[must_use]
    pub fn count(&self) -> IoList {
        if self.found.is_empty() {
            return IoList::new();
        }
        let words = Locale::current::<ListWords>();
        let shown = self.found.len() as u64;
        let said = match self.count {
            Count::Exact { all, first } => {
                let last = first + shown - 1;
                let numbers = [first, last, all].map(number);
                let [from, to, count] = &numbers;
                words.range.say(&[("from", from), ("to", to), ("count", count)])
            }
            Count::MoreThan(count) => {
                let (shown, count) = (number(shown), number(count));
                words.range_of_many.say(&[("shown", &shown), ("count", &count)])
            }
        };
        iolist!["<p class=\"count\">", text(&said), "</p>\n"]
    }

    /// Renders the links to other pages. Empty if there is only one page.
    #[must_use]
    pub fn pager(&self) -> IoList {
        let words = Locale::current::<ListWords>();
        let address = &self.asked.address;
        let mut links = IoList::new();
        if let (true, Some((first, _))) = (self.has_previous, self.found.first()) {
            links.push(iolist![link(&address.without(|_| false), "", &words.first_page), "\n"]);
            let previous = address.with(BEFORE, &first.encode());
            links.push(iolist![link(&previous, " rel=\"prev\"", &words.previous_page), "\n"]);
        }
        if let (true, Some((last, _))) = (self.has_next, self.found.last()) {
            let next = address.with(AFTER, &last.encode());
            links.push(iolist![link(&next, " rel=\"next\"", &words.next_page), "\n"]);
            links.push(iolist![link(&address.with(BEFORE, ""), "", &words.last_page), "\n"]);
        }
        if links.is_empty() {
            return links;
        }
        let label = text(&words.pages.to_string());
        iolist!["<nav class=\"pager\" aria-label=\"", label, "\">\n", links, "</nav>\n"]
    }

    /// Renders the link that downloads the list. Empty without [`List::csv`].
    #[must_use]
    pub fn csv_link(&self) -> IoList {
        if self.list.csv.is_none() || self.found.is_empty() {
            return IoList::new();
        }
        let words = Locale::current::<ListWords>();
        let to = self.asked.address.with(CSV, "");
        iolist!["<p>", link(&to, "", &words.csv), "</p>\n"]
    }

    /// Renders the buttons for selected rows, whose check boxes are in the table. Empty without
    /// [`List::bulk`].
    #[must_use]
    pub fn bulk_form(&self) -> IoList {
        let List { id, actions, .. } = &*self.list;
        if actions.is_empty() || self.found.is_empty() {
            return IoList::new();
        }
        let words = Locale::current::<ListWords>();
        let mut form = iolist!["<form id=\"", text(id), "-bulk\" class=\"bulk\" method=\"post\""];
        form.push(iolist![" action=\"", text(&self.asked.address.here()), "\" aria-label=\""]);
        form.push(iolist![text(&words.bulk.to_string()), "\">\n"]);
        if let Some(note) = &self.note {
            form.push(iolist!["<p role=\"alert\">", text(note), "</p>\n"]);
        }
        if self.has_previous || self.has_next {
            let shown = number(self.found.len() as u64);
            form.push(all_box("page", &words.select_page.say(&[("count", &shown)])));
        }
        let all = match self.count {
            Count::Exact { all, .. } => words.select_all.say(&[("count", &number(all))]),
            Count::MoreThan(count) => words.select_all_of_many.say(&[("count", &number(count))]),
        };
        if let Count::Exact { all, .. } = self.count {
            form.push(hidden(COUNTED, &all.to_string()));
        }
        form.push(all_box("list", &all));
        for action in actions {
            let (name, label) = (text(&action.name), text(&action.label));
            form.push(iolist!["<button name=\"action\" value=\"", name, "\">", label]);
            form.push_str("</button>\n");
        }
        form.push_str("</form>\n");
        form
    }

    /// Whether the rows have check boxes.
    pub(super) fn has_bulk(&self) -> bool {
        !self.list.actions.is_empty()
    }
}

fn all_box(value: &str, label: &str) -> IoList {
    let open = "<label><input type=\"checkbox\" name=\"all\" value=\"";
    iolist![open, value, "\"> ", text(label), "</label>\n"]
}

fn option(value: &str, label: &str, chosen: &str) -> IoList {
    let selected = if value == chosen { "\" selected>" } else { "\">" };
    iolist!["<option value=\"", text(value), selected, text(label), "</option>"]
}

pub(super) fn hidden(name: &str, value: &str) -> IoList {
    let open = "<input type=\"hidden\" name=\"";
    iolist![open, text(name), "\" value=\"", text(value), "\">\n"]
}

pub(super) fn link(url: &str, attributes: &'static str, label: &Sentence) -> IoList {
    let label = text(&label.to_string());
    iolist!["<a href=\"", text(url), "\"", attributes, ">", label, "</a>"]
}

/// Formats a number as the template format `num` does.
pub(super) fn number(number: u64) -> String {
    let numerals = Locale::current::<Numerals>();
    let mut shown = String::new();
    // Writing to a String doesn't fail.
    let _ = numerals.write(&number.to_string(), numerals.thousands_mark(), &mut shown);
    shown
}

/// Serialized as [`Html`], so a template can insert the [whole list](ListPage::render).
impl<T> Serialize for ListPage<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Html::from(self.render()).serialize(serializer)
    }
}

impl<T> fmt::Debug for ListPage<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListPage").field("list", &self.list).finish_non_exhaustive()
    }
}
