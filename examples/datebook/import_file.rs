//! A CSV file as spreadsheets write it: its columns and its rows.

use std::io::Read as _;

use csv::{ByteRecord, Position, ReaderBuilder, Terminator};
use solohttp::sqlite::rusqlite::Connection;
use solohttp::{Failure, Fields, Result, Upload};

use crate::import_row::{Decimal, Kind, Mistake, Reader};

/// An uploaded file whose columns are known.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) kind: Kind,
    pub(crate) upload: Upload,
    pub(crate) columns: Vec<String>,
    decimal: Decimal,
}

/// A row that was checked and, if it is valid, inserted.
pub(crate) struct Found<'a> {
    /// Counted from 1, including the header.
    pub(crate) line: u64,
    /// The number of bytes before the row.
    pub(crate) position: u64,
    pub(crate) cells: &'a [&'a str],
    pub(crate) row: Result<(), String>,
}

impl File {
    /// Reads the names of the columns. They can be in any order and case, and all must be known.
    pub(crate) fn open(kind: Kind, decimal: Decimal, upload: Upload) -> Result<Self> {
        let file = Self { kind, upload, columns: Vec::new(), decimal };
        let columns = columns(kind, file.csv()?.byte_headers()?)?;
        Ok(Self { columns, ..file })
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

    /// Inserts all valid rows, and calls `take` with each row.
    pub(crate) fn insert_rows(
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
            let fields = columns.iter().map(String::as_str).zip(cells.iter().copied());
            let row = readable(&record, columns.len())
                .and_then(|()| reader.insert(db, fields.collect::<Fields>()));
            let row = match row {
                Ok(()) => Ok(()),
                Err(error) => Err(mistake_in(&error).ok_or(error)?),
            };
            take(Found { line, position, cells: &cells, row })?;
        }
        Ok(())
    }
}

/// The sentence for the user, if the file is wrong.
fn mistake_in(error: &Failure) -> Option<String> {
    let error = error.error()?;
    error.downcast_ref::<Mistake>().map(|mistake| mistake.0.clone())
}

fn readable(record: &ByteRecord, columns: usize) -> Result<()> {
    let cells = record.len();
    if cells != columns {
        let wrong = format!("The row has {cells} cells, but there are {columns} columns.");
        return Err(Mistake(wrong).into());
    }
    if record.iter().any(|cell| str::from_utf8(cell).is_err()) {
        let wrong = "The file is not UTF-8. Save it as CSV UTF-8.";
        return Err(Mistake(wrong.to_owned()).into());
    }
    Ok(())
}

fn columns(kind: Kind, names: &ByteRecord) -> Result<Vec<String>, Mistake> {
    let known = kind.columns();
    let mut columns: Vec<String> = Vec::new();
    for name in names {
        // Files from spreadsheets start with a byte-order mark.
        let name = String::from_utf8_lossy(name);
        let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
        if !known.contains(&name.as_str()) {
            let known = known.join(", ");
            return Err(Mistake(format!("Unknown column “{name}”. The columns are {known}.")));
        }
        if columns.contains(&name) {
            return Err(Mistake(format!("There are two columns “{name}”.")));
        }
        columns.push(name);
    }
    if !columns.iter().any(|name| name == known[0]) {
        return Err(Mistake(format!("The column “{}” is missing.", known[0])));
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
