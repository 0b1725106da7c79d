//! The table of a list.

use solohttp_core::{IoList, Locale, iolist};

use super::cell::{Cell, Column, SortOrder};
use super::page::ListPage;
use super::position::Order;
use super::request::SORT;
use super::words::ListWords;
use crate::page::text;

impl<T> ListPage<T> {
    /// Renders the table.
    #[must_use]
    pub fn table(&self) -> IoList {
        let words = Locale::current::<ListWords>();
        let mut table = iolist!["<table class=\"list\""];
        if let Some(label) = &self.list.label {
            table.push(iolist![" aria-label=\"", text(label), "\""]);
        }
        table.push_str(">\n<thead>\n<tr>");
        if self.has_bulk() {
            table.push_str("<td></td>");
        }
        for column in &self.list.columns {
            table.push(self.head(column));
        }
        table.push_str("</tr>\n</thead>\n<tbody>\n");
        for (position, row) in &self.found {
            self.push_row(&mut table, &words, position.key, row);
        }
        if self.found.is_empty() {
            let width = self.list.columns.len() + usize::from(self.has_bulk());
            let empty = self.list.empty.clone().unwrap_or_else(|| words.empty.to_string());
            table.push(iolist!["<tr><td colspan=\"", width, "\" class=\"empty\">"]);
            table.push(iolist![text(&empty), "</td></tr>\n"]);
        }
        table.push_str("</tbody>\n</table>\n");
        table
    }

    fn head(&self, column: &Column<T>) -> IoList {
        let label = text(&column.label);
        let Some(sort) = &column.sort else {
            // A head without text would be read as a head by screen readers.
            return match column.label.is_empty() {
                true => IoList::from("<td></td>"),
                false => iolist!["<th scope=\"col\">", label, "</th>"],
            };
        };
        let Order { sort: sorted, is_descending } = &self.asked.order;
        let is_sorted = sorted.as_ref() == Some(&sort.sql);
        let order = match sort.one_way {
            Some(order) => order,
            None if *is_descending => SortOrder::Descending,
            None => SortOrder::Ascending,
        };
        let (announced, arrow) = match (is_sorted, order) {
            (false, _) => ("none", ""),
            (true, SortOrder::Ascending) => ("ascending", " <span aria-hidden=\"true\">▴</span>"),
            (true, SortOrder::Descending) => ("descending", " <span aria-hidden=\"true\">▾</span>"),
        };
        let is_reversed = is_sorted && sort.one_way.is_none() && !is_descending;
        let next = format!("{}{}", if is_reversed { "-" } else { "" }, column.name);
        let mut head = iolist!["<th scope=\"col\" aria-sort=\"", announced, "\">"];
        match &self.list.sort_path {
            Some(path) => {
                head.push(iolist!["<form method=\"post\" action=\"", text(path), text(&next)]);
                head.push(iolist!["\"><button>", label, arrow, "</button></form>"]);
            }
            None => {
                let to = self.asked.address.with(SORT, &next);
                head.push(iolist!["<a href=\"", text(&to), "\">", label, arrow, "</a>"]);
            }
        }
        head.push_str("</th>");
        head
    }

    fn push_row(&self, table: &mut IoList, words: &ListWords, key: i64, row: &T) {
        table.push(iolist!["<tr data-key=\"", key, "\""]);
        let class = self.list.row_class.as_ref().map_or("", |class| class(row));
        if !class.is_empty() {
            table.push(iolist![" class=\"", text(class), "\""]);
        }
        table.push_str(">");
        let cells: Vec<Cell> = self.list.cells(row).collect();
        if self.has_bulk() {
            let label = words.select.say(&[("row", &self.list.name_of(&cells))]);
            let form = iolist![" form=\"", text(&self.list.id), "-bulk\""];
            table.push(iolist!["<td><input type=\"checkbox\" name=\"row\" value=\"", key, "\""]);
            table.push(iolist![form.clone(), " aria-label=\"", text(&label), "\">"]);
            table.push(iolist!["<input type=\"hidden\" name=\"shown\" value=\"", key, "\""]);
            table.push(iolist![form, "></td>"]);
        }
        for (column, cell) in self.list.columns.iter().zip(cells) {
            let (open, close) = match (column.is_row_header, cell.is_number()) {
                (true, _) => ("<th scope=\"row\">", "</th>"),
                (false, true) => ("<td class=\"number\">", "</td>"),
                (false, false) => ("<td>", "</td>"),
            };
            table.push(iolist![open, cell.as_html(), close]);
        }
        table.push_str("</tr>\n");
    }
}
