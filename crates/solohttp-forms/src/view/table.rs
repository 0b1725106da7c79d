//! Rows as a table: one column for each field, and one for the buttons.

use crate::element::info::Layout;
use crate::markup::writer::Writer;
use crate::view::field::{Column, FieldView};
use crate::view::row::RowView;

/// Renders the rows of a field. Without rows, there is no table.
pub(crate) fn render_table(field: &FieldView, out: &mut Writer) {
    let Some(first) = field.rows().first() else { return };
    // The corners aren't headings, because an empty heading would be announced.
    out.raw("<div class=\"row-table\"><table><thead><tr><td></td>");
    first.fields().iter().for_each(|field| render_heading(field, out));
    out.raw("<td></td></tr></thead><tbody>");
    field.rows().iter().for_each(|row| render_row(row, out));
    out.raw("</tbody></table></div>");
}

/// The heading of a field's column, unless the field is hidden.
fn render_heading(field: &FieldView, out: &mut Writer) {
    let Some(Column { heading, .. }) = &field.column else { return };
    if field.layout() == Layout::Hidden {
        return;
    }
    let cell = out.tag("th").attr("scope", "col");
    if field.element.is_required() { cell.attr("class", "required") } else { cell }.end();
    // The inner element names the controls, without the asterisk that styles add to the outer one.
    out.raw("<span class=\"label\">");
    out.tag("span").attr("id", heading).end();
    out.text(field.label_text());
    out.raw("</span></span>");
    field.render_help(out);
    out.raw("</th>");
}

fn render_row(row: &RowView, out: &mut Writer) {
    out.raw("<tr>");
    let heading = out.tag("th").attr("scope", "row");
    match row.fields().iter().find_map(|field| Some(&field.column.as_ref()?.row)) {
        Some(id) => heading.attr("id", id),
        None => heading,
    }
    .end();
    out.text(&row.heading());
    out.raw("</th>");
    let is_hidden = |field: &&FieldView| field.layout() == Layout::Hidden;
    for field in row.fields().iter().filter(|field| !is_hidden(field)) {
        out.raw(if field.has_errors() { "<td class=\"bad\">" } else { "<td>" });
        field.render_error(out);
        field.render_control(out);
        out.raw("</td>");
    }
    out.raw("<td class=\"row-buttons\">");
    row.render_marker(out);
    row.fields().iter().filter(is_hidden).for_each(|field| field.render_control(out));
    row.render_buttons(out);
    out.raw("</td></tr>");
}
