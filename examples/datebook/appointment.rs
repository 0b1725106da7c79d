//! Appointments: the record, its columns, its form, and its line on calendar pages.

use jiff::civil::{Date, Time};
use serde::Serialize;
use solohttp::forms::{Choices, RecordForm, date, form, select, text, textarea, time};
use solohttp::sqlite::rusqlite::{self, Connection, Params, params};
use solohttp::sqlite::{Record as _, Text, columns};

use crate::dates::{self, clock};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Appointment {
    pub(crate) title: String,
    pub(crate) day: Date,
    /// `None` for a whole day.
    pub(crate) from: Option<Time>,
    pub(crate) to: Option<Time>,
    pub(crate) place: String,
    pub(crate) contact: Option<i64>,
    pub(crate) notes: String,
}

columns!(Appointment in "appointment" {
    title,
    day: text,
    from: with(stored_time, read_time) as "starts",
    to: with(stored_time, read_time) as "ends",
    place,
    contact,
    notes,
});

fn stored_time(time: &Option<Time>) -> Option<String> {
    time.map(clock)
}

fn read_time(stored: Option<String>) -> Result<Option<Time>, jiff::Error> {
    stored.map(|text| text.parse()).transpose()
}

/// `contacts` are the choices offered directly. All other contacts are picked on a separate page,
/// because there may be thousands.
pub(crate) fn appointment_form(contacts: Choices<i64>) -> RecordForm<Appointment> {
    form!(Appointment {
        title: text("What").required().max_length(200).attr("autocomplete", "off").autofocus(),
        day: date("Day").min(dates::FIRST).max(dates::LAST),
        from: time("From").optional(),
        to: time("To").optional(),
        place: text("Where").max_length(200).attr("autocomplete", "off"),
        contact: select("With", contacts).optional().blank_label("Nobody"),
        notes: textarea("Notes").max_length(10_000),
    })
}

impl Appointment {
    /// A blank appointment on this day.
    pub(crate) fn on(day: Date) -> Self {
        let (title, place, notes) = Default::default();
        Self { title, day, from: None, to: None, place, contact: None, notes }
    }

    /// Checks the times, and returns the error if there is one.
    pub(crate) fn wrong_times(&self) -> Option<&'static str> {
        match (self.from, self.to) {
            (None, Some(_)) => Some("Enter the start time, too."),
            (Some(from), Some(to)) if to < from => Some("The end is before the start."),
            _ => None,
        }
    }
}

/// An appointment as a line on a page.
#[derive(Serialize)]
pub(crate) struct Line {
    id: i64,
    #[serde(flatten)]
    appointment: Appointment,
    /// The contact's name.
    name: Option<String>,
}

/// The start of the queries whose rows `lines` and `line` read.
pub(crate) const LINES: &str = "SELECT appointment.*, contact.name FROM appointment
    LEFT JOIN contact ON contact.id = appointment.contact";

pub(crate) fn lines(
    db: &Connection,
    sql: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<Line>> {
    db.prepare_cached(sql)?.query_map(values, line)?.collect()
}

pub(crate) fn line(row: &rusqlite::Row<'_>) -> rusqlite::Result<Line> {
    let appointment = Appointment::from_row(row)?;
    Ok(Line { id: row.get("id")?, appointment, name: row.get("name")? })
}

/// The first appointments of a day.
pub(crate) fn of_day(db: &Connection, day: Date, most: u32) -> rusqlite::Result<Vec<Line>> {
    let sql = format!("{LINES} WHERE day = ?1 ORDER BY by_time LIMIT ?2");
    lines(db, &sql, params![Text(day), most])
}

/// The next appointments with a contact.
pub(crate) fn with(db: &Connection, contact: i64, today: Date) -> rusqlite::Result<Vec<Line>> {
    let sql = format!(
        "{LINES} WHERE appointment.contact = ?1 AND day >= ?2 ORDER BY day, starts LIMIT 20"
    );
    lines(db, &sql, params![contact, Text(today)])
}
