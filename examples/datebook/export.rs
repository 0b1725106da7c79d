//! Exports: CSV for spreadsheets, iCalendar for calendar programs.
//!
//! The contacts are read while they are sent. The other exports are written to an unnamed temporary
//! file first, so that they needn't fit in memory.

use std::fs::File;
use std::io::{BufWriter, Seek as _};

use jiff::Timestamp;
use serde::Serialize;
use solohttp::sqlite::rusqlite::{self, Connection};
use solohttp::sqlite::{Export, Record as _};
use solohttp::{IoList, Locale, Numerals, Path, Response, Result, header};

use crate::app::App;
use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::database;
use crate::dates::clock;
use crate::ical::Calendar;
use crate::import_row::{Decimal, Kind};
use crate::task::Task;

#[derive(Serialize)]
struct Files {
    kinds: Vec<Shown>,
    decimals: Vec<Mark>,
}

#[derive(Serialize)]
struct Mark {
    name: &'static str,
    example: &'static str,
    is_first: bool,
}

#[derive(Serialize)]
struct Shown {
    name: &'static str,
    label: &'static str,
    columns: String,
    is_first: bool,
}

/// The page for imports and exports.
pub(crate) fn page(app: &mut App) -> Result<IoList> {
    let kinds = Kind::ALL.map(|kind| Shown {
        name: kind.name(),
        label: kind.label(),
        columns: kind.columns().join(", "),
        is_first: kind == Kind::Contacts,
    });
    let decimals = Decimal::ALL.map(|decimal| Mark {
        name: decimal.name(),
        example: decimal.example(),
        is_first: decimal == Decimal::of_application(),
    });
    let files = Files { kinds: kinds.into(), decimals: decimals.into() };
    app.page("files", "Import and export", "files", &files)
}

/// Serves `/export/contacts.csv` and similar names.
pub(crate) fn download(app: &mut App, Path(name): Path<String>) -> Result<Option<Response>> {
    let response = match name.as_str() {
        "contacts.csv" => contacts(&app.db)?,
        "appointments.csv" => file(appointments(&app.db)?, CSV)?,
        "tasks.csv" => file(tasks(&app.db)?, CSV)?,
        "appointments.ics" => file(calendar(&app.db)?, "text/calendar; charset=utf-8")?,
        _ => return Ok(None),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(Some(response.with_header(header::CONTENT_DISPOSITION, disposition)))
}

const CSV: &str = "text/csv; charset=utf-8";

fn file(mut file: File, media_type: &'static str) -> Result<Response> {
    let length = file.stream_position()?;
    file.rewind()?;
    Ok(Response::stream(media_type, file, length))
}

type Csv = csv::Writer<BufWriter<File>>;

fn csv(kind: Kind) -> Result<Csv> {
    let mut csv = csv::Writer::from_writer(BufWriter::new(tempfile::tempfile()?));
    csv.write_record(kind.columns())?;
    Ok(csv)
}

fn finished(csv: Csv) -> Result<File> {
    let buffer = csv.into_inner().map_err(|error| error.into_error())?;
    Ok(buffer.into_inner().map_err(|error| error.into_error())?)
}

/// However many there are, other pages are served meanwhile.
fn contacts(db: &Connection) -> Result<Response> {
    let contacts = Export::new("SELECT * FROM contact", Contact::from_row).order_by("by_name");
    let heads = Kind::Contacts.columns().join(",") + "\n";
    contacts.starts_with(heads).stream(db, CSV, |one, out| {
        let mut csv = csv::WriterBuilder::new().buffer_capacity(1_024).from_writer(out);
        let fee = one.fee.map(price).unwrap_or_default();
        csv.write_record([&one.name, &one.email, &one.phone, &fee, &one.notes])?;
        Ok(csv.flush()?)
    })
}

/// Formats an amount in cents in the notation that forms accept.
fn price(cents: i64) -> String {
    let plain = format!("{}.{:02}", cents / 100, cents % 100);
    Locale::current::<Numerals>().edit(&plain)
}

fn appointments(db: &Connection) -> Result<File> {
    let mut csv = csv(Kind::Appointments)?;
    each_appointment(db, |_, one, name| {
        let (day, from, to) = (one.day.to_string(), one.from.map(clock), one.to.map(clock));
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        Ok(csv.write_record([&one.title, &day, &from, &to, &one.place, name, &one.notes])?)
    })?;
    finished(csv)
}

fn tasks(db: &Connection) -> Result<File> {
    let mut csv = csv(Kind::Tasks)?;
    let mut statement = db.prepare("SELECT * FROM task ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let task = Task::from_row(row)?;
        let due = task.due.map(|due| due.to_string()).unwrap_or_default();
        let done = if task.done { "yes" } else { "no" };
        csv.write_record([&task.title, task.priority.key(), &due, done, &task.notes])?;
    }
    finished(csv)
}

fn calendar(db: &Connection) -> Result<File> {
    let book = database::setting(db, "book")?.unwrap_or_default();
    let out = BufWriter::new(tempfile::tempfile()?);
    let mut calendar = Calendar::new(out, book, Timestamp::now())?;
    each_appointment(db, |id, one, name| Ok(calendar.event(id, one, name)?))?;
    Ok(calendar.end()?.into_inner().map_err(|error| error.into_error())?)
}

/// Calls `write` with the id of every appointment, the appointment, and its contact's name.
fn each_appointment(
    db: &Connection,
    mut write: impl FnMut(i64, &Appointment, &str) -> Result<()>,
) -> Result<()> {
    let sql = "SELECT appointment.*, coalesce(name, '') AS name FROM appointment
        LEFT JOIN contact ON contact.id = appointment.contact ORDER BY day, by_time";
    let mut statement = db.prepare(sql)?;
    let mut rows: rusqlite::Rows<'_> = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get("name")?;
        write(row.get("id")?, &Appointment::from_row(row)?, &name)?;
    }
    Ok(())
}
