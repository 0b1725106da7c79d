//! A CSV file as spreadsheets write it: its columns and its rows.

use std::io::Read as _;

use csv::{ByteRecord, Position, ReaderBuilder, Terminator};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::{Fields, Result, Upload};

use crate::import_row::{Decimal, Kind, Reader, Row};

/// An uploaded file whose columns are known.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) kind: Kind,
    pub(crate) upload: Upload,
    pub(crate) columns: Vec<String>,
    decimal: Decimal,
}

/// A parsed row.
pub(crate) struct Found<'a> {
    /// Counted from 1, including the header.
    pub(crate) line: u64,
    /// The number of bytes before the row.
    pub(crate) position: u64,
    pub(crate) cells: &'a [&'a str],
    pub(crate) row: Result<Row, String>,
}

impl File {
    /// Reads the names of the columns. The outer error is about I/O, and the inner error describes
    /// a mistake in the file.
    pub(crate) fn open(
        kind: Kind,
        decimal: Decimal,
        upload: Upload,
    ) -> Result<Result<Self, String>> {
        let mut file = Self { kind, upload, columns: Vec::new(), decimal };
        let names = match file.csv()?.byte_headers() {
            Ok(names) => columns(kind, names),
            Err(error) => Err(error.to_string()),
        };
        Ok(names.map(|names| {
            file.columns = names;
            file
        }))
    }

    fn csv(&self) -> Result<csv::Reader<solohttp::BodyReader>> {
        let mut start = Vec::new();
        self.upload.reader().take(4096).read_to_end(&mut start)?;
        let mut csv = ReaderBuilder::new();
        // With CRLF as the terminator, line numbers would be wrong: `csv` starts a record before
        // the LF.
        csv.delimiter(delimiter(&start)).flexible(true).terminator(Terminator::Any(b'\n'));
        Ok(csv.from_reader(self.upload.reader()))
    }

    /// Calls `take` with each row.
    pub(crate) fn each_row(
        &self,
        db: &Connection,
        mut take: impl FnMut(Found<'_>) -> Result<()>,
    ) -> Result<()> {
        let (mut csv, columns) = (self.csv()?, &self.columns);
        let reader = Reader::new(self.kind, self.decimal);
        let mut record = ByteRecord::new();
        while csv.read_byte_record(&mut record)? {
            let line = record.position().map_or(0, Position::line);
            let position = record.position().map_or(0, Position::byte);
            let shown: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
            let mut cells: Vec<&str> = shown.iter().map(AsRef::as_ref).collect();
            if let Some(last) = cells.last_mut() {
                *last = last.strip_suffix('\r').unwrap_or(last);
            }
            if cells == [""] {
                continue;
            }
            let row = match readable(&record, columns.len()) {
                Ok(()) => {
                    let names = columns.iter().map(String::as_str);
                    reader.read(db, names.zip(cells.iter().copied()).collect::<Fields>())?
                }
                Err(wrong) => Err(wrong),
            };
            take(Found { line, position, cells: &cells, row })?;
        }
        Ok(())
    }
}

fn readable(record: &ByteRecord, columns: usize) -> Result<(), String> {
    if record.len() != columns {
        return Err(format!(
            "The row has {} cells, but there are {columns} columns.",
            record.len()
        ));
    }
    if record.iter().any(|cell| str::from_utf8(cell).is_err()) {
        return Err("The file is not UTF-8. Save it as CSV UTF-8.".to_owned());
    }
    Ok(())
}

/// Returns the column names, which can be in any order and case. All must be known.
fn columns(kind: Kind, names: &ByteRecord) -> Result<Vec<String>, String> {
    let known = kind.columns();
    let mut columns: Vec<String> = Vec::new();
    for name in names {
        // Files from spreadsheets start with a byte-order mark.
        let name = String::from_utf8_lossy(name);
        let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
        if !known.contains(&name.as_str()) {
            let known = known.join(", ");
            return Err(format!("Unknown column “{name}”. The columns are {known}."));
        }
        if columns.contains(&name) {
            return Err(format!("There are two columns “{name}”."));
        }
        columns.push(name);
    }
    if !columns.iter().any(|name| name == known[0]) {
        return Err(format!("The column “{}” is missing.", known[0]));
    }
    Ok(columns)
}

/// Guesses the delimiter. Where the decimal mark is a comma, spreadsheets separate columns with
/// semicolons.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|&&byte| byte == wanted).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}
