//! Contacts: a list with search, a page for one contact, deletion, and picking one for an
//! appointment.

use solohttp::sqlite::rusqlite::{self, Connection};
use solohttp::sqlite::{BulkRows, Cell, List, ListView, Record as _, Stored};
use solohttp::{IoList, Path, Request, Response, Result, values};

use crate::app::{App, Own};
use crate::appointment;
use crate::contact::Contact;

/// The maximum number of contacts offered directly in a form.
const OFFERED: usize = 10;

/// The list of contacts. With the ticket of an appointment, one can be picked for it.
pub(crate) fn all(ticket: Option<&str>) -> List<Stored<Contact>> {
    let list = Contact::list()
        .id("contacts")
        .live(App::LIVE)
        .label("Contacts")
        .noun("contact", "contacts")
        .empty("No contacts found.")
        .full_text("Find contacts", "contact_words")
        .autofocus();
    let list = match ticket.map(str::to_owned) {
        Some(ticket) => list
            .column("", "pick", move |one| {
                let path = format!("/pick/{ticket}/{}", one.id);
                Cell::button(path, "Pick", format!("Pick {}", one.name))
            })
            .column("Name", "name", |one| Cell::text(&one.name)),
        None => list
            .bulk("delete", "Delete")
            .csv("contacts.csv")
            .column("Name", "name", |one| Cell::link(format!("/contact/{}/", one.id), &one.name)),
    };
    list.sort_by("sort_key")
        .row_header()
        .column("E-mail", "email", |contact| Cell::text(&contact.email))
        .sort_by("email")
        .column("Phone", "phone", |contact| Cell::text(&contact.phone))
        .sort_by("phone")
        .sorted_by("name")
}

pub(crate) fn list(app: &mut App, request: &Request) -> Result<Response> {
    let ticket = request.query().get("for").filter(|ticket| app.state.picking.contains(ticket));
    let title = if ticket.is_some() { "Pick a contact" } else { "Contacts" };
    let page = |app: &mut App, list: ListView| {
        let back = ticket.and_then(|ticket| app.state.picking.resume_url(ticket));
        let (area, is_question) = ("contacts", list.is_question());
        let values = values! { area, ticket, back, is_question, list: &list };
        app.page(list.title_or(title), "contacts", &values)
    };
    all(ticket).handle(&app.db, request)?.respond(app, page, delete)
}

fn delete(app: &mut App, rows: &BulkRows) -> Result<Response> {
    let deleted = rows.ids(&app.db)?;
    app.write(format!("{} deleted", rows.counted()), |tx| {
        Ok(rows.execute(tx, "DELETE FROM contact WHERE id IN selected", &[])?)
    })?;
    app.state.picked.retain(|picked| !deleted.contains(picked));
    Ok(rows.redirect())
}

/// The first contacts that contain these words. Only the latest matches are sorted, however common
/// a word is.
pub(crate) fn first(
    db: &Connection,
    words: Option<String>,
) -> rusqlite::Result<Vec<Stored<Contact>>> {
    let rest = "WHERE id IN (SELECT rowid FROM contact_words WHERE contact_words MATCH ?1
        ORDER BY rowid DESC LIMIT 300) ORDER BY sort_key LIMIT 10";
    Contact::select(db, rest, [words])
}

pub(crate) fn show(app: &mut App, id: i64, contact: &Contact) -> Result<IoList> {
    let appointments = appointment::with(&app.db, id, (app.state.today)())?;
    let card = values! { area: "contacts", id, appointments, ..contact };
    app.page(&contact.name, "contact", &card)
}

pub(crate) fn photo(app: &mut App, Path(id): Path<i64>, request: &Request) -> Result<Response> {
    Contact::serve_file(&app.db, id, "photo", request)
}

/// Passes a contact to the form that is waiting under this ticket, and redirects back to that form.
pub(crate) fn pick(app: &mut App, Path((ticket, id)): Path<(String, i64)>) -> Result<Response> {
    Contact::get(&app.db, id)?;
    app.state.remember_pick(id);
    Ok(match app.state.picking.fill(&ticket, Some(id)) {
        Some(back) => Response::redirect(back),
        None => {
            app.say("The appointment's draft has expired.");
            Response::redirect("/contacts")
        }
    })
}

impl Own {
    /// Moves a contact to the front of those offered in forms.
    pub(crate) fn remember_pick(&mut self, id: i64) {
        self.picked.retain(|picked| *picked != id);
        self.picked.insert(0, id);
        self.picked.truncate(OFFERED);
    }
}
