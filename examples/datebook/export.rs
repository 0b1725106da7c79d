//! Exports: CSV for spreadsheets, iCalendar for calendar programs.
//!
//! A CSV file is read while it is sent. The calendar is written to an unnamed temporary file first.

use std::fs::File;
use std::io::{BufWriter, Seek as _};

use jiff::Timestamp;
use solohttp::forms::Csv;
use solohttp::sqlite::rusqlite::Connection;
use solohttp::sqlite::{Export, Record as _};
use solohttp::{Path, Response, Result, header};

use crate::app::App;
use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::database;
use crate::ical::Calendar;
use crate::import::{appointment_csv, contact_csv, task_csv};
use crate::task::Task;

const CSV: &str = "text/csv; charset=utf-8";

/// Serves `/export/contacts.csv` and similar names.
pub(crate) fn download(app: &mut App, Path(name): Path<String>) -> Result<Option<Response>> {
    let response = match name.as_str() {
        "contacts.csv" => {
            let contacts = Export::new("SELECT * FROM contact", Contact::from_row);
            csv(&app.db, contact_csv(), contacts.order_by("by_name"))?
        }
        "appointments.csv" => appointments(&app.db)?,
        "tasks.csv" => csv(&app.db, task_csv(), Export::new("SELECT * FROM task", Task::from_row))?,
        "appointments.ics" => calendar(&app.db)?,
        _ => return Ok(None),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(Some(response.with_header(header::CONTENT_DISPOSITION, disposition)))
}

/// Sends records as a form shows them, so that they can be imported again. However many there are,
/// other pages are served meanwhile.
fn csv<T: 'static>(db: &Connection, csv: Csv<T>, records: Export<T>) -> Result<Response> {
    records.starts_with(csv.head()).stream(db, CSV, move |record, out| {
        csv.push_line(record, out);
        Ok(())
    })
}

/// All appointments, with the names of their contacts.
const APPOINTMENTS: &str = "SELECT appointment.*, coalesce(name, '') AS name FROM appointment
    LEFT JOIN contact ON contact.id = appointment.contact";

fn appointments(db: &Connection) -> Result<Response> {
    let csv = appointment_csv();
    let read = Export::new(APPOINTMENTS, |row| Ok((Appointment::from_row(row)?, row.get("name")?)));
    read.order_by("day").starts_with(csv.head()).stream(db, CSV, move |(one, name), out| {
        let name: &String = name;
        csv.push_line_with(one, &[("contact", name)], out);
        Ok(())
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
