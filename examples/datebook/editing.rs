//! The page that adds or edits an appointment. While editing, the user can pick a contact on
//! another page without losing any input.

use solohttp::forms::{Choices, Draft, Errors, FormView, Formlet, RecordForm, Submission, field};
use solohttp::sqlite::Record as _;
use solohttp::sqlite::rusqlite::{self, Connection, OptionalExtension as _};
use solohttp::{IoList, Path, Request, Response, Result};

use crate::app::App;
use crate::appointment::{Appointment, appointment_form};
use crate::dates;

pub(crate) struct Editing {
    id: Option<i64>,
    /// The contacts offered directly in this form.
    offered: Vec<i64>,
}

impl Editing {
    /// Offers the contacts picked recently, and always the current one, which comes from the
    /// database, the submitted form or the draft.
    pub(crate) fn new(app: &App, id: Option<i64>, request: &Request) -> Self {
        let chosen = |typed: Option<&str>| typed.and_then(|text| text.parse().ok());
        let sent = request.form().ok().and_then(|form| chosen(form.get("contact")));
        let ticket = request.query().get("resume");
        let draft = ticket.and_then(|ticket| app.picking.resume::<Appointment>(ticket));
        let aside = draft.and_then(|draft| chosen(draft.input().get("contact")));
        let mut offered: Vec<i64> = sent.into_iter().chain(aside).collect();
        offered.extend(&app.picked);
        Self { id, offered }
    }
}

impl Formlet<App> for Editing {
    type Record = Appointment;

    fn form(&mut self, app: &mut App) -> Result<RecordForm<Appointment>> {
        if let Some(id) = self.id
            && let Some(kept) = Appointment::find(&app.db, id)?
        {
            self.offered.extend(kept.contact);
        }
        let form = appointment_form(choices(&app.db, &self.offered)?)
            .button("save", "Save")
            .side_button("pick", "Pick a contact…");
        // A new appointment has no record to compare with.
        Ok(if self.id.is_none() { form.last_wins() } else { form })
    }

    // Three methods let the user pick a contact on another page. This one resumes the form.
    fn resume(&mut self, app: &mut App, ticket: &str) -> Option<Draft<Appointment>> {
        app.picking.resume(ticket)
    }

    fn load(&mut self, app: &mut App, request: &Request) -> Result<Option<Appointment>> {
        if let Some(id) = self.id {
            return Appointment::get(&app.db, id).map(Some);
        }
        // The day whose "New appointment" link was clicked.
        let day = request.query().get("day").and_then(|day| dates::parse(day).ok());
        Ok(Some(Appointment::on(day.unwrap_or_else(app.today))))
    }

    fn can_save_as_new(&self) -> bool {
        true
    }

    // The second method saves a draft. The third is `contacts::pick`.
    fn on_button(&mut self, app: &mut App, _: &str, draft: Draft<Appointment>) -> Result<Response> {
        let ticket = app.picking.save(draft, field!(Appointment.contact));
        Ok(Response::redirect(format!("/contacts?for={ticket}")))
    }

    fn check(
        &mut self,
        _: &mut App,
        appointment: &Appointment,
        errors: &mut Errors<Appointment>,
    ) -> Result<()> {
        if let Some(wrong) = appointment.wrong_times() {
            errors.on(field!(Appointment.to), wrong);
        }
        Ok(())
    }

    fn save(&mut self, app: &mut App, one: Appointment, sent: &Submission<'_>) -> Result<Response> {
        let id = self.id.filter(|_| !sent.is_new());
        app.write(format!("“{}” saved", one.title), |tx| Ok(one.save(tx, id)?))?;
        app.flash.add(format!("Saved “{}”.", one.title));
        Ok(Response::redirect(format!("/?day={}", one.day)))
    }

    fn page(&mut self, app: &mut App, view: &FormView<Appointment>, _: &Request) -> Result<IoList> {
        let delete = self.id.map(|id| format!("/appointment/{id}/delete"));
        let day = dates::parse(view[field!(Appointment.day)].text());
        let cancel = day.map_or_else(|_| "/".to_owned(), |day| format!("/?day={day}"));
        let title = if self.id.is_some() { "Appointment" } else { "New appointment" };
        app.form_page("week", title, view.render(), delete, &cancel)
    }
}

/// These contacts with their names, without duplicates or deleted ones.
fn choices(db: &Connection, ids: &[i64]) -> rusqlite::Result<Choices<i64>> {
    let mut named: Vec<(i64, String)> = Vec::new();
    let mut statement = db.prepare_cached("SELECT name FROM contact WHERE id = ?1")?;
    for &id in ids {
        let name = statement.query_row([id], |row| row.get(0)).optional()?;
        if let Some(name) = name.filter(|_| !named.iter().any(|(known, _)| *known == id)) {
            named.push((id, name));
        }
    }
    Ok(Choices::new(named))
}

pub(crate) fn delete(app: &mut App, Path(id): Path<i64>) -> Result<Response> {
    let one = Appointment::get(&app.db, id)?;
    app.write(format!("“{}” deleted", one.title), |tx| Ok(Appointment::delete(tx, id)?))?;
    Ok(Response::redirect(format!("/?day={}", one.day)))
}
