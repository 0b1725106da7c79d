//! Half-filled forms that wait while the user picks a value on another page.
//!
//! Each type of value has its own [`Drafts`]. For example, a page for picking a contact returns the
//! contact's id, and doesn't depend on the form or field that needs it.

use std::any::{Any, TypeId};
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use solohttp_core::{Fields, Request};

use crate::form::field::Field;
use crate::store::token::token;

/// The query parameter that holds a draft's ticket.
pub(crate) const RESUME: &str = "resume";

/// The maximum number of drafts. The oldest is dropped first.
const MAX_DRAFTS: usize = 32;

/// A half-filled form for a record `T`.
pub struct Draft<T> {
    pub(crate) fields: Fields,
    /// The path of the form.
    path: String,
    query: Fields,
    /// The field that was waiting for a value, and that value.
    pub(crate) value: Option<(String, Rc<dyn Any>)>,
    of: PhantomData<fn(&T)>,
}

impl<T> Draft<T> {
    pub(crate) fn new(fields: Fields, request: &Request) -> Self {
        let mut query = request.query().clone();
        query.remove(RESUME);
        Self { fields, path: request.path().to_owned(), query, value: None, of: PhantomData }
    }

    /// The user's input, as the browser sent it.
    #[must_use]
    pub fn input(&self) -> &Fields {
        &self.fields
    }
}

/// Drafts that wait for a value of type `V` from another page. Keep this in the application's
/// state.
///
/// ```
/// use solohttp_forms::{Drafts, Draft, field};
/// struct Appointment { contact: i64 }
/// # fn example(drafts: &mut Drafts<i64>, draft: Draft<Appointment>) {
/// // In `Formlet::on_button`, for the appointment form:
/// let ticket = drafts.save(draft, field!(Appointment.contact));
/// let url = format!("/contacts?for={ticket}");
/// // On the contacts page, when the user picks contact 7:
/// let url = drafts.fill(&ticket, 7); // redirect to this URL
/// // In `Formlet::resume`:
/// let draft: Option<Draft<Appointment>> = drafts.resume(&ticket);
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
    value: Option<Rc<V>>,
}

impl<V: 'static> Drafts<V> {
    /// Creates an empty list of drafts.
    #[must_use]
    pub const fn new() -> Self {
        Self { waiting: Vec::new() }
    }

    /// Saves a draft until there is a value for this field. Returns a ticket for resuming the
    /// draft. Tickets consist of digits and lower-case letters, so they need no encoding in a URL.
    #[expect(clippy::needless_pass_by_value, reason = "`field!` creates them in place")]
    pub fn save<T: 'static>(&mut self, draft: Draft<T>, field: Field<T, V>) -> String {
        if self.waiting.len() == MAX_DRAFTS {
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
            value: None,
        });
        ticket
    }

    /// Whether there is a draft with this ticket.
    #[must_use]
    pub fn contains(&self, ticket: &str) -> bool {
        self.waiting.iter().any(|waiting| waiting.ticket == ticket)
    }

    /// Fills in the value that the draft is waiting for. Returns the URL that resumes the form, or
    /// `None` if the draft has expired.
    pub fn fill(&mut self, ticket: &str, value: V) -> Option<String> {
        let waiting = self.waiting.iter_mut().find(|waiting| waiting.ticket == ticket)?;
        waiting.value = Some(Rc::new(value));
        self.resume_url(ticket)
    }

    /// The URL that resumes the form. Redirect to it if the user cancels without choosing a value.
    #[must_use]
    pub fn resume_url(&self, ticket: &str) -> Option<String> {
        let waiting = self.waiting.iter().find(|waiting| waiting.ticket == ticket)?;
        let mut query = waiting.query.clone();
        query.push(RESUME, ticket);
        Some(format!("{}?{query}", waiting.path))
    }

    /// Returns the draft with this ticket if it is for a record of type `T`. The draft stays saved,
    /// so that the page can be reloaded.
    #[must_use]
    pub fn resume<T: 'static>(&self, ticket: &str) -> Option<Draft<T>> {
        let waiting = self.waiting.iter().find(|waiting| waiting.ticket == ticket)?;
        if waiting.record != TypeId::of::<T>() {
            return None;
        }
        let value =
            waiting.value.clone().map(|value| (waiting.field.clone(), value as Rc<dyn Any>));
        Some(Draft {
            fields: waiting.fields.clone(),
            path: waiting.path.clone(),
            query: waiting.query.clone(),
            value,
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
