//! Exports: CSV for spreadsheets, iCalendar for calendar programs.
//!
//! The database is read while a file is sent. However many records there are, other pages are
//! served meanwhile.

use solohttp::forms::Csv;
use solohttp::sqlite::rusqlite::{Connection, Row};
use solohttp::sqlite::{Export, Record as _};
use solohttp::{Path, Response, Result, header};

use crate::app::App;
use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::database;
use crate::ical::{self, Calendar};
use crate::import::{appointment_csv, contact_csv, task_csv};
use crate::task::Task;

const CSV: &str = "text/csv; charset=utf-8";

/// Serves `/export/contacts.csv` and similar names.
pub(crate) fn download(app: &mut App, Path(name): Path<String>) -> Result<Option<Response>> {
    let response = match name.as_str() {
        "contacts.csv" => {
            let contacts = Export::new("SELECT * FROM contact", Contact::from_row);
            csv(&app.db, contact_csv(), contacts.order_by("sort_key"))?
        }
        "appointments.csv" => appointments(&app.db)?,
        "tasks.csv" => csv(&app.db, task_csv(), Export::new("SELECT * FROM task", Task::from_row))?,
        "appointments.ics" => calendar(&app.db)?,
        _ => return Ok(None),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(Some(response.with_header(header::CONTENT_DISPOSITION, disposition)))
}

/// Sends records as a form shows them, so that they can be imported again.
fn csv<T: 'static>(db: &Connection, csv: Csv<T>, records: Export<T>) -> Result<Response> {
    records.starts_with(csv.head()).stream(db, CSV, move |record, out| {
        csv.push_line(record, out);
        Ok(())
    })
}

/// All appointments, with the names of their contacts, as (id, appointment, name).
fn with_names() -> Export<(i64, Appointment, String)> {
    let sql = "SELECT appointment.*, coalesce(name, '') AS name FROM appointment
        LEFT JOIN contact ON contact.id = appointment.contact";
    let read = |row: &Row<'_>| Ok((row.get("id")?, Appointment::from_row(row)?, row.get("name")?));
    Export::new(sql, read).order_by("by_time")
}

fn appointments(db: &Connection) -> Result<Response> {
    let csv = appointment_csv();
    with_names().starts_with(csv.head()).stream(db, CSV, move |(_, one, name), out| {
        csv.push_line_with(one, &[("contact", name)], out);
        Ok(())
    })
}

fn calendar(db: &Connection) -> Result<Response> {
    let calendar = Calendar::new(database::setting(db, "book")?.unwrap_or_default());
    let events = with_names().starts_with(ical::START).ends_with(ical::END);
    events.stream(db, "text/calendar; charset=utf-8", move |(id, one, name), out| {
        calendar.push_event(*id, one, name, out);
        Ok(())
    })
}
