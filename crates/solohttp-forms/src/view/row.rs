//! One row on the page, or the fields of a group.

use std::fmt;
use std::ops::Index;

use solohttp_core::{IoList, Sentence};

use crate::form::names::{INITIAL, ROW, join};
use crate::form::row_change::RowChange;
use crate::markup::writer::Writer;
use crate::view::field::{FieldView, named};

/// One row with its fields and buttons.
///
/// A custom layout of rows:
///
/// ```
/// use solohttp_core::{IoList, iolist};
/// use solohttp_forms::{RowView, field, form, number, rows, text};
///
/// struct Line { item: String, count: u32 }
/// struct Order { lines: Vec<Line> }
///
/// let line = form!(Line { item: text("Item"), count: number("Count") });
/// let order = form!(Order { lines: rows("Lines", line) });
/// let view = order.show(&Order { lines: vec![Line { item: "Nut".into(), count: 6 }] });
/// let lines = &view[field!(Order.lines)];
/// let row = |row: &RowView| {
///     let (item, count) = (row["item"].control(), row["count"].control());
///     iolist![row.marker(), format!("<p>{}. ", row.number()), item, count, row.buttons(), "</p>"]
/// };
/// let html = iolist![lines.rows().iter().map(row).collect::<IoList>(), lines.add_button()];
/// assert!(html.to_string().contains("<p>1. <input type=\"text\" value=\"Nut\""));
/// ```
pub struct RowView {
    name: String,
    index: usize,
    is_last: bool,
    has_buttons: bool,
    legend: String,
    has_own_legend: bool,
    fields: Vec<FieldView>,
}

impl RowView {
    pub(super) fn new(
        name: &str,
        (index, of, has_buttons): (usize, usize, bool),
        (legend, has_own_legend): (String, bool),
        fields: Vec<FieldView>,
    ) -> Self {
        let name = name.to_owned();
        Self { name, index, is_last: index + 1 == of, has_buttons, legend, has_own_legend, fields }
    }

    /// The fields, in the order in which they are declared.
    #[must_use]
    pub fn fields(&self) -> &[FieldView] {
        &self.fields
    }

    /// The number of the row, counted from 1.
    #[must_use]
    pub fn number(&self) -> usize {
        self.index + 1
    }

    /// The legend of the row, such as `Lines 2`. In a group, it is the group's label.
    #[must_use]
    pub fn legend(&self) -> &str {
        &self.legend
    }

    /// The heading of the row in a table: its own legend, or its number.
    pub(super) fn heading(&self) -> String {
        if self.has_own_legend { self.legend.clone() } else { self.number().to_string() }
    }

    /// The hidden fields that mark the row. Render them within the row.
    #[must_use]
    pub fn marker(&self) -> IoList {
        Writer::list(|out| self.render_marker(out))
    }

    pub(crate) fn render_marker(&self, out: &mut Writer) {
        let (name, index) = (ROW.of(&self.name), self.index.to_string());
        out.tag("input").attr("type", "hidden").attr("name", &name).attr("value", &index).end();
        let Some(field) = self.fields.first() else { return };
        let name = INITIAL.of(&join(&self.name, &index));
        let shown = field.text_of(&name);
        if !shown.is_empty() {
            out.tag("input").attr("type", "hidden").attr("name", &name).attr("value", shown).end();
        }
    }

    /// The buttons that move and remove the row. Empty if the number of rows is fixed.
    #[must_use]
    pub fn buttons(&self) -> IoList {
        Writer::list(|out| self.render_buttons(out))
    }

    pub(crate) fn render_buttons(&self, out: &mut Writer) {
        let Some(field) = self.fields.first().filter(|_| self.has_buttons) else { return };
        let words = field.words();
        let context = field.trail.trim_end_matches(", ");
        let mut button = |change: RowChange, label: &Sentence| {
            field.row_button(&change.command(&self.name), label, context, out);
        };
        if self.index > 0 {
            button(RowChange::Up(self.index), &words.up);
        }
        if !self.is_last {
            button(RowChange::Down(self.index), &words.down);
        }
        button(RowChange::Remove(self.index), &words.remove);
    }
}

/// Looks up a field of the row by its short name, such as `quantity`.
impl Index<&str> for RowView {
    type Output = FieldView;

    #[track_caller]
    fn index(&self, name: &str) -> &FieldView {
        named(&self.fields, name)
    }
}

impl fmt::Debug for RowView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowView").field("name", &self.name).field("index", &self.index).finish()
    }
}
