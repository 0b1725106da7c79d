//! Contacts: a list with search, a page for one contact, deletion, and picking one for an
//! appointment.

use serde::Serialize;
use solohttp::sqlite::rusqlite::{self, Connection, named_params};
use solohttp::sqlite::{BulkRows, Cell, List, ListOutcome, Record as _, Stored};
use solohttp::{Html, IntoResponse as _, IoList, Path, Request, Response, Result, html, iolist};

use crate::app::{App, BOOK};
use crate::appointment::{self, Line};
use crate::contact::Contact;
use crate::photo;

/// The maximum number of contacts offered directly in a form.
const OFFERED: usize = 10;

/// The list of contacts. With the ticket of an appointment, one can be picked for it.
pub(crate) fn all(ticket: Option<&str>) -> List<Stored<Contact>> {
    let list = Contact::list()
        .id("contacts")
        .live(BOOK)
        .label("Contacts")
        .noun("contact", "contacts")
        .empty("No contacts found.")
        .full_text("Find contacts", "contact_words")
        .autofocus();
    let list = match ticket.map(str::to_owned) {
        Some(ticket) => list.column("Name", "name", move |contact| pick_button(contact, &ticket)),
        None => list
            .bulk("delete", "Delete")
            .csv("contacts.csv")
            .column("Name", "name", |one| Cell::link(format!("/contact/{}/", one.id), &one.name)),
    };
    list.sort_by("by_name")
        .row_header()
        .column("E-mail", "email", |contact| Cell::text(&contact.email))
        .sort_by("email")
        .column("Phone", "phone", |contact| Cell::text(&contact.phone))
        .sort_by("phone")
        .sorted_by("name")
}

fn pick_button(contact: &Stored<Contact>, ticket: &str) -> Cell {
    let (name, ticket) = (html::escape(&contact.name), html::escape(ticket));
    let form = iolist![
        "<form method=\"post\" action=\"/pick/",
        ticket,
        "/",
        contact.id,
        "\"><button class=\"pick\" aria-label=\"Pick ",
        &name,
        "\">Pick</button></form> ",
        name
    ];
    Cell::html(form, &contact.name)
}

#[derive(Serialize)]
struct Page<'a> {
    list: Html,
    ticket: Option<&'a str>,
    back: Option<String>,
}

#[derive(Serialize)]
struct Confirm {
    question: Html,
}

pub(crate) fn list(app: &mut App, request: &Request) -> Result<Response> {
    let ticket = request.query().get("for").filter(|ticket| app.picking.contains(ticket));
    let page = match all(ticket).handle(&app.db, request)? {
        ListOutcome::Page(page) => {
            let title = if ticket.is_some() { "Pick a contact" } else { "Contacts" };
            let back = ticket.and_then(|ticket| app.picking.resume_url(ticket));
            let page = Page { list: page.render().into(), ticket, back };
            app.page("contacts", title, "contacts", &page)?
        }
        ListOutcome::Confirm(page) => {
            let question = page.render().into();
            app.page("contacts", page.title(), "confirm", &Confirm { question })?
        }
        ListOutcome::Bulk(rows) => return delete(app, &rows),
        ListOutcome::Csv(file) => return Ok(file),
    };
    Ok(page.into_response())
}

fn delete(app: &mut App, rows: &BulkRows) -> Result<Response> {
    let deleted = rows.ids(&app.db)?;
    app.write(format!("{} deleted", rows.counted()), |tx| {
        Ok(rows.execute(tx, "DELETE FROM contact WHERE id IN selected", &[])?)
    })?;
    app.picked.retain(|picked| !deleted.contains(picked));
    Ok(rows.redirect())
}

/// A contact in the search over everything.
#[derive(Serialize)]
pub(crate) struct Hit {
    id: i64,
    #[serde(flatten)]
    contact: Contact,
}

/// The first contacts that contain these words.
pub(crate) fn first(db: &Connection, words: &str) -> rusqlite::Result<Vec<Hit>> {
    let rest = format!("WHERE {FOUND} ORDER BY by_name LIMIT 10");
    let found = Contact::select(db, &rest, named_params! { ":q": words, ":limit": 1000 })?;
    Ok(found.into_iter().map(|Stored { id, record }| Hit { id, contact: record }).collect())
}

/// Only the latest matches are sorted, however common a word is.
const FOUND: &str = "id IN (SELECT rowid FROM contact_words WHERE contact_words MATCH :q
    ORDER BY rowid DESC LIMIT :limit)";

#[derive(Serialize)]
struct Card<'a> {
    id: i64,
    #[serde(flatten)]
    contact: &'a Contact,
    photo: bool,
    appointments: Vec<Line>,
}

pub(crate) fn show(app: &mut App, id: i64, contact: Contact) -> Result<IoList> {
    let contact = &contact;
    let photo = photo::is_there(&app.db, id)?;
    let appointments = appointment::with(&app.db, id, (app.today)())?;
    app.page("contacts", &contact.name, "contact", &Card { id, contact, photo, appointments })
}

pub(crate) fn photo(app: &mut App, Path(id): Path<i64>) -> Result<Option<Response>> {
    Ok(photo::load(&app.db, id)?)
}

/// Passes a contact to the form that is waiting under this ticket, and redirects back to that form.
pub(crate) fn pick(app: &mut App, Path((ticket, id)): Path<(String, i64)>) -> Result<Response> {
    Contact::get(&app.db, id)?;
    app.remember_pick(id);
    Ok(match app.picking.fill(&ticket, Some(id)) {
        Some(back) => Response::redirect(back),
        None => {
            app.flash.add("The appointment's draft has expired.");
            Response::redirect("/contacts")
        }
    })
}

impl App {
    /// Moves a contact to the front of those offered in forms.
    pub(crate) fn remember_pick(&mut self, id: i64) {
        self.picked.retain(|picked| *picked != id);
        self.picked.insert(0, id);
        self.picked.truncate(OFFERED);
    }
}
