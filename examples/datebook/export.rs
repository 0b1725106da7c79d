//! Exports: CSV for spreadsheets, iCalendar for calendar programs.
//!
//! An export is written to an unnamed temporary file and streamed, so that it needn't fit in
//! memory.

use std::fs::File;
use std::io::{BufWriter, Seek as _};

use jiff::Timestamp;
use solohttp::forms::{Choices, RecordForm};
use solohttp::sqlite::Record;
use solohttp::sqlite::rusqlite::{Connection, Row};
use solohttp::{Fields, Path, Response, Result, header};

use crate::app::App;
use crate::appointment::{Appointment, appointment_form};
use crate::contact::contact_form;
use crate::database;
use crate::ical::Calendar;
use crate::import_row::Kind;
use crate::task::task_form;

/// Serves `/export/contacts.csv` and similar names.
pub(crate) fn download(app: &mut App, Path(name): Path<String>) -> Result<Option<Response>> {
    let (mut file, media_type) = match name.as_str() {
        "contacts.csv" => (contacts(&app.db)?, "text/csv; charset=utf-8"),
        "appointments.csv" => (appointments(&app.db)?, "text/csv; charset=utf-8"),
        "tasks.csv" => (tasks(&app.db)?, "text/csv; charset=utf-8"),
        "appointments.ics" => (calendar(&app.db)?, "text/calendar; charset=utf-8"),
        _ => return Ok(None),
    };
    let length = file.stream_position()?;
    file.rewind()?;
    let disposition = format!("attachment; filename=\"{name}\"");
    let response = Response::stream(media_type, file, length);
    Ok(Some(response.with_header(header::CONTENT_DISPOSITION, disposition)))
}

fn contacts(db: &Connection) -> Result<File> {
    let sql = "SELECT * FROM contact ORDER BY name COLLATE names, id";
    csv(db, Kind::Contacts, &contact_form(String::new()), sql, |_, _| Ok(()))
}

/// All appointments, with the names of their contacts.
const APPOINTMENTS: &str = "SELECT appointment.*, coalesce(name, '') AS name FROM appointment
    LEFT JOIN contact ON contact.id = appointment.contact ORDER BY day, by_time";

fn appointments(db: &Connection) -> Result<File> {
    let form = appointment_form(Choices::new(Vec::<(i64, String)>::new()));
    csv(db, Kind::Appointments, &form, APPOINTMENTS, |row, fields| {
        fields.set("contact", row.get::<_, String>("name")?);
        Ok(())
    })
}

fn tasks(db: &Connection) -> Result<File> {
    let sql = "SELECT * FROM task ORDER BY id";
    csv(db, Kind::Tasks, &task_form(), sql, |_, fields| {
        fields.set("done", if fields.contains("done") { "yes" } else { "no" });
        Ok(())
    })
}

/// Writes records as a form shows them, so that they can be imported again. `adapt` changes the
/// fields that a file has differently.
fn csv<R: Record>(
    db: &Connection,
    kind: Kind,
    form: &RecordForm<R>,
    sql: &str,
    adapt: impl Fn(&Row<'_>, &mut Fields) -> Result<()>,
) -> Result<File> {
    let mut csv = csv::Writer::from_writer(BufWriter::new(tempfile::tempfile()?));
    csv.write_record(kind.columns())?;
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut fields = form.fields_of(&R::from_row(row)?);
        adapt(row, &mut fields)?;
        csv.write_record(kind.columns().iter().map(|name| fields.get(name).unwrap_or_default()))?;
    }
    let buffer = csv.into_inner().map_err(|error| error.into_error())?;
    Ok(buffer.into_inner().map_err(|error| error.into_error())?)
}

fn calendar(db: &Connection) -> Result<File> {
    let book = database::setting(db, "book")?.unwrap_or_default();
    let out = BufWriter::new(tempfile::tempfile()?);
    let mut calendar = Calendar::new(out, book, Timestamp::now())?;
    let mut statement = db.prepare(APPOINTMENTS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get("name")?;
        calendar.event(row.get("id")?, &Appointment::from_row(row)?, &name)?;
    }
    Ok(calendar.end()?.into_inner().map_err(|error| error.into_error())?)
}
