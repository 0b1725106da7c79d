//! A page with one form that isn't a record's, from closures.

use std::fmt;

use solohttp_core::{
    Handler, IntoResponse, IoList, Question, Request, Response, Result, StatusCode,
};

use super::EditRequest;
use super::edit_page::EditPage;
use super::parts::{Around, Parts, part_methods};
use crate::form::RecordForm;
use crate::form::steps::{AnyField, Step, StepInput};
use crate::formlet::{Formlet, Submission};
use crate::store::drafts::Draft;
use crate::validation::errors::Errors;
use crate::view::FormView;

type Title<S> = Box<dyn Fn(&mut S, &Request) -> Result<String>>;
type Load<S, T> = Box<dyn Fn(&mut S, &Request) -> Result<T>>;
type Save<S, T> = Box<dyn Fn(&mut S, T, &Submission<'_>) -> Result<Response>>;
type Confirm<S, T> = Box<dyn Fn(&mut S, &str, &Draft<T>) -> Result<Option<Question>>>;

/// A page with one form, as a handler: an import, a settings page, or the change of many records.
///
/// For the pages that add and edit the records of a table, use
/// [`RecordPages`](crate::RecordPages).
///
/// ```
/// use solohttp_core::{Handler, Request, Response};
/// use solohttp_forms::{FormPage, form, number, text};
/// use solohttp_router::{Path, Router};
///
/// struct App { stock: Vec<u32> }
/// struct Delivery { count: u32, from: String }
///
/// fn delivery_page() -> FormPage<App, Delivery> {
///     FormPage::new(
///         |_: &mut App, _| {
///             let form = form!(Delivery { count: number("Count").min(1), from: text("Supplier") });
///             Ok(form.button("receive", "Receive"))
///         },
///         |app, delivery, submission| {
///             let Path(part) = Path::<usize>::of(submission.request())?;
///             app.stock[part] += delivery.count;
///             Ok(Response::redirect("/stock"))
///         },
///     )
///     .title("Receive a delivery")
///     .back_to("/stock")
/// }
///
/// let mut router = Router::new();
/// router.mount("/part/*/delivery", delivery_page());
/// let mut app = router.with_state(App { stock: vec![0, 3] });
/// let page = Request::get("/part/1/delivery").send_to(&mut app).into_text();
/// assert!(page.contains("<h1>Receive a delivery</h1>") && page.contains(">Receive</button>"));
/// let wrong = Request::post("/part/1/delivery").form([("count", "0")]).send_to(&mut app);
/// assert_eq!(wrong.status(), 422);
/// Request::post("/part/1/delivery").form([("count", "4")]).send_to(&mut app);
/// assert_eq!(app.state().stock, [0, 7]);
/// ```
///
/// The closures get the request. `Path::of` of the router reads the wildcards of the route where the
/// page is mounted, and [`Query::of`](solohttp_core::Query::of) reads the query.
///
/// Everything else is the same as for a [`Formlet`](crate::Formlet): all errors are shown at once,
/// no input is lost, and a double click saves once.
pub struct FormPage<S, T> {
    parts: Parts<S, T>,
    save: Save<S, T>,
    steps: Vec<Step>,
    load: Option<Load<S, T>>,
    title: Option<Title<S>>,
    confirm: Option<Confirm<S, T>>,
}

impl<S, T> FormPage<S, T> {
    /// Creates the page from two functions.
    ///
    /// - `form` creates the form. It is called for each request.
    /// - `save` does what the form is for, and usually returns a redirect. Its errors are shown next
    ///   to their fields where [possible](crate::Formlet::map_error).
    pub fn new(
        form: impl Fn(&mut S, &Request) -> Result<RecordForm<T>> + 'static,
        save: impl Fn(&mut S, T, &Submission<'_>) -> Result<Response> + 'static,
    ) -> Self {
        Self {
            parts: Parts::new(move |state, edit| form(state, edit.request)),
            save: Box::new(save),
            steps: Vec::new(),
            load: None,
            title: None,
            confirm: None,
        }
    }

    part_methods!();

    /// Sets the title of the page.
    #[must_use]
    pub fn title(self, title: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        let title = title.into();
        self.title_with(move |_, _| Ok(title.to_string()))
    }

    /// Sets the title of the page, which may depend on the request.
    #[must_use]
    pub fn title_with(
        mut self,
        title: impl Fn(&mut S, &Request) -> Result<String> + 'static,
    ) -> Self {
        self.title = Some(Box::new(title));
        self
    }

    /// Sets the URL that cancels, and where [`Submission::back`] leads. Defaults to `/`.
    #[must_use]
    pub fn back_to(mut self, url: impl Into<std::borrow::Cow<'static, str>>) -> Self {
        self.parts.back = Some(url.into());
        self
    }

    /// Sets the URL that cancels, which may depend on the input so far.
    #[must_use]
    pub fn cancel_to(mut self, url: impl Fn(&FormView<T>, &Request) -> String + 'static) -> Self {
        self.parts.cancel_to = Some(Box::new(move |view, edit| url(view, edit.request)));
        self
    }

    /// Lays out the form. Defaults to [`FormView::render`].
    #[must_use]
    pub fn layout(
        mut self,
        layout: impl Fn(&mut S, &FormView<T>, &Request) -> Result<IoList> + 'static,
    ) -> Self {
        let layout = move |state: &mut S, view: &FormView<T>, edit: EditRequest<'_>| {
            layout(state, view, edit.request)
        };
        self.parts.layout = Some(Box::new(layout));
        self
    }

    /// Loads what the form edits, such as the application's settings. Changes from other tabs are
    /// then merged: see [`Formlet::load`](crate::Formlet::load). If the form only begins with these
    /// values, use [`blank`](Self::blank).
    #[must_use]
    pub fn load(mut self, load: impl Fn(&mut S, &Request) -> Result<T> + 'static) -> Self {
        self.load = Some(Box::new(load));
        self
    }

    /// Adds a step, so that the form is shown in parts (a wizard). Each visible field must be in
    /// exactly one step.
    ///
    /// The input of the other steps travels in hidden fields of the page, so nothing is lost if the
    /// user goes back, reloads the page, or restarts the program. “Next” checks the fields so far,
    /// “Back” checks nothing, and the form's own buttons, in the last step, check everything. An
    /// error in an earlier step leads back to it. Uploaded files are kept while the program runs;
    /// after a restart, the form asks for them again. A secret must be in the last step.
    ///
    /// ```
    /// use solohttp_core::{Response, TestClient, Handler};
    /// use solohttp_forms::{FormPage, field, fields, form, text, textarea};
    ///
    /// struct App { codes: Vec<String> }
    /// struct Delivery { supplier: String, codes: String, shelf: String }
    ///
    /// fn delivery_page() -> FormPage<App, Delivery> {
    ///     FormPage::new(
    ///         |_: &mut App, _| {
    ///             let form = form!(Delivery {
    ///                 supplier: text("Supplier").required(),
    ///                 codes: textarea("Codes").required(),
    ///                 shelf: text("Shelf"),
    ///             });
    ///             Ok(form.button("receive", "Receive"))
    ///         },
    ///         |app, delivery, _| {
    ///             app.codes.extend(delivery.codes.split_whitespace().map(str::to_owned));
    ///             Ok(Response::redirect("/"))
    ///         },
    ///     )
    ///     .title("Delivery")
    ///     .step("Supplier", fields!(Delivery { supplier }))
    ///     .step("Samples", fields!(Delivery { codes, shelf }))
    ///     .check_step(|app, input, errors| {
    ///         let codes = input.value(field!(Delivery.codes)).unwrap_or_default();
    ///         if codes.split_whitespace().any(|code| app.codes.iter().any(|known| known == code)) {
    ///             errors.on(field!(Delivery.codes), "One of these is taken.");
    ///         }
    ///         Ok(())
    ///     })
    /// }
    ///
    /// let app = delivery_page().with_state(App { codes: vec![] });
    /// let mut browser = TestClient::new(app);
    /// let mut page = browser.get("/");
    /// page.fill("Supplier", "Mill");
    /// let mut page = browser.press(page, "Next");
    /// assert!(page.title().starts_with("Delivery, step 2 of 2: Samples"));
    /// page.fill("Codes", "A-1 A-2");
    /// browser.press(page, "Receive");
    /// assert_eq!(browser.handler().state().codes, ["A-1", "A-2"]);
    /// ```
    #[must_use]
    pub fn step(
        mut self,
        title: impl Into<std::borrow::Cow<'static, str>>,
        fields: impl IntoIterator<Item = AnyField<T>>,
    ) -> Self {
        self.steps.push(Step::new(title.into(), fields));
        self
    }

    /// Asks before a side button is handled, if the function returns a question. See
    /// [`Formlet::confirm`](crate::Formlet::confirm).
    #[must_use]
    pub fn confirm(
        mut self,
        question: impl Fn(&mut S, &str, &Draft<T>) -> Result<Option<Question>> + 'static,
    ) -> Self {
        self.confirm = Some(Box::new(question));
        self
    }
}

/// One request for the page.
struct Filling<'a, S, T> {
    page: &'a FormPage<S, T>,
    request: &'a Request,
}

