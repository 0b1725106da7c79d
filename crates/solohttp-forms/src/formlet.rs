//! Formlets: forms together with their pages and the code that loads and saves their records.

pub(crate) mod constraint;
mod cycle;
mod files;
mod handler;
mod pages;
mod row_ids;
mod saving;

use std::error::Error;

use solohttp_core::{Failure, IoList, Question, Rejection, Request, Response, Result, StatusCode};

pub use handler::{FormletHandler, formlet};
#[cfg(feature = "json")]
pub use pages::api::RecordApi;
pub use pages::edit_page::EditPage;
pub use pages::form_page::FormPage;
pub use pages::{EditRequest, RecordPages, SavedRecord};

use crate::form::RecordForm;
use crate::form::steps::StepInput;
use crate::store::drafts::Draft;
use crate::validation::errors::Errors;
use crate::validation::words::FormWords;
use crate::view::FormView;

/// A form together with its page and the code that loads and saves its record.
///
/// GET shows the form. POST parses all fields. If all of them are valid, it checks the record and
/// saves it. If there are validation errors, including any from `save`, the page is shown again
/// (422) with the user's input and all errors. The methods are called in the order in which they
/// are declared here.
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
///         Ok(RecordForm::cached(|| form!(Person { name: text("Name").required() })))
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
    /// The record that the form edits.
    type Record: 'static;

    /// Creates the form. Called for each request, because the choices in the form can change. If
    /// the form is always the same, use [`RecordForm::cached`].
    ///
    /// # Errors
    /// Any error is shown as an error page.
    fn form(&mut self, state: &mut S) -> Result<RecordForm<Self::Record>>;

    /// Returns the draft with this ticket from the application's [`Drafts`](crate::Drafts).
    fn resume(&mut self, state: &mut S, ticket: &str) -> Option<Draft<Self::Record>> {
        let _ = (state, ticket);
        None
    }

    /// Loads the record to edit. Returns `None` for a new one.
    ///
    /// Called to show the form, and again when the form is sent, both before and after saving. The
    /// later calls detect changes that were saved after the form was shown. Changes to different
    /// fields are merged. If both sides changed the same field, the user chooses one of the two
    /// values. For this to work, the POST must load the same record as the GET. Use
    /// [`last_wins`](crate::RecordForm::last_wins) if the form is sent to a different formlet, if
    /// it adds a record and `load` only provides initial values, or if loading twice returns
    /// different records.
    ///
    /// # Errors
    /// Any error. If the record doesn't exist, return a [`Rejection`] with 404 or 410. When the
    /// form is sent, a 404, a 410 or `None` means that the record was deleted in the meantime.
    fn load(&mut self, state: &mut S, request: &Request) -> Result<Option<Self::Record>> {
        let _ = (state, request);
        Ok(None)
    }

    /// Whether a record that was deleted while it was being edited can be saved as a new one. If
    /// `true`, the form has a button for this, and `save` must add the record if
    /// [`Submission::is_new`] returns `true`.
    fn can_save_as_new(&self) -> bool {
        false
    }

    /// Returns a question to ask before a side button is handled, such as "Delete Ada and her 12
    /// appointments?". Returns `None` to handle the button without asking.
    ///
    /// The page with the question has the side button again, and "Cancel", which shows the form with
    /// the user's input. If the question has changed before the user confirms, it is asked again. If
    /// the action can be undone, prefer undo to a question: users learn to confirm without reading.
    ///
    /// ```
    /// # use solohttp_core::{Handler, IoList, Request, Response, Result};
    /// # use solohttp_forms::{Draft, FormView, Formlet, RecordForm, Submission, form, formlet, text};
    /// use solohttp_core::Question;
    ///
    /// struct App { name: Option<String> }
    /// struct Person { name: String }
    /// struct EditPerson;
    ///
    /// impl Formlet<App> for EditPerson {
    ///     type Record = Person;
    ///
    ///     fn form(&mut self, _: &mut App) -> Result<RecordForm<Person>> {
    ///         let form = form!(Person { name: text("Name").required() });
    ///         Ok(form.button("save", "Save").side_button("delete", "Delete"))
    ///     }
    ///
    ///     fn confirm(
    ///         &mut self,
    ///         app: &mut App,
    ///         _: &str,
    ///         _: &Draft<Person>,
    ///     ) -> Result<Option<Question>> {
    ///         Ok(app.name.as_ref().map(|name| format!("Delete {name}?").into()))
    ///     }
    ///
    ///     fn on_button(&mut self, app: &mut App, _: &str, _: Draft<Person>) -> Result<Response> {
    ///         app.name = None;
    ///         Ok(Response::redirect("/"))
    ///     }
    ///     // …
    /// #     fn save(&mut self, _: &mut App, _: Person, _: &Submission<'_>) -> Result<Response> {
    /// #         Ok(Response::redirect("/"))
    /// #     }
    /// #     fn page(&mut self, _: &mut App, _: &FormView<Person>, _: &Request) -> Result<IoList> {
    /// #         Ok(IoList::new())
    /// #     }
    /// }
    /// # let mut app = formlet(EditPerson).with_state(App { name: Some("Ada".into()) });
    /// # let asked = Request::post("/").form([(":button", "delete")]).send_to(&mut app);
    /// # assert!(asked.into_text().contains("<h1>Delete Ada?</h1>"));
    /// ```
    ///
    /// # Errors
    /// Any error is shown as an error page.
    fn confirm(
        &mut self,
        state: &mut S,
        button: &str,
        draft: &Draft<Self::Record>,
    ) -> Result<Option<Question>> {
        let _ = (state, button, draft);
        Ok(None)
    }

    /// Renders the page around a question. `question` is its text, and `form` is the HTML of its
    /// form. By default, the page is in the server's style.
    ///
    /// # Errors
    /// Any error is shown as an error page.
    fn confirm_page(
        &mut self,
        state: &mut S,
        question: &str,
        form: IoList,
        request: &Request,
    ) -> Result<Response> {
        let _ = (state, request);
        Ok(Response::page(question, form))
    }

    /// Handles a side button. The draft holds the input so far, which hasn't been validated.
    ///
    /// # Errors
    /// Any error is shown as an error page.
    fn on_button(
        &mut self,
        state: &mut S,
        button: &str,
        draft: Draft<Self::Record>,
    ) -> Result<Response> {
        let _ = (state, draft);
        Err(no_action(button))
    }

    /// Checks the record as a whole, for example against rules that involve several fields or the
    /// database. Each field has already been validated on its own. Add validation errors to
    /// `errors`.
    ///
    /// # Errors
    /// Any error that prevents the checks from running.
    fn check(
        &mut self,
        state: &mut S,
        record: &Self::Record,
        errors: &mut Errors<Self::Record>,
    ) -> Result<()> {
        let _ = (state, record, errors);
        Ok(())
    }

    /// Checks what has been entered up to a step, if the form has
    /// [steps](crate::FormPage::step). Called for each step that the user completes, and once more
    /// before [`check`](Self::check). An error in an earlier step leads back to that step.
    ///
    /// # Errors
    /// Any error that prevents the checks from running.
    fn check_step(
        &mut self,
        state: &mut S,
        input: &StepInput<'_, Self::Record>,
        errors: &mut Errors<Self::Record>,
    ) -> Result<()> {
        let _ = (state, input, errors);
        Ok(())
    }

    /// Saves the record. Usually returns a redirect.
    ///
    /// # Errors
    /// Any error. [`Errors`] are shown next to their fields. For other errors, see
    /// [`map_error`](Self::map_error).
    fn save(
        &mut self,
        state: &mut S,
        record: Self::Record,
        submission: &Submission<'_>,
    ) -> Result<Response>;

    /// Converts an error from `save` into validation errors.
    ///
    /// If this method adds none, the form looks for a
    /// [`ConstraintError`](solohttp_core::ConstraintError) or a constraint message of SQLite in the
    /// error and its causes. It shows a sentence such as “This is already taken.” next to the
    /// fields that have the names of the columns, or above the form if it has no such field. Any
    /// other error is shown as an error page.
    ///
    /// ```
    /// # use std::error::Error;
    /// use solohttp_core::ConstraintError;
    /// # use solohttp_core::{IoList, Request, Response, Result};
    /// # use solohttp_forms::{Errors, FormView, Formlet, RecordForm, Submission, field, form, text};
    /// # struct Sample { code: String }
    /// # struct AddSample;
    /// # impl Formlet<()> for AddSample {
    /// #     type Record = Sample;
    /// #     fn form(&mut self, _: &mut ()) -> Result<RecordForm<Sample>> {
    /// #         Ok(form!(Sample { code: text("Code") }))
    /// #     }
    /// #     fn save(&mut self, _: &mut (), _: Sample, _: &Submission<'_>) -> Result<Response> {
    /// #         Err("UNIQUE constraint failed: sample.code".into())
    /// #     }
    /// #     fn page(&mut self, _: &mut (), view: &FormView<Sample>, _: &Request) -> Result<IoList> {
    /// #         Ok(view.render())
    /// #     }
    /// // A sentence of your own, instead of “This is already taken.”
    /// fn map_error(&mut self, error: &(dyn Error + 'static), errors: &mut Errors<Sample>) {
    ///     if ConstraintError::find(error).is_some_and(|error| error.involves("code")) {
    ///         errors.on(field!(Sample.code), "Another sample has this code.");
    ///     }
    /// }
    /// # }
    /// # use solohttp_core::Handler;
    /// # let mut app = solohttp_forms::formlet(AddSample).with_state(());
    /// # let page = Request::post("/").form([("code", "A")]).send_to(&mut app).into_text();
    /// # assert!(page.contains("Another sample has this code."), "{page}");
    /// ```
    fn map_error(&mut self, error: &(dyn Error + 'static), errors: &mut Errors<Self::Record>) {
        let _ = (error, errors);
    }

    /// Renders the page around the form.
    ///
    /// # Errors
    /// Any error is shown as an error page.
    fn page(
        &mut self,
        state: &mut S,
        view: &FormView<Self::Record>,
        request: &Request,
    ) -> Result<IoList>;
}

/// The error for a side button that does nothing.
fn no_action(button: &str) -> Failure {
    Rejection::localized(
        StatusCode::NOT_IMPLEMENTED,
        |words: &FormWords| &words.no_action,
        &[("button", &button)],
    )
    .into()
}

/// The context of a submission, passed to [`Formlet::save`].
#[derive(Debug, Clone, Copy)]
pub struct Submission<'a> {
    pub(crate) button: &'a str,
    pub(crate) is_new: bool,
    pub(crate) request: &'a Request,
    pub(crate) back: &'a str,
}

impl Submission<'_> {
    /// The name of the button that was pressed, or `save` if the form declares no buttons.
    #[must_use]
    pub fn button(&self) -> &str {
        self.button
    }

    /// Whether to add the record as a new one, because the original was deleted while it was being
    /// edited. See [`Formlet::can_save_as_new`].
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &Request {
        self.request
    }

    /// Redirects to where the form also leads if the user cancels it: the `back_to` of a
    /// [`FormPage`](crate::FormPage) or [`RecordPages`](crate::RecordPages). Within a [`Formlet`],
    /// this is `/`.
    #[must_use]
    pub fn back(&self) -> Response {
        Response::redirect(self.back)
    }
}
