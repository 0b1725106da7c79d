//! Exports: CSV for spreadsheets, iCalendar for calendar programs.
//!
//! A CSV file is read while it is sent. The calendar is written to an unnamed temporary file first.

use std::fs::File;
use std::io::{BufWriter, Seek as _};

use jiff::Timestamp;
use solohttp::forms::Choices;
use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{Export, Record as _};
use solohttp::{Fields, Path, Response, Result, header};

use crate::app::App;
use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::database;
use crate::ical::Calendar;
use crate::import_row::Kind;
use crate::task::Task;

/// Serves `/export/contacts.csv` and similar names.
pub(crate) fn download(app: &mut App, Path(name): Path<String>) -> Result<Option<Response>> {
    let response = match name.as_str() {
        "contacts.csv" => csv(&app.db, Kind::Contacts, contacts())?,
        "appointments.csv" => csv(&app.db, Kind::Appointments, appointments())?,
        "tasks.csv" => csv(&app.db, Kind::Tasks, tasks())?,
        "appointments.ics" => calendar(&app.db)?,
        _ => return Ok(None),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(Some(response.with_header(header::CONTENT_DISPOSITION, disposition)))
}

/// Sends records as a form shows them, so that they can be imported again. However many there are,
/// other pages are served meanwhile.
fn csv(db: &Connection, kind: Kind, records: Export<Fields>) -> Result<Response> {
    let columns = kind.columns();
    let heads = columns.join(",") + "\n";
    records.starts_with(heads).stream(db, "text/csv; charset=utf-8", move |fields, out| {
        let mut csv = csv::WriterBuilder::new().buffer_capacity(1_024).from_writer(out);
        csv.write_record(columns.iter().map(|name| fields.get(name).unwrap_or_default()))?;
        Ok(csv.flush()?)
    })
}

fn contacts() -> Export<Fields> {
    let form = Contact::form(String::new());
    Export::new("SELECT * FROM contact", move |row| Ok(form.fields_of(&Contact::from_row(row)?)))
        .order_by("by_name")
}

/// All appointments, with the names of their contacts.
const APPOINTMENTS: &str = "SELECT appointment.*, coalesce(name, '') AS name FROM appointment
    LEFT JOIN contact ON contact.id = appointment.contact";

fn appointments() -> Export<Fields> {
    let form = Appointment::form(Choices::new(Vec::<(i64, String)>::new()));
    let read = Export::new(APPOINTMENTS, move |row| {
        let mut fields = form.fields_of(&Appointment::from_row(row)?);
        fields.set("contact", row.get::<_, String>("name")?);
        Ok(fields)
    });
    read.order_by("day")
}

fn tasks() -> Export<Fields> {
    let form = Task::form();
    Export::new("SELECT * FROM task", move |row| {
        let mut fields = form.fields_of(&Task::from_row(row)?);
        fields.set("done", if fields.contains("done") { "yes" } else { "no" });
        Ok(fields)
    })
}

fn calendar(db: &Connection) -> Result<Response> {
    let book = database::setting(db, "book")?.unwrap_or_default();
    let out = BufWriter::new(tempfile::tempfile()?);
    let mut calendar = Calendar::new(out, book, Timestamp::now())?;
    let mut statement = db.prepare(&format!("{APPOINTMENTS} ORDER BY day, by_time"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get("name")?;
        calendar.event(row.get("id")?, &Appointment::from_row(row)?, &name)?;
    }
    let mut file: File = calendar.end()?.into_inner().map_err(|error| error.into_error())?;
    let length = file.stream_position()?;
    file.rewind()?;
    Ok(Response::stream("text/calendar; charset=utf-8", file, length))
}
