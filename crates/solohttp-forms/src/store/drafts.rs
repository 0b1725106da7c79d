//! Forms that are set aside while the user picks something on another page.
//!
//! A stack of its own for each type that can be picked: the page where a contact is picked knows
//! that somebody wants the number of a contact, and neither who nor for which field.

use std::any::{Any, TypeId};
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use solohttp_core::{Fields, Request};

use crate::form::field::Field;
use crate::store::submissions::token;

/// The query field that takes a form up again.
pub(crate) const RESUME: &str = "resume";

/// How many forms are kept; the oldest goes first.
const MOST: usize = 32;

/// A form for a record `T` as far as it is filled in.
pub struct Draft<T> {
    pub(crate) fields: Fields,
    /// The address of the form without any draft.
    path: String,
    query: Fields,
    pub(crate) answer: Option<(String, Rc<dyn Any>)>,
    of: PhantomData<fn(&T)>,
}

impl<T> Draft<T> {
    pub(crate) fn new(fields: Fields, request: &Request) -> Self {
        let mut query = request.query().clone();
        query.remove(RESUME);
        Self { fields, path: request.path().to_owned(), query, answer: None, of: PhantomData }
    }

    /// What is typed, as the browser sent it.
    #[must_use]
    pub fn typed(&self) -> &Fields {
        &self.fields
    }
}

/// Forms that wait for a value of type `V` from another page: a field of the application's state.
///
/// ```
/// use solohttp_forms::{Drafts, Draft, field};
/// struct Appointment { contact: i64 }
/// # fn example(aside: &mut Drafts<i64>, draft: Draft<Appointment>) {
/// // In `Formlet::on_button` of the appointment's form:
/// let ticket = aside.set_aside(draft, field!(Appointment.contact));
/// let url = format!("/contacts?for={ticket}");
/// // On the page of contacts, when number 7 is picked for that ticket:
/// let back = aside.answer(&ticket, 7); // redirect there
/// // In `Formlet::resume`:
/// let draft: Option<Draft<Appointment>> = aside.resume(&ticket);
/// # }
/// ```
pub struct Drafts<V> {
    waiting: Vec<Waiting<V>>,
}

struct Waiting<V> {
    ticket: String,
    record: TypeId,
    fields: Fields,
    path: String,
    query: Fields,
    field: String,
    answer: Option<Rc<V>>,
}

impl<V: 'static> Drafts<V> {
    /// None waits.
    #[must_use]
    pub const fn new() -> Self {
        Self { waiting: Vec::new() }
    }

    /// Sets a form aside until there is a value for this field. Returns the ticket to take it up
    /// again with: digits and small letters, so that it can stand in a URL.
    #[expect(clippy::needless_pass_by_value, reason = "fields are made where they are used")]
    pub fn set_aside<T: 'static>(&mut self, draft: Draft<T>, field: Field<T, V>) -> String {
        if self.waiting.len() == MOST {
            self.waiting.remove(0);
        }
        let ticket = token();
        let Draft { fields, path, query, .. } = draft;
        self.waiting.push(Waiting {
            ticket: ticket.clone(),
            record: TypeId::of::<T>(),
            fields,
            path,
            query,
            field: field.name().to_owned(),
            answer: None,
        });
        ticket
    }

    /// Does a form wait with this ticket?
    #[must_use]
    pub fn is_waiting(&self, ticket: &str) -> bool {
        self.waiting.iter().any(|waiting| waiting.ticket == ticket)
    }

    /// Gives the form the value it waits for, and the address where it goes on. `None` if it is
    /// not kept any longer.
    pub fn answer(&mut self, ticket: &str, value: V) -> Option<String> {
        let waiting = self.waiting.iter_mut().find(|waiting| waiting.ticket == ticket)?;
        waiting.answer = Some(Rc::new(value));
        self.back(ticket)
    }

    /// The address where the form goes on, without a value if none was given.
    #[must_use]
    pub fn back(&self, ticket: &str) -> Option<String> {
        let waiting = self.waiting.iter().find(|waiting| waiting.ticket == ticket)?;
        let mut query = waiting.query.clone();
        query.push(RESUME, ticket);
        Some(format!("{}?{query}", waiting.path))
    }

    /// The form that was set aside, if it was one for a `T`. It stays here, for a reload.
    #[must_use]
    pub fn resume<T: 'static>(&self, ticket: &str) -> Option<Draft<T>> {
        let waiting = self.waiting.iter().find(|waiting| waiting.ticket == ticket)?;
        if waiting.record != TypeId::of::<T>() {
            return None;
        }
        let answer =
            waiting.answer.clone().map(|value| (waiting.field.clone(), value as Rc<dyn Any>));
        Some(Draft {
            fields: waiting.fields.clone(),
            path: waiting.path.clone(),
            query: waiting.query.clone(),
            answer,
            of: PhantomData,
        })
    }
}

impl<V: 'static> Default for Drafts<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> fmt::Debug for Drafts<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drafts").field("waiting", &self.waiting.len()).finish()
    }
}

impl<T> fmt::Debug for Draft<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("path", &self.path).field("fields", &self.fields).finish()
    }
}
