//! Appointments: the record, its SQL, its form, and its line on calendar pages.

use jiff::civil::{Date, Time};
use serde::Serialize;
use solohttp::forms::{Choices, RecordForm, date, form, select, text, textarea, time};
use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _, Params, params};

use crate::database::{maybe_parsed, parsed};
use crate::dates::{self, clock};

#[derive(Debug, Clone, PartialEq)]
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

    pub(crate) fn load(db: &Connection, id: i64) -> rusqlite::Result<Option<Self>> {
        let sql = "SELECT * FROM appointment WHERE id = ?1";
        db.prepare_cached(sql)?.query_row([id], Self::read).optional()
    }

    pub(crate) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            title: row.get("title")?,
            day: parsed(row, "day")?,
            from: maybe_parsed(row, "starts")?,
            to: maybe_parsed(row, "ends")?,
            place: row.get("place")?,
            contact: row.get("contact")?,
            notes: row.get("notes")?,
        })
    }

    /// Inserts the appointment, or replaces the one with this id. Returns the id.
    pub(crate) fn save(&self, db: &Connection, id: Option<i64>) -> rusqlite::Result<i64> {
        let sql = "INSERT INTO appointment (id, title, day, starts, ends, place, contact, notes)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET title = ?2,
            day = ?3, starts = ?4, ends = ?5, place = ?6, contact = ?7, notes = ?8 RETURNING id";
        let (day, from, to) = (self.day.to_string(), self.from.map(clock), self.to.map(clock));
        let values = params![id, self.title, day, from, to, self.place, self.contact, self.notes];
        db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
    }
}

/// An appointment as a line on a page.
#[derive(Serialize)]
pub(crate) struct Line {
    id: i64,
    title: String,
    day: Date,
    from: Option<Time>,
    to: Option<Time>,
    place: String,
    contact: Option<i64>,
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
    let one = Appointment::read(row)?;
    Ok(Line {
        id: row.get("id")?,
        day: one.day,
        from: one.from,
        to: one.to,
        title: one.title,
        place: one.place,
        contact: one.contact,
        name: row.get("name")?,
    })
}

/// The first appointments of a day.
pub(crate) fn of_day(db: &Connection, day: Date, most: u32) -> rusqlite::Result<Vec<Line>> {
    let sql = format!("{LINES} WHERE day = ?1 ORDER BY by_time LIMIT ?2");
    lines(db, &sql, params![day.to_string(), most])
}

/// The next appointments with a contact.
pub(crate) fn with(db: &Connection, contact: i64, today: Date) -> rusqlite::Result<Vec<Line>> {
    let sql = format!(
        "{LINES} WHERE appointment.contact = ?1 AND day >= ?2 ORDER BY day, starts LIMIT 20"
    );
    lines(db, &sql, params![contact, today.to_string()])
}
