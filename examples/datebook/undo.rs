//! Deleting with an undo: what was deleted is kept until the program ends, and comes back whole.
//!
//! So no "Are you sure?" is needed, which people answer without reading.

use serde::Serialize;
use solohttp::sqlite::rusqlite::{self, Transaction};
use solohttp::sqlite::write;
use solohttp::{Response, Result};

use crate::app::App;
use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::photo::{self, Photo};
use crate::task::Task;

/// How many deletions can be undone.
const MOST: usize = 20;

/// A record that was deleted, with all that went with it.
pub(crate) enum Deleted {
    Contact { id: i64, contact: Contact, photo: Option<Photo>, appointments: Vec<i64> },
    Appointment { id: i64, appointment: Appointment },
    Task { id: i64, task: Task },
}

impl Deleted {
    /// Puts it back under its old number, and returns where it can be seen.
    fn restore(&self, tx: &Transaction<'_>) -> rusqlite::Result<String> {
        match self {
            Self::Contact { id, contact, photo, appointments } => {
                contact.save(tx, Some(*id))?;
                if let Some(photo) = photo {
                    photo::restore(tx, *id, photo)?;
                }
                // One that was given another contact since keeps that.
                let sql = "UPDATE appointment SET contact = ?1 WHERE id = ?2 AND contact IS NULL";
                let mut with = tx.prepare(sql)?;
                for appointment in appointments {
                    with.execute((id, appointment))?;
                }
                Ok(format!("/contact/{id}/"))
            }
            Self::Appointment { id, appointment } => {
                // Its contact may be deleted, too.
                let mut appointment = appointment.clone();
                if let Some(contact) = appointment.contact
                    && Contact::load(tx, contact)?.is_none()
                {
                    appointment.contact = None;
                }
                appointment.save(tx, Some(*id))?;
                Ok(format!("/?day={}", appointment.day))
            }
            Self::Task { id, task } => {
                task.save(tx, Some(*id))?;
                Ok("/tasks".to_owned())
            }
        }
    }
}

/// The deletions, the latest last. Every page offers to undo that one.
#[derive(Default)]
pub(crate) struct Undo {
    deleted: Vec<(String, Deleted)>,
}

#[derive(Serialize)]
pub(crate) struct Offer<'a> {
    what: &'a str,
}

impl Undo {
    pub(crate) fn push(&mut self, what: String, deleted: Deleted) {
        if self.deleted.len() == MOST {
            self.deleted.remove(0);
        }
        self.deleted.push((what, deleted));
    }

    pub(crate) fn offer(&self) -> Option<Offer<'_>> {
        self.deleted.last().map(|(what, _)| Offer { what })
    }
}

pub(crate) fn undo(app: &mut App) -> Result<Response> {
    let Some((what, deleted)) = app.undo.deleted.last() else {
        app.flash.add("There is nothing to undo.");
        return Ok(Response::redirect("/"));
    };
    let seen = write(&mut app.db, |tx| Ok(deleted.restore(tx)?))?;
    app.flash.add(format!("“{what}” is back."));
    // Only now that it is saved: after an error it can be tried again.
    app.undo.deleted.pop();
    Ok(Response::redirect(seen))
}

/// Takes the offer from the pages.
pub(crate) fn forget(app: &mut App) -> Response {
    app.undo.deleted.clear();
    Response::redirect("/")
}
