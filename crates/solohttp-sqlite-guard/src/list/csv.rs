//! A list as a CSV file (RFC 4180).
//!
//! A long file is read while it is sent, a few hundred rows at a time, from a connection of its own:
//! the program's connection is in use by other requests. The rows are those at the time of the
//! request, because the connection has a read transaction. Without WAL mode, such a transaction
//! would block writing, so there the rows may change while the file is sent.

use std::io::{self, Read};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use solohttp_core::{IoList, Response, header};

use super::List;
use super::position::{Order, Start};
use super::request::{Asked, LIMIT};
use crate::open::{collation, keeper};

/// Rows that are read at once. A thousand rows take a few milliseconds, in which other requests
/// wait.
const CHUNK: usize = 500;

const TYPE: &str = "text/csv; charset=utf-8";

/// Excel takes a file without this mark for the system's old encoding.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The unread rest of a file.
struct CsvFile<T> {
    list: List<T>,
    order: Order,
    /// Where the next rows start; `None` at the end.
    start: Option<Start>,
    chunk: usize,
    buffer: Vec<u8>,
}

/// A file that is read while it is sent.
struct CsvStream<T> {
    db: Connection,
    file: CsvFile<T>,
    /// The number of bytes in the buffer that were sent.
    sent: usize,
}

impl<T: 'static> List<T> {
    pub(super) fn file(
        mut self,
        db: &Connection,
        name: &str,
        asked: Asked,
    ) -> rusqlite::Result<Response> {
        self.query.set(LIMIT, -1);
        let start = Some(Start::First);
        let mut file =
            CsvFile { list: self, order: asked.order, start, chunk: CHUNK, buffer: Vec::new() };
        file.push_heads();
        // Fails if the query uses the program's own functions, or if the file is locked.
        let own = second_connection(db).filter(|own| file.fill(own).is_ok());
        let response = match own {
            Some(db) if file.start.is_some() => {
                Response::stream_to_end(TYPE, CsvStream { db, file, sent: 0 })
            }
            _ => {
                while file.start.is_some() {
                    file.fill(db)?;
                }
                Response::bytes(TYPE, IoList::from(file.buffer))
            }
        };
        let disposition = format!("attachment; filename=\"{name}\"");
        Ok(response.with_header(header::CONTENT_DISPOSITION, disposition))
    }
}

/// Opens the connection's file again. `None` for an in-memory database, or if the file can't be
/// opened.
fn second_connection(db: &Connection) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let own = Connection::open_with_flags(keeper::file_of(db)?, flags).ok()?;
    own.busy_timeout(Duration::ZERO).ok()?;
    collation::install(&own).ok()?;
    // Not opened as read-only, because the last connection to a file in WAL mode cleans up.
    own.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF").ok()?;
    let mode: String = own.query_row("PRAGMA journal_mode", [], |row| row.get(0)).ok()?;
    if mode == "wal" {
        own.execute_batch("BEGIN").ok()?;
    }
    Some(own)
}

impl<T> CsvFile<T> {
    fn push_heads(&mut self) {
        self.buffer.extend_from_slice(BYTE_ORDER_MARK.as_bytes());
        let labels = self.list.columns.iter().map(|column| column.label.as_str());
        let labels = labels.filter(|label| !label.is_empty());
        push_line(&mut self.buffer, labels.map(|label| (label, false)));
    }

    /// Appends the next rows to the buffer.
    fn fill(&mut self, db: &Connection) -> rusqlite::Result<()> {
        let Some(start) = &self.start else { return Ok(()) };
        let list = &mut self.list;
        let rows = list.query.rows(db, &self.order, start, self.chunk, &mut *list.read)?;
        for (_, row) in &rows {
            let cells: Vec<_> = list.cells(row).collect();
            let shown = list.columns.iter().zip(&cells);
            let shown = shown.filter(|(column, _)| !column.label.is_empty());
            let values = shown.map(|(_, cell)| (cell.as_text(), cell.is_number()));
            push_line(&mut self.buffer, values);
        }
        let is_full = rows.len() == self.chunk;
        let last = rows.into_iter().last().filter(|_| is_full);
        self.start = last.map(|(position, _)| Start::After(position));
        if list.query.is_narrow() {
            // The matches of a search are sorted again for each chunk.
            self.chunk *= 4;
        }
        Ok(())
    }
}

impl<T> Read for CsvStream<T> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.sent == self.file.buffer.len() && self.file.start.is_some() {
            self.file.buffer.clear();
            self.sent = 0;
            self.file.fill(&self.db).map_err(io::Error::other)?;
        }
        let mut rest = &self.file.buffer[self.sent..];
        let count = rest.read(out)?;
        self.sent += count;
        Ok(count)
    }
}

/// Appends a line. Each value is text or, with `true`, a number.
fn push_line<'a>(buffer: &mut Vec<u8>, values: impl Iterator<Item = (&'a str, bool)>) {
    for (index, (value, is_number)) in values.enumerate() {
        if index > 0 {
            buffer.push(b',');
        }
        match is_number && !value.contains([',', '"', '\r', '\n']) {
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
