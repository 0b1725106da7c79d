//! The content of a cell: HTML for the page, and plain text for CSV files and labels.

use std::fmt::Display;

use solohttp_core::{IoList, LocalUrl, Locale, Numerals, html, iolist};

/// A cell in a column of a [`List`](crate::List).
///
/// ```
/// use solohttp_sqlite_guard::Cell;
///
/// struct Item { id: i64, name: String, price: Option<i64> }
///
/// let name = |item: &Item| Cell::link(format!("/item/{}", item.id), &item.name);
/// let price = |item: &Item| Cell::from(item.price.map(Cell::number));
/// # let item = Item { id: 7, name: "Tea & cake".to_owned(), price: None };
/// # assert_eq!(name(&item).as_html(), "<a href=\"/item/7\">Tea &amp; cake</a>");
/// # assert_eq!(price(&item).as_text(), "");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// `None` if it is the escaped text.
    html: Option<IoList>,
    text: String,
    is_number: bool,
}

impl Cell {
    /// Text, which is escaped.
    #[must_use]
    pub fn text(text: impl Display) -> Self {
        Self { html: None, text: text.to_string(), is_number: false }
    }

    /// A link within the application. The path must start with a single `/`; anything else, such as
    /// `javascript:…`, is shown without a link.
    #[must_use]
    pub fn link(path: impl Display, text: impl Display) -> Self {
        let mut cell = Self::text(text);
        let path = path.to_string();
        if LocalUrl::is_local(&path) {
            let (path, text) = (html::escape(&path), html::escape(&cell.text));
            cell.html = Some(iolist!["<a href=\"", path, "\">", text, "</a>"]);
        }
        cell
    }

    /// A number in its plain form, such as `-1234.5`. It is shown with the application's
    /// [`Numerals`].
    #[must_use]
    pub fn number(plain: impl Display) -> Self {
        let plain = plain.to_string();
        let numerals = Locale::current::<Numerals>();
        let html = IoList::from(html::escape(&numerals.show(&plain)).into_owned());
        Self { html: Some(html), text: numerals.edit(&plain), is_number: true }
    }

    /// HTML, which is inserted as it is. `text` stands for it in CSV files and labels.
    #[must_use]
    pub fn html(html: impl Into<IoList>, text: impl Display) -> Self {
        Self { html: Some(html.into()), ..Self::text(text) }
    }

    /// Returns the content as HTML.
    #[must_use]
    pub fn as_html(&self) -> IoList {
        let text = || IoList::from(html::escape(&self.text).into_owned());
        self.html.clone().unwrap_or_else(text)
    }

    /// Returns the content as plain text.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.text
    }

    pub(super) fn is_number(&self) -> bool {
        self.is_number
    }
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
