//! The content of a cell: HTML for the page, and plain text for CSV files and labels.

use std::fmt::Display;

use solohttp_core::{IoList, LocalUrl, Locale, Numerals, iolist};

use crate::page::text;

/// A cell in a column of a [`List`](crate::List).
///
/// ```
/// use solohttp_sqlite_guard::Cell;
///
/// struct Item { id: i64, name: String, price: Option<i64>, is_sold: bool }
///
/// let name = |item: &Item| Cell::link(format!("/item/{}", item.id), &item.name);
/// let price = |item: &Item| Cell::from(item.price.map(Cell::number));
/// let state = |item: &Item| Cell::text(if item.is_sold { "sold" } else { "here" }).class("badge");
/// let sell = |item: &Item| {
///     Cell::button(format!("/item/{}/sell", item.id), "Sell", format!("Sell {}", item.name))
/// };
/// # let item = Item { id: 7, name: "Tea & cake".to_owned(), price: None, is_sold: true };
/// # assert_eq!(name(&item).as_html(), "<a href=\"/item/7\">Tea &amp; cake</a>");
/// # assert_eq!(price(&item).as_text(), "");
/// # assert_eq!(state(&item).as_html(), "<span class=\"badge\">sold</span>");
/// # assert_eq!(
/// #     sell(&item).as_html(),
/// #     "<form method=\"post\" action=\"/item/7/sell\">\
/// #      <button aria-label=\"Sell Tea &amp; cake\">Sell</button></form>"
/// # );
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cell {
    content: Content,
    class: String,
    /// The text for CSV files and labels.
    text: String,
}

#[derive(Debug, Clone, Default)]
enum Content {
    /// The cell's text.
    #[default]
    Text,
    Link(String),
    Button {
        path: String,
        shown: String,
        label: String,
    },
    /// A number as the user reads it.
    Number(String),
    Html(IoList),
}

impl Cell {
    fn new(content: Content, text: String) -> Self {
        Self { content, text, class: String::new() }
    }

    /// Text, which is escaped.
    #[must_use]
    pub fn text(text: impl Display) -> Self {
        Self::new(Content::Text, text.to_string())
    }

    /// A link within the application. The path must start with a single `/`; anything else, such as
    /// `javascript:…`, is shown without a link.
    #[must_use]
    pub fn link(path: impl Display, text: impl Display) -> Self {
        let path = path.to_string();
        let is_local = LocalUrl::is_local(&path);
        let content = if is_local { Content::Link(path) } else { Content::Text };
        Self::new(content, text.to_string())
    }

    /// A button that sends a POST to this path within the application. A path that doesn't start
    /// with a single `/` is shown without a button.
    ///
    /// The `label` is what screen readers announce. It should begin with the text of the button, and
    /// name the row, because otherwise the buttons of all rows sound the same: “Delete” and “Delete
    /// Ada”. In a CSV file, the cell is empty.
    #[must_use]
    pub fn button(path: impl Display, text: impl Display, label: impl Display) -> Self {
        let (path, shown, label) = (path.to_string(), text.to_string(), label.to_string());
        if !LocalUrl::is_local(&path) {
            return Self::text(shown);
        }
        Self::new(Content::Button { path, shown, label }, String::new())
    }

    /// A number in its plain form, such as `-1234.5`. It is shown with the application's
    /// [`Numerals`].
    #[must_use]
    pub fn number(plain: impl Display) -> Self {
        let plain = plain.to_string();
        let numerals = Locale::current::<Numerals>();
        Self::new(Content::Number(numerals.show(&plain)), numerals.edit(&plain))
    }

    /// A number that is stored in units of its last decimal, as the form element `fixed_point` does:
    /// with 3 decimals, 1500 is shown as 1.500.
    ///
    /// ```
    /// # use solohttp_sqlite_guard::Cell;
    /// assert_eq!(Cell::fixed_point(1_500, 3).as_text(), "1.500");
    /// assert_eq!(Cell::fixed_point(-5, 2).as_text(), "-0.05");
    /// ```
    #[must_use]
    pub fn fixed_point(value: i64, decimals: u8) -> Self {
        let digits = format!("{:0width$}", value.unsigned_abs(), width = usize::from(decimals) + 1);
        let (whole, rest) = digits.split_at(digits.len() - usize::from(decimals));
        let (sign, point) =
            (if value < 0 { "-" } else { "" }, if rest.is_empty() { "" } else { "." });
        Self::number(format_args!("{sign}{whole}{point}{rest}"))
    }

    /// HTML, which is inserted as it is. `text` stands for it in CSV files and labels.
    #[must_use]
    pub fn html(html: impl Into<IoList>, text: impl Display) -> Self {
        Self::new(Content::Html(html.into()), text.to_string())
    }

    /// Sets the `class` of the link or button. Anything else is put into a `<span>` with this class,
    /// unless it is empty text.
    #[must_use]
    pub fn class(mut self, class: impl Into<String>) -> Self {
        self.class = class.into();
        self
    }

    /// Returns the content as HTML.
    #[must_use]
    pub fn as_html(&self) -> IoList {
        let class = match &*self.class {
            "" => IoList::new(),
            class => iolist![" class=\"", text(class), "\""],
        };
        let plain = match &self.content {
            Content::Link(path) => {
                return iolist![
                    "<a href=\"",
                    text(path),
                    "\"",
                    class,
                    ">",
                    text(&self.text),
                    "</a>"
                ];
            }
            Content::Button { path, shown, label } => return button(path, &class, shown, label),
            Content::Text => text(&self.text),
            Content::Number(shown) => text(shown),
            Content::Html(html) => html.clone(),
        };
        if class.is_empty() || plain.is_empty() {
            return plain;
        }
        iolist!["<span", class, ">", plain, "</span>"]
    }

    /// Returns the content as plain text.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.content, Content::Number(_))
    }
}

fn button(path: &str, class: &IoList, shown: &str, label: &str) -> IoList {
    let mut button = iolist!["<form method=\"post\" action=\"", text(path), "\"><button", class];
    if label != shown {
        button.push(iolist![" aria-label=\"", text(label), "\""]);
    }
    button.push(iolist![">", text(shown), "</button></form>"]);
    button
}

/// `None` is an empty cell.
impl From<Option<Self>> for Cell {
    fn from(cell: Option<Self>) -> Self {
        cell.unwrap_or_default()
    }
}

/// A column of a list.
pub(super) struct Column<T> {
    /// Empty for a column that has no head and isn't part of CSV files.
    pub(super) label: String,
    /// The name for sorting.
    pub(super) name: String,
    pub(super) cell: Box<dyn Fn(&T) -> Cell>,
    pub(super) sort: Option<Sort>,
    pub(super) is_row_header: bool,
}

/// How a column is sorted.
#[derive(Debug, Clone)]
pub(super) struct Sort {
    /// The column in SQL.
    pub(super) sql: String,
    /// If set, the column is only sorted in ascending order, and this is announced.
    pub(super) one_way: Option<SortOrder>,
}

/// The direction in which a sorted column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortOrder {
    /// From A to Z.
    Ascending,
    /// From Z to A.
    Descending,
}

impl<T> Column<T> {
    /// Returns whether the column can be sorted by this name, and whether descending.
    pub(super) fn sorted_by(&self, order: &str) -> Option<bool> {
        let sort = self.sort.as_ref()?;
        let (name, is_descending) = match order.strip_prefix('-') {
            Some(name) if sort.one_way.is_none() => (name, true),
            _ => (order, false),
        };
        (name == self.name).then_some(is_descending)
    }
}
