//! CSV import: a preview first, then all valid rows in one transaction.
//!
//! Between the two steps, the file is kept, not its rows: a large upload is on disk, and parsing it
//! again is fast.

use std::io::Read as _;

use serde::Serialize;
use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::write;
use solohttp::{
    Fields, IntoResponse as _, Path, Rejection, Request, Response, Result, StatusCode, Upload,
};

use crate::app::App;
use crate::import_row::{Decimal, Kind, Reader, Row};

/// The maximum size of a file in bytes. A hundred thousand appointments take about ten million
/// bytes.
pub(crate) const LARGEST: u64 = 64 << 20;

/// The maximum numbers of valid and invalid rows in the preview.
const GOOD_SHOWN: usize = 10;
const BAD_SHOWN: usize = 100;

/// A previewed file.
pub(crate) struct Pending {
    ticket: u64,
    kind: Kind,
    decimal: Decimal,
    upload: Upload,
}

#[derive(Serialize)]
struct Preview {
    ticket: u64,
    file: String,
    /// `None` for zero, because `<?if?>` treats 0 as present.
    good: Option<u64>,
    bad: Option<u64>,
    /// Invalid rows that aren't shown.
    unseen: Option<u64>,
    wrong: Vec<Wrong>,
    columns: Vec<String>,
    rows: Vec<Cells>,
}

#[derive(Serialize)]
struct Wrong {
    line: u64,
    why: String,
    row: String,
}

#[derive(Serialize)]
struct Cells {
    cells: Vec<String>,
}

pub(crate) fn preview(app: &mut App, request: &Request) -> Result<Response> {
    let decimal = request.form()?.get("decimal").unwrap_or_default();
    let decimal = Decimal::ALL.into_iter().find(|known| known.name() == decimal);
    let decimal = decimal.unwrap_or_else(Decimal::of_application);
    let kind = request.form()?.get("kind").unwrap_or_default();
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind);
    let upload = request.uploads()?.iter().find(|upload| upload.field() == "file");
    let (Some(kind), Some(upload)) = (kind, upload.filter(|upload| !upload.is_empty())) else {
        return Ok(failed(app, "Choose a file and what it contains."));
    };
    let ticket = app.pending.as_ref().map_or(1, |pending| pending.ticket + 1);
    let mut preview = Preview {
        ticket,
        file: upload.file_name(),
        good: None,
        bad: None,
        unseen: None,
        wrong: Vec::new(),
        columns: Vec::new(),
        rows: Vec::new(),
    };
    let read = each_row(&app.db, (kind, decimal), upload, |found| {
        preview.note(found);
        Ok(())
    })?;
    match read {
        Ok(columns) => preview.columns = columns,
        Err(wrong) => return Ok(failed(app, &wrong)),
    }
    app.pending = Some(Pending { ticket, kind, decimal, upload: upload.clone() });
    let title = format!("Import {}", kind.name());
    Ok(app.page("files", &title, "preview", &preview)?.into_response())
}

impl Preview {
    fn note(&mut self, found: Found<'_>) {
        let cells = || found.cells.iter().map(|cell| (*cell).to_owned()).collect();
        match found.row {
            Ok(_) => {
                self.good = Some(self.good.unwrap_or(0) + 1);
                if self.rows.len() < GOOD_SHOWN {
                    self.rows.push(Cells { cells: cells() });
                }
            }
            Err(why) => {
                self.bad = Some(self.bad.unwrap_or(0) + 1);
                if self.wrong.len() < BAD_SHOWN {
                    let row = found.cells.join(", ");
                    self.wrong.push(Wrong { line: found.line, why, row });
                } else {
                    self.unseen = Some(self.unseen.unwrap_or(0) + 1);
                }
            }
        }
    }
}

/// Shows why a file can't be read at all, on the page where it was chosen.
fn failed(app: &mut App, why: &str) -> Response {
    app.flash.add(why);
    Response::redirect("/files")
}

/// Imports the previewed file. A file that is previewed later gets a different ticket.
pub(crate) fn keep(app: &mut App, Path(ticket): Path<u64>) -> Result<Response> {
    let Some(pending) = app.pending.take_if(|pending| pending.ticket == ticket) else {
        let detail = "This file was already imported, or its preview has expired.";
        return Err(Rejection::new(StatusCode::GONE, detail).into());
    };
    let (mut good, mut bad) = (0_usize, 0_usize);
    write(&mut app.db, |tx| {
        let read = each_row(tx, (pending.kind, pending.decimal), &pending.upload, |found| {
            match found.row {
                Ok(row) => {
                    row.save(tx)?;
                    good += 1;
                }
                Err(_) => bad += 1,
            }
            Ok(())
        })?;
        read.map(drop).map_err(Into::into)
    })?;
    let left_out = if bad == 0 { String::new() } else { format!(" Invalid rows skipped: {bad}.") };
    app.flash.add(format!("Imported into {}: {good}.{left_out}", pending.kind.name()));
    Ok(Response::redirect(match pending.kind {
        Kind::Contacts => "/contacts",
        Kind::Appointments => "/",
        Kind::Tasks => "/tasks",
    }))
}

/// A parsed row.
struct Found<'a> {
    /// Counted from 1, including the header.
    line: u64,
    cells: &'a [&'a str],
    row: Result<Row, String>,
}

/// Reads every row. The outer error is about I/O, the inner error about the file as a whole.
/// Returns the column names.
fn each_row(
    db: &Connection,
    (kind, decimal): (Kind, Decimal),
    upload: &Upload,
    mut take: impl FnMut(Found<'_>) -> Result<()>,
) -> Result<Result<Vec<String>, String>> {
    let mut start = Vec::new();
    upload.reader().take(4096).read_to_end(&mut start)?;
    let mut csv = csv::ReaderBuilder::new()
        .delimiter(delimiter(&start))
        .flexible(true)
        // With CRLF as the terminator, line numbers would be wrong: `csv` starts a record before
        // the LF.
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(upload.reader());
    let columns = match csv.byte_headers() {
        Ok(names) => columns(kind, names),
        Err(error) => return Ok(Err(error.to_string())),
    };
    let columns = match columns {
        Ok(columns) => columns,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let reader = Reader::new(kind, decimal);
    let mut record = csv::ByteRecord::new();
    while csv.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
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
        take(Found { line, cells: &cells, row })?;
    }
    Ok(Ok(columns))
}

fn readable(record: &csv::ByteRecord, columns: usize) -> Result<(), String> {
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

/// The column names, in any order and case. All must be known.
fn columns(kind: Kind, names: &csv::ByteRecord) -> Result<Vec<String>, String> {
    let known = kind.columns();
    let mut columns: Vec<String> = Vec::new();
    for name in names {
        // Spreadsheets start with a byte-order mark.
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

/// Where the decimal mark is a comma, spreadsheets separate columns with semicolons.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.iter().filter(|&&byte| byte == wanted).count();
    if count(b';') > count(b',') { b';' } else { b',' }
}
