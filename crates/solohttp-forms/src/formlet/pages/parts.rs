//! What the ready-made pages of a record and a page with a single form have in common: the form, its
//! hooks, and the page around it.

use std::borrow::Cow;

use solohttp_core::{IoList, Request, Response, Result};

use super::EditRequest;
use super::edit_page::EditPage;
use crate::form::RecordForm;
use crate::form::steps::StepInput;
use crate::formlet::no_action;
use crate::store::drafts::Draft;
use crate::store::form_store::FormStore;
use crate::validation::errors::Errors;
use crate::view::FormView;

type FormOf<S, T> = Box<dyn Fn(&mut S, EditRequest<'_>) -> Result<RecordForm<T>>>;
type Blank<S, T> = Box<dyn Fn(&mut S, &Request) -> Result<T>>;
type Check<S, T> = Box<dyn Fn(&mut S, &T, &mut Errors<T>) -> Result<()>>;
type CheckStep<S, T> = Box<dyn Fn(&mut S, &StepInput<'_, T>, &mut Errors<T>) -> Result<()>>;
type Resume<S, T> = Box<dyn Fn(&mut S, &str) -> Option<Draft<T>>>;
type OnButton<S, T> = Box<dyn Fn(&mut S, &str, Draft<T>) -> Result<Response>>;
type Layout<S, T> = Box<dyn Fn(&mut S, &FormView<T>, EditRequest<'_>) -> Result<IoList>>;
type CancelTo<T> = Box<dyn Fn(&FormView<T>, EditRequest<'_>) -> String>;
type Page<S> = Box<dyn Fn(&mut S, EditPage) -> Result<IoList>>;

pub(crate) struct Parts<S, T> {
    pub(super) store: FormStore,
    pub(super) form: FormOf<S, T>,
    pub(super) blank: Option<Blank<S, T>>,
    pub(super) check: Option<Check<S, T>>,
    pub(super) check_step: Option<CheckStep<S, T>>,
    pub(super) resume: Option<Resume<S, T>>,
    pub(super) on_button: Option<OnButton<S, T>>,
    pub(super) layout: Option<Layout<S, T>>,
    pub(super) cancel_to: Option<CancelTo<T>>,
    pub(super) page: Option<Page<S>>,
    pub(super) back: Option<Cow<'static, str>>,
}

/// What is around a form.
pub(super) struct Around {
    pub(super) title: String,
    pub(super) back: String,
    pub(super) delete: Option<String>,
}

impl<S, T> Parts<S, T> {
    pub(super) fn new(
        form: impl Fn(&mut S, EditRequest<'_>) -> Result<RecordForm<T>> + 'static,
    ) -> Self {
        Self {
            store: FormStore::new(),
            form: Box::new(form),
            blank: None,
            check: None,
            check_step: None,
            resume: None,
            on_button: None,
            layout: None,
            cancel_to: None,
            page: None,
            back: None,
        }
    }

    pub(super) fn blank(&self, state: &mut S, request: &Request) -> Result<Option<T>> {
        self.blank.as_ref().map(|blank| blank(state, request)).transpose()
    }

    pub(super) fn check(&self, state: &mut S, record: &T, errors: &mut Errors<T>) -> Result<()> {
        self.check.as_ref().map_or(Ok(()), |check| check(state, record, errors))
    }

    pub(super) fn check_step(
        &self,
        state: &mut S,
        input: &StepInput<'_, T>,
        errors: &mut Errors<T>,
    ) -> Result<()> {
        self.check_step.as_ref().map_or(Ok(()), |check| check(state, input, errors))
    }

    pub(super) fn resume(&self, state: &mut S, ticket: &str) -> Option<Draft<T>> {
        self.resume.as_ref().and_then(|resume| resume(state, ticket))
    }

    pub(super) fn on_button(&self, state: &mut S, name: &str, draft: Draft<T>) -> Result<Response> {
        match &self.on_button {
            Some(handler) => handler(state, name, draft),
            None => Err(no_action(name)),
        }
    }

    /// Renders the application's page around the form.
    pub(super) fn form_page(
        &self,
        state: &mut S,
        view: &FormView<T>,
        edit: EditRequest<'_>,
        Around { title, back, delete }: Around,
    ) -> Result<IoList> {
        let form = match &self.layout {
            Some(layout) => layout(state, view, edit)?,
            None => view.render(),
        };
        let cancel = self.cancel_to.as_ref().map(|cancel_to| cancel_to(view, edit));
        let cancel = Some(cancel.unwrap_or(back));
        let title = view.step().map_or(title.clone(), |step| {
            view.context().settings.words.step.say(&[
                ("title", &title),
                ("number", &step.number),
                ("count", &step.count),
                ("step", &step.title),
            ])
        });
        self.render(state, EditPage { id: edit.id, title, form, cancel, delete })
    }

    /// Renders the application's page.
    pub(super) fn render(&self, state: &mut S, page: EditPage) -> Result<IoList> {
        match &self.page {
            Some(render) => render(state, page),
            None => {
                let title = page.title.clone();
                Ok(Response::page(&title, page.render()).into_text().into())
            }
        }
    }
}

/// The builder methods that both types of pages have.
macro_rules! part_methods {
    () => {
        /// Sets the page around the form, and around a question. Defaults to a page in the server's
        /// style.
        #[must_use]
        pub fn page(mut self, page: impl Fn(&mut S, EditPage) -> Result<IoList> + 'static) -> Self {
            self.parts.page = Some(Box::new(page));
            self
        }

        /// Sets the values that the form for a new record begins with, such as the day that was
        /// clicked.
        #[must_use]
        pub fn blank(mut self, blank: impl Fn(&mut S, &Request) -> Result<T> + 'static) -> Self {
            self.parts.blank = Some(Box::new(blank));
            self
        }

        /// Checks the record as a whole. See [`Formlet::check`](crate::Formlet::check).
        #[must_use]
        pub fn check(
            mut self,
            check: impl Fn(&mut S, &T, &mut Errors<T>) -> Result<()> + 'static,
        ) -> Self {
            self.parts.check = Some(Box::new(check));
            self
        }

        /// Checks what has been entered up to a step. See
        /// [`Formlet::check_step`](crate::Formlet::check_step).
        #[must_use]
        pub fn check_step(
            mut self,
            check: impl Fn(&mut S, &StepInput<'_, T>, &mut Errors<T>) -> Result<()> + 'static,
        ) -> Self {
            self.parts.check_step = Some(Box::new(check));
            self
        }

        /// Handles a side button. See [`Formlet::on_button`](crate::Formlet::on_button).
        #[must_use]
        pub fn on_button(
            mut self,
            handler: impl Fn(&mut S, &str, Draft<T>) -> Result<Response> + 'static,
        ) -> Self {
            self.parts.on_button = Some(Box::new(handler));
            self
        }

        /// Returns the draft with this ticket. See [`Formlet::resume`](crate::Formlet::resume).
        #[must_use]
        pub fn resume(
            mut self,
            resume: impl Fn(&mut S, &str) -> Option<Draft<T>> + 'static,
        ) -> Self {
            self.parts.resume = Some(Box::new(resume));
            self
        }
    };
}

pub(super) use part_methods;
