//! Appointments: the record, its columns, its form, the pages to add or edit one, and its line on
//! calendar pages.

use jiff::civil::{Date, Time};
use serde::Serialize;
use solohttp::forms::{
    Choices, EditRequest, RecordPages, date, field, select, text, textarea, time,
};
use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _, Params, params};
use solohttp::sqlite::{Record as _, Text};
use solohttp::{Response, Result, record};

use crate::app::App;
use crate::dates::{self, clock};
use crate::editing;

// `contacts` are the choices offered directly. All other contacts are picked on a separate page,
// because there may be thousands. While editing, the user can do so without losing any input.
record! {
    #[derive(Debug, Clone, PartialEq, Serialize)]
    pub(crate) struct Appointment in "appointment" form(contacts: Choices<i64>) {
        pub(crate) title: String =
            text("What").required().max_length(200).attr("autocomplete", "off").autofocus(),
        pub(crate) day: Date [text] = date("Day").min(dates::FIRST).max(dates::LAST),
        /// `None` for a whole day.
        pub(crate) from: Option<Time> [with(stored_time, read_time)] as "starts" =
            time("From").optional(),
        pub(crate) to: Option<Time> [with(stored_time, read_time)] as "ends" =
            time("To").optional(),
        pub(crate) place: String = text("Where").max_length(200).attr("autocomplete", "off"),
        pub(crate) contact: Option<i64> =
            select("With", contacts).optional().blank_label("Nobody"),
        pub(crate) notes: String = textarea("Notes").max_length(10_000),
    }
}

fn stored_time(time: &Option<Time>) -> Option<String> {
    time.map(clock)
}

fn read_time(stored: Option<String>) -> std::result::Result<Option<Time>, jiff::Error> {
    stored.map(|text| text.parse()).transpose()
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

pub(crate) fn pages() -> RecordPages<App, Appointment> {
    let form = |app: &mut App, edit: EditRequest<'_>| {
        let form = Appointment::form(offered(app, edit)?);
        Ok(form.button("save", "Save").side_button("pick", "Pick a contact…"))
    };
    editing::pages("week", |one: &Appointment| &one.title, form)
        .titles("New appointment", "Appointment")
        .blank(|app, request| {
            // The day whose "New appointment" link was clicked.
            let day = request.query().get("day").and_then(|day| dates::parse(day).ok());
            Ok(Appointment::on(day.unwrap_or_else(app.state.today)))
        })
        .check(|_, one, errors| {
            let wrong = one.wrong_times();
            wrong.into_iter().for_each(|wrong| errors.on(field!(Appointment.to), wrong));
            Ok(())
        })
        // Saves a draft until `contacts::pick` fills in the contact.
        .on_button(|app, _, draft| {
            let ticket = app.state.picking.save(draft, field!(Appointment.contact));
            Ok(Response::redirect(format!("/contacts?for={ticket}")))
        })
        .resume(|app, ticket| app.state.picking.resume(ticket))
        .after_save(|_, saved| Ok(Response::redirect(week_of(saved.record.day))))
        .after_delete(|_, _, one| Ok(Response::redirect(week_of(one.day))))
        .cancel_to(|view, _| {
            dates::parse(view[field!(Appointment.day)].text()).map_or("/".to_owned(), week_of)
        })
}

fn week_of(day: Date) -> String {
    format!("/?day={day}")
}

/// Offers the contacts picked recently, and always the current one, which comes from the submitted
/// form, the draft or the database.
fn offered(app: &App, edit: EditRequest<'_>) -> Result<Choices<i64>> {
    let chosen = |typed: Option<&str>| typed.and_then(|text| text.parse().ok());
    let sent = edit.request.form().ok().and_then(|form| chosen(form.get("contact")));
    let ticket = edit.request.query().get("resume");
    let draft = ticket.and_then(|ticket| app.state.picking.resume::<Appointment>(ticket));
    let aside = draft.and_then(|draft| chosen(draft.input().get("contact")));
    let stored = edit.id.map(|id| Appointment::find(&app.db, id)).transpose()?.flatten();
    let kept = stored.and_then(|one| one.contact);
    let mut named: Vec<(i64, String)> = Vec::new();
    let mut select = app.db.prepare_cached("SELECT name FROM contact WHERE id = ?1")?;
    for id in
        [sent, aside].into_iter().flatten().chain(app.state.picked.iter().copied()).chain(kept)
    {
        // Without duplicates or deleted ones.
        let name = select.query_row([id], |row| row.get(0)).optional()?;
        if let Some(name) = name.filter(|_| !named.iter().any(|(known, _)| *known == id)) {
            named.push((id, name));
        }
    }
    Ok(Choices::new(named))
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
