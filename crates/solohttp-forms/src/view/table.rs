//! Rows as a table: one column for each field, and one for the buttons.

use solohttp_core::{IoList, iolist};

use crate::element::info::Layout;
use crate::markup::tag::tag;
use crate::view::field::{Column, FieldView};
use crate::view::row::RowView;

/// Renders the rows of a field. Without rows, there is no table.
pub(crate) fn table(field: &FieldView) -> IoList {
    let Some(first) = field.rows().first() else { return IoList::new() };
    let headings: IoList = first.fields().iter().filter_map(heading).collect();
    // The corners aren't headings, because an empty heading would be announced.
    let corner = || tag("td").text("");
    let head = tag("tr").content(iolist![corner(), headings, corner()]);
    let body: IoList = field.rows().iter().map(row).collect();
    let table = iolist![tag("thead").content(head), tag("tbody").content(body)];
    tag("div").attr("class", "row-table").content(tag("table").content(table))
}

/// The heading of a field's column, unless the field is hidden.
fn heading(field: &FieldView) -> Option<IoList> {
    let Column { heading, .. } = field.column.as_ref()?;
    if field.layout() == Layout::Hidden {
        return None;
    }
    // The inner element names the controls, without the asterisk that styles add to the outer one.
    let name = tag("span").attr("id", heading).text(field.label_text());
    let label = tag("span").attr("class", "label").content(name);
    let is_required = field.element.is_required();
    let cell = tag("th")
        .attr("scope", "col")
        .attr_if("class", is_required.then_some("required"))
        .content(iolist![label, field.help()]);
    Some(cell)
}

fn row(row: &RowView) -> IoList {
    let id = row.fields().iter().find_map(|field| Some(&field.column.as_ref()?.row));
    let heading = tag("th").attr("scope", "row").attr_if("id", id).text(&row.heading());
    let (mut cells, mut hidden) = (IoList::new(), IoList::new());
    for field in row.fields() {
        if field.layout() == Layout::Hidden {
            hidden.push(field.control());
            continue;
        }
        let class = field.has_errors().then_some("bad");
        let cell = tag("td").attr_if("class", class);
        cells.push(cell.content(iolist![field.error(), field.control()]));
    }
    let buttons = iolist![row.marker(), hidden, row.buttons()];
    let buttons = tag("td").attr("class", "row-buttons").content(buttons);
    tag("tr").content(iolist![heading, cells, buttons])
}
