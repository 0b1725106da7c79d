//! A list as a CSV file (RFC 4180).

use rusqlite::Connection;
use solohttp_core::{Locale, Numerals, Response, Result, header};

use super::List;
use super::cell::{Cell, Column};
use super::export::Export;
use super::request::Asked;

const TYPE: &str = "text/csv; charset=utf-8";

/// Excel takes a file without this mark for the system's old encoding.
const BYTE_ORDER_MARK: &str = "\u{feff}";

impl<T: 'static> List<T> {
    pub(super) fn file(mut self, db: &Connection, name: &str, asked: Asked) -> Result<Response> {
        self.query.lift_limit();
        let columns: Vec<Column<T>> =
            self.columns.into_iter().filter(|column| !column.label.is_empty()).collect();
        let separator = Locale::current::<Numerals>().csv_separator();
        let mut heads = BYTE_ORDER_MARK.as_bytes().to_vec();
        push_line(
            &mut heads,
            separator,
            columns.iter().map(|column| (column.label.as_str(), false)),
        );
        let rows = Export::of(self.query, asked.order, self.read).starts_with(heads);
        let response = rows.stream(db, TYPE, move |row, out| {
            let cells: Vec<Cell> = columns.iter().map(|column| (column.cell)(row)).collect();
            push_line(out, separator, cells.iter().map(|cell| (cell.as_text(), cell.is_number())));
            Ok(())
        })?;
        let disposition = format!("attachment; filename=\"{name}\"");
        Ok(response.with_header(header::CONTENT_DISPOSITION, disposition))
    }
}

/// Appends a line. Each value is text or, with `true`, a number.
fn push_line<'a>(
    buffer: &mut Vec<u8>,
    separator: char,
    values: impl Iterator<Item = (&'a str, bool)>,
) {
    for (index, (value, is_number)) in values.enumerate() {
        if index > 0 {
            buffer.push(separator as u8);
        }
        match is_number && !value.contains([separator, '"', '\r', '\n']) {
            true => buffer.extend_from_slice(value.as_bytes()),
            false => push_quoted(buffer, value, is_number),
        }
    }
    buffer.extend_from_slice(b"\r\n");
}

/// An apostrophe keeps spreadsheets from taking text for a formula.
fn push_quoted(buffer: &mut Vec<u8>, value: &str, is_number: bool) {
    buffer.push(b'"');
    if !is_number && value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        buffer.push(b'\'');
    }
    buffer.extend_from_slice(value.replace('"', "\"\"").as_bytes());
    buffer.push(b'"');
}
