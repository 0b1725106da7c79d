//! The identity of a row.

use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

use solohttp_core::{Fields, IoList};

use crate::element::Element;
use crate::element::info::{ElementInfo, Layout};
use crate::form::data::FormData;
use crate::form::names::ID;
use crate::markup::writer::Writer;
use crate::validation::errors::ValidationErrors;
use crate::view::field::FieldView;

/// The id of a row: see [`row_id`].
pub struct RowId<V> {
    info: ElementInfo,
    id: PhantomData<fn() -> V>,
}

/// A row's id in the application's data, such as its primary key, or `None` for a new row. It
/// travels with the row in a hidden field, so that `save` knows which rows are new, changed, moved
/// or removed: see [`RowDiff`](crate::RowDiff).
///
/// A [`Formlet`](crate::Formlet) accepts only the ids that the record from
/// [`load`](crate::Formlet::load) has in its rows, and each of them once. A row with any other id is
/// a new row. [`RecordForm::submit`](crate::RecordForm::submit), which has no record to compare
/// with, returns ids as they were sent.
///
/// ```
/// use solohttp_forms::{form, number, row_id, rows, text};
///
/// struct Line { id: Option<i64>, item: String, count: u32 }
/// struct Order { lines: Vec<Line> }
///
/// let line = form!(Line {
///     id: row_id(),
///     item: text("Item").required(),
///     count: number("Count").min(1),
/// });
/// let order = form!(Order { lines: rows("Lines", line) });
/// let lines = vec![Line { id: Some(7), item: "Nut".into(), count: 6 }];
/// let sent = order.fields_of(&Order { lines });
/// assert_eq!(order.submit(&sent).unwrap().lines[0].id, Some(7));
/// ```
#[must_use]
pub fn row_id<V: FromStr + Display + 'static>() -> RowId<V> {
    RowId { info: ElementInfo::new(""), id: PhantomData }
}

impl<V: FromStr + Display + 'static> Element for RowId<V> {
    type Value = Option<V>;

    fn info(&self) -> &ElementInfo {
        &self.info
    }

    fn layout(&self) -> Layout {
        Layout::Hidden
    }

    fn show(&self, name: &str, id: &Option<V>, fields: &mut Fields) {
        if let Some(id) = id {
            fields.push(ID.of(name), id.to_string());
        }
    }

    fn parse(&self, name: &str, data: &FormData, _: &mut ValidationErrors) -> Option<Option<V>> {
        Some(data.text(&ID.of(name)).parse().ok())
    }

    fn control(&self, field: &FieldView) -> IoList {
        Writer::list(|out| self.render_control(field, out))
    }

    fn render_control(&self, field: &FieldView, out: &mut Writer) {
        let name = ID.of(field.name());
        let id = field.text_of(&name);
        if !id.is_empty() {
            out.tag("input").raw("type", "hidden").attr("name", &name).attr("value", id).end();
        }
    }

    /// Users don't know ids.
    fn describe(&self, _: &str, _: &FormData) -> String {
        String::new()
    }
}

impl<V> fmt::Debug for RowId<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowId").finish_non_exhaustive()
    }
}
