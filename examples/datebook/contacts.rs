//! Contacts: a list with search, a page for one contact, deletion, and picking one for an
//! appointment.

use serde::{Deserialize, Serialize};
use solohttp::sqlite::Record as _;
use solohttp::sqlite::rusqlite::{self, Connection, ToSql};
use solohttp::{Html, IoList, Path, Query, Request, Response, Result, Service};

use crate::app::{App, not_found};
use crate::appointment::{self, Line};
use crate::contact::Contact;
use crate::paging::{self, Page};
use crate::photo::{self, Photo};

/// The maximum number of contacts offered directly in a form.
const OFFERED: usize = 10;

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
    /// The ticket of an appointment that is waiting for a contact.
    #[serde(rename = "for")]
    ticket: Option<String>,
}

/// A contact as a row in a list.
#[derive(Serialize)]
pub(crate) struct Row {
    id: i64,
    name: String,
    email: String,
    phone: String,
}

impl Row {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            email: row.get("email")?,
            phone: row.get("phone")?,
        })
    }
}

#[derive(Serialize)]
struct List {
    q: String,
    contacts: Vec<Row>,
    pager: Html,
    ticket: Option<String>,
    back: Option<String>,
}

pub(crate) fn list(
    app: &mut App,
    Query(search): Query<Search>,
    request: &Request,
) -> Result<IoList> {
    let found = find(&app.db, &search.q, request)?;
    let (pager, contacts) = (found.pager(&app.pages)?, found.rows);
    let ticket = search.ticket.filter(|ticket| app.picking.contains(ticket));
    let back = ticket.as_ref().and_then(|ticket| app.picking.resume_url(ticket));
    let title = if ticket.is_some() { "Pick a contact" } else { "Contacts" };
    app.page("contacts", title, "contacts", &List { q: search.q, contacts, pager, ticket, back })
}

/// Returns one page of the contacts that contain all typed words, or of all contacts if there are
/// no words.
fn find(db: &Connection, typed: &str, request: &Request) -> rusqlite::Result<Page<Row>> {
    let words = paging::words(typed);
    let words = words.as_ref().map(|words| words as &dyn ToSql);
    let list = paging::List {
        select: if words.is_some() { FOUND } else { "SELECT * FROM contact WHERE true" },
        values: words.as_slice(),
        column: "by_name",
        newest_first: false,
    };
    list.page(db, request, Row::read)
}

/// The first contacts that contain these words.
pub(crate) fn first(db: &Connection, words: &str, most: u32) -> rusqlite::Result<Vec<Row>> {
    let sql = format!("{FOUND} ORDER BY by_name LIMIT ?");
    db.prepare_cached(&sql)?.query_map((words, most), Row::read)?.collect()
}

/// Only the latest thousand matches are sorted, however common a word is.
const FOUND: &str = "SELECT * FROM contact WHERE id IN (SELECT rowid FROM contact_words
    WHERE contact_words MATCH ? ORDER BY rowid DESC LIMIT 1000)";

/// The actions on one contact.
pub(crate) fn service() -> Service<App, One> {
    Service::new(One::find).get("", One::show).get("photo", One::photo).post("delete", One::delete)
}

pub(crate) struct One {
    id: i64,
    contact: Contact,
}

#[derive(Serialize)]
struct Card {
    id: i64,
    email: String,
    phone: String,
    fee: Option<i64>,
    notes: String,
    photo: bool,
    name: String,
    today: String,
    appointments: Vec<Line>,
}

impl One {
    fn find(app: &mut App, Path(id): Path<i64>) -> Result<Self> {
        let contact = Contact::find(&app.db, id)?.ok_or_else(|| not_found("contact"))?;
        Ok(Self { id, contact })
    }

    fn show(self, app: &mut App) -> Result<IoList> {
        let Self { id, contact } = self;
        let today = (app.today)();
        let card = Card {
            id,
            email: contact.email,
            phone: contact.phone,
            fee: contact.fee,
            notes: contact.notes,
            photo: photo::is_there(&app.db, id)?,
            name: contact.name.clone(),
            today: today.to_string(),
            appointments: appointment::with(&app.db, id, today)?,
        };
        app.page("contacts", &contact.name, "contact", &card)
    }

    fn photo(self, app: &mut App) -> Result<Option<Response>> {
        Ok(photo::load(&app.db, self.id)?.map(Photo::into_response))
    }

    fn delete(self, app: &mut App) -> Result<Response> {
        let Self { id, contact } = self;
        // Foreign key actions delete the photo, and remove the contact from its appointments.
        app.write(format!("“{}” deleted", contact.name), |tx| Ok(Contact::delete(tx, id)?))?;
        app.picked.retain(|picked| *picked != id);
        Ok(Response::redirect("/contacts"))
    }
}

/// Passes a contact to the form that is waiting under this ticket, and redirects back to that form.
pub(crate) fn pick(app: &mut App, Path((ticket, id)): Path<(String, i64)>) -> Result<Response> {
    if Contact::find(&app.db, id)?.is_none() {
        return Err(not_found("contact").into());
    }
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
