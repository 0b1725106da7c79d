//! The pages that add and edit a record, as a formlet.

use solohttp_core::{IoList, Request, Response, Result};

use super::parts::Around;
use super::{EditRequest, RecordPages, SavedRecord};
use crate::form::RecordForm;
use crate::form::steps::StepInput;
use crate::formlet::{Formlet, Submission};
use crate::store::drafts::Draft;
use crate::validation::errors::Errors;
use crate::view::FormView;

/// One request to add or edit a record.
pub(super) struct Editing<'a, S, T> {
    pub(super) pages: &'a RecordPages<S, T>,
    pub(super) edit: EditRequest<'a>,
    /// Whether the record exists.
    pub(super) is_found: bool,
    /// The response after saving, in place of the pages' own.
    pub(super) respond: Option<fn(&EditRequest<'_>, i64) -> Response>,
}

impl<S, T: 'static> Formlet<S> for Editing<'_, S, T> {
    type Record = T;

    fn form(&mut self, state: &mut S) -> Result<RecordForm<T>> {
        let form = (self.pages.parts.form)(state, self.edit)?;
        // A new record has no stored one to compare with, only initial values.
        Ok(if self.edit.id.is_none() { form.last_wins() } else { form })
    }

    fn resume(&mut self, state: &mut S, ticket: &str) -> Option<Draft<T>> {
        self.pages.parts.resume(state, ticket)
    }

    fn load(&mut self, state: &mut S, request: &Request) -> Result<Option<T>> {
        let Some(id) = self.edit.id else { return self.pages.parts.blank(state, request) };
        let record = (self.pages.load)(state, id)?;
        self.is_found = true;
        Ok(Some(record))
    }

    fn can_save_as_new(&self) -> bool {
        true
    }

    fn on_button(&mut self, state: &mut S, button: &str, draft: Draft<T>) -> Result<Response> {
        self.pages.parts.on_button(state, button, draft)
    }

    fn check(&mut self, state: &mut S, record: &T, errors: &mut Errors<T>) -> Result<()> {
        self.pages.parts.check(state, record, errors)
    }

    fn check_step(
        &mut self,
        state: &mut S,
        input: &StepInput<'_, T>,
        errors: &mut Errors<T>,
    ) -> Result<()> {
        self.pages.parts.check_step(state, input, errors)
    }

    fn save(&mut self, state: &mut S, record: T, submission: &Submission<'_>) -> Result<Response> {
        let id = self.edit.id.filter(|_| !submission.is_new());
        // A script's form may have no digests to compare, so nothing has loaded the record yet.
        if let Some(id) = id.filter(|_| !self.is_found) {
            (self.pages.load)(state, id)?;
        }
        let id = (self.pages.save)(state, &record, id)?;
        if let Some(respond) = self.respond {
            return Ok(respond(&self.edit, id));
        }
        let back = self.pages.back(submission.request());
        let submission = Submission { back: &back, ..*submission };
        match &self.pages.after_save {
            Some(after) => after(state, SavedRecord { id, record: &record, submission }),
            None => Ok(submission.back()),
        }
    }

    fn page(&mut self, state: &mut S, view: &FormView<T>, request: &Request) -> Result<IoList> {
        let Self { pages, edit, .. } = self;
        let is_gone = view.context().changes.offers_new;
        let delete = edit.id.filter(|_| pages.delete.is_some() && !is_gone);
        let words = &view.context().settings.words;
        let title = match &pages.titles {
            Some([new, old]) => if edit.id.is_none() { new } else { old }.to_string(),
            None => {
                if edit.id.is_none() { &words.new_record } else { &words.edit_record }.to_string()
            }
        };
        let url = |id: i64| request.app_url([&*id.to_string(), "delete"]).to_string();
        let around = Around { title, back: pages.back(request), delete: delete.map(url) };
        pages.parts.form_page(state, view, *edit, around)
    }
}

impl<S, T> RecordPages<S, T> {
    /// Makes the path itself the page that edits the record with this id, and has no page to add one:
    /// `/settings`, if mounted there. For a table with a single row, such as the application's
    /// settings, which a migration inserts.
    #[must_use]
    pub fn single(mut self, id: i64) -> Self {
        self.single = Some(id);
        self
    }
}
