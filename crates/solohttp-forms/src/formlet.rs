//! The life of a form: load, show, submit, every error at once, save, redirect.
//!
//! Knows a form as one thing; what is in it is the form's affair.

mod handler;
mod life;

use std::error::Error;

use solohttp_core::{IoList, Rejection, Request, Response, Result, StatusCode};

pub use handler::{FormletHandler, formlet};

use crate::form::RecordForm;
use crate::store::drafts::Draft;
use crate::validation::errors::Errors;
use crate::validation::words::FormWords;
use crate::view::FormView;

/// A form with its page, where its record comes from and where it goes.
///
/// GET shows it. POST reads every field; if all are right, checks the whole, and saves. If
/// anything is wrong, also in saving, the page is shown again (422) with what was typed and every
/// error. The methods are called in the order in which they stand here.
///
/// ```
/// use solohttp_core::{IoList, Request, Response, Result, iolist};
/// use solohttp_forms::{FormView, Formlet, RecordForm, Submission, form, formlet, text};
///
/// struct App { names: Vec<String> }
/// struct Person { name: String }
/// struct AddPerson;
///
/// impl Formlet<App> for AddPerson {
///     type Record = Person;
///
///     fn form(&mut self, _: &mut App) -> Result<RecordForm<Person>> {
///         Ok(form!(Person { name: text("Name").required() }))
///     }
///
///     fn save(&mut self, app: &mut App, person: Person, _: &Submission<'_>) -> Result<Response> {
///         app.names.push(person.name);
///         Ok(Response::redirect("/people"))
///     }
///
///     fn page(&mut self, _: &mut App, view: &FormView<Person>, _: &Request) -> Result<IoList> {
///         Ok(iolist!["<!DOCTYPE html><title>Person</title><h1>Person</h1>", view.render()])
///     }
/// }
///
/// use solohttp_core::Handler;
/// let mut app = formlet(AddPerson).with_state(App { names: vec![] });
/// let again = Request::post("/new").form([("name", " ")]).send_to(&mut app);
/// assert_eq!(again.status(), 422);
/// let saved = Request::post("/new").form([("name", "Zoë")]).send_to(&mut app);
/// assert_eq!((saved.status().as_u16(), saved.header("location")), (303, Some("/people")));
/// assert_eq!(app.state().names, ["Zoë"]);
/// ```
pub trait Formlet<S> {
    /// What the form is filled in to make.
    type Record: 'static;

    /// The form. It is made for each request, because what there is to choose may change.
    ///
    /// # Errors
    /// Any: it becomes the error page.
    fn form(&mut self, state: &mut S) -> Result<RecordForm<Self::Record>>;

    /// Takes up a form that was set aside: ask the [`Drafts`](crate::Drafts)s that it may be in.
    fn resume(&mut self, state: &mut S, ticket: &str) -> Option<Draft<Self::Record>> {
        let _ = (state, ticket);
        None
    }

    /// The record to edit; `None` for a new one.
    ///
    /// Asked to show the form, and again when it is sent, before and after it is saved: if somebody
    /// else has changed the record meanwhile, changes to different fields are merged, and changes to one field are shown to
    /// the user, who chooses. So it must give the same record for the POST as for the GET. A form
    /// that is sent to another formlet, one that adds a record and begins with what `load` gives, and
    /// a `load` whose result changes by itself, need [`last_wins`](crate::RecordForm::last_wins).
    ///
    /// # Errors
    /// Any; a [`Rejection`] with 404 or 410 if there is no such record. When the form is sent, that
    /// means that it was deleted meanwhile, as `None` does.
    fn load(&mut self, state: &mut S, request: &Request) -> Result<Option<Self::Record>> {
        let _ = (state, request);
        Ok(None)
    }

    /// Can a record that was deleted while it was edited be saved as a new one? Then the form
    /// offers that, and `save` adds it where [`Submission::is_new`] says so.
    fn can_save_as_new(&self) -> bool {
        false
    }

    /// Answers a side button, with what is typed so far, unchecked.
    ///
    /// # Errors
    /// Any: it becomes the error page.
    fn on_button(
        &mut self,
        state: &mut S,
        button: &str,
        draft: Draft<Self::Record>,
    ) -> Result<Response> {
        let _ = (state, draft);
        Err(Rejection::localized(
            StatusCode::NOT_IMPLEMENTED,
            |words: &FormWords| &words.no_action,
            &[("button", &button)],
        )
        .into())
    }

    /// Checks that concern several fields, or the rest of the world. Every field is right by
    /// itself.
    ///
    /// # Errors
    /// Those of looking; what is wrong with the record goes into `errors`.
    fn check(
        &mut self,
        state: &mut S,
        record: &Self::Record,
        errors: &mut Errors<Self::Record>,
    ) -> Result<()> {
        let _ = (state, record, errors);
        Ok(())
    }

    /// Saves the record; answers with a redirect, as a rule.
    ///
    /// # Errors
    /// Any. [`Errors`] are shown at their fields; others can be explained by
    /// [`map_error`](Self::map_error).
    fn save(
        &mut self,
        state: &mut S,
        record: Self::Record,
        submission: &Submission<'_>,
    ) -> Result<Response>;

    /// Says which field an error of `save` is about, such as that of a unique index. If nothing
    /// is said, the error becomes the error page.
    fn map_error(&mut self, error: &(dyn Error + 'static), errors: &mut Errors<Self::Record>) {
        let _ = (error, errors);
    }

    /// The page around the form.
    ///
    /// # Errors
    /// Any: it becomes the error page.
    fn page(
        &mut self,
        state: &mut S,
        view: &FormView<Self::Record>,
        request: &Request,
    ) -> Result<IoList>;
}

/// What `save` may want to know beside the record.
#[derive(Debug, Clone, Copy)]
pub struct Submission<'a> {
    pub(crate) button: &'a str,
    pub(crate) is_new: bool,
    pub(crate) request: &'a Request,
}

impl Submission<'_> {
    /// The name of the button that was pressed, `save` if the form declares none.
    #[must_use]
    pub fn button(&self) -> &str {
        self.button
    }

    /// Was the record deleted while it was edited, and is it to be added again? Only for a formlet
    /// that [can](Formlet::can_save_as_new).
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request {
        self.request
    }
}