impl<S, T> Filling<'_, S, T> {
    fn edit(&self) -> EditRequest<'_> {
        EditRequest { id: None, request: self.request }
    }
}

impl<S, T: 'static> Formlet<S> for Filling<'_, S, T> {
    type Record = T;

    fn form(&mut self, state: &mut S) -> Result<RecordForm<T>> {
        let form = (self.page.parts.form)(state, self.edit())?;
        let steps = self.page.steps.iter().cloned();
        let form = steps.fold(form, RecordForm::with_step);
        // Initial values are no stored record to compare with.
        Ok(if self.page.load.is_none() { form.last_wins() } else { form })
    }

    fn resume(&mut self, state: &mut S, ticket: &str) -> Option<Draft<T>> {
        self.page.parts.resume(state, ticket)
    }

    fn load(&mut self, state: &mut S, request: &Request) -> Result<Option<T>> {
        match &self.page.load {
            Some(load) => load(state, request).map(Some),
            None => self.page.parts.blank(state, request),
        }
    }

    fn confirm(
        &mut self,
        state: &mut S,
        button: &str,
        draft: &Draft<T>,
    ) -> Result<Option<Question>> {
        self.page.confirm.as_ref().map_or(Ok(None), |confirm| confirm(state, button, draft))
    }

    fn confirm_page(
        &mut self,
        state: &mut S,
        question: &str,
        form: IoList,
        _: &Request,
    ) -> Result<Response> {
        let title = question.to_owned();
        let page = EditPage { id: None, title, form, cancel: None, delete: None };
        self.page.parts.render(state, page).map(Response::html)
    }

