//! Undo for deletions: deleted records are kept until the program ends.
//!
//! So the program never asks "Are you sure?", which users confirm without reading.

use serde::Serialize;
use solohttp::sqlite::rusqlite::{self, Transaction};
use solohttp::{Response, Result};

use crate::app::App;
use crate::appointment::Appointment;
use crate::contact::Contact;
use crate::photo::{self, Photo};
use crate::task::Task;

/// The maximum number of deletions to undo.
const MOST: usize = 20;

/// A deleted record, with everything that was deleted along with it.
pub(crate) enum Deleted {
    Contact { id: i64, contact: Contact, photo: Option<Photo>, appointments: Vec<i64> },
    Appointment { id: i64, appointment: Appointment },
    Task { id: i64, task: Task },
}

impl Deleted {
    /// Restores the record under its old id, and returns the URL of its page.
    fn restore(&self, tx: &Transaction<'_>) -> rusqlite::Result<String> {
        match self {
            Self::Contact { id, contact, photo, appointments } => {
                contact.save(tx, Some(*id))?;
                if let Some(photo) = photo {
                    photo::restore(tx, *id, photo)?;
                }
                // Appointments that have been given another contact since then keep the new one.
                let sql = "UPDATE appointment SET contact = ?1 WHERE id = ?2 AND contact IS NULL";
                let mut with = tx.prepare(sql)?;
                for appointment in appointments {
                    with.execute((id, appointment))?;
                }
                Ok(format!("/contact/{id}/"))
            }
            Self::Appointment { id, appointment } => {
                // The contact may have been deleted, too.
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

/// The deletions, latest last. Every page offers to undo the latest.
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
    let Some((what, deleted)) = app.undo.deleted.pop() else {
        app.flash.add("Nothing to undo.");
        return Ok(Response::redirect("/"));
    };
    let seen = match app.write(|tx| Ok(deleted.restore(tx)?)) {
        Ok(seen) => seen,
        Err(error) => {
            // So that undoing can be retried.
            app.undo.deleted.push((what, deleted));
            return Err(error);
        }
    };
    app.flash.add(format!("“{what}” was restored."));
    Ok(Response::redirect(seen))
}

/// Stops offering to undo deletions.
pub(crate) fn forget(app: &mut App) -> Response {
    app.undo.deleted.clear();
    Response::redirect("/")
}