    fn on_button(&mut self, state: &mut S, button: &str, draft: Draft<T>) -> Result<Response> {
        self.page.parts.on_button(state, button, draft)
    }

    fn check(&mut self, state: &mut S, record: &T, errors: &mut Errors<T>) -> Result<()> {
        self.page.parts.check(state, record, errors)
    }

    fn check_step(
        &mut self,
        state: &mut S,
        input: &StepInput<'_, T>,
        errors: &mut Errors<T>,
    ) -> Result<()> {
        self.page.parts.check_step(state, input, errors)
    }

    fn save(&mut self, state: &mut S, record: T, submission: &Submission<'_>) -> Result<Response> {
        let back = self.page.parts.back.as_deref().unwrap_or("/");
        (self.page.save)(state, record, &Submission { back, ..*submission })
    }

    fn page(&mut self, state: &mut S, view: &FormView<T>, request: &Request) -> Result<IoList> {
        let words = &view.context().settings.words;
        let title = match &self.page.title {
            Some(title) => title(state, request)?,
            None if self.page.load.is_none() => words.new_record.to_string(),
            None => words.edit_record.to_string(),
        };
        let back = self.page.parts.back.as_deref().unwrap_or("/").to_owned();
        let around = Around { title, back, delete: None };
        self.page.parts.form_page(state, view, self.edit(), around)
    }
}

impl<S, T: 'static> Handler<S> for FormPage<S, T> {
    fn handle(&mut self, state: &mut S, request: &mut Request) -> Response {
        // The form doesn't respond to paths below the one where it is mounted.
        if request.mount_depth() > 0 && request.has_suffix() {
            return StatusCode::NOT_FOUND.into_response();
        }
        let mut filling = Filling { page: self, request };
        self.parts.store.run(&mut filling, state, request)
    }
}

impl<S, T> fmt::Debug for FormPage<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormPage").field("back", &self.parts.back).finish_non_exhaustive()
    }
}
